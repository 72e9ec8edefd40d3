"""The pages about initiatives, one module for each screen; importing them puts their views on the blueprint."""

from portfolio.initiatives.pages import acknowledging, decision, index, proposal, rating, show, triage
from portfolio.initiatives.pages.blueprint import initiatives

__all__ = ["acknowledging", "decision", "index", "initiatives", "proposal", "rating", "show", "triage"]
