"""The pages about initiatives, one module for each screen; importing them puts their views on the blueprint."""

from portfolio.initiatives.pages import decision, index, proposal, show
from portfolio.initiatives.pages.blueprint import initiatives

__all__ = ["decision", "index", "initiatives", "proposal", "show"]
