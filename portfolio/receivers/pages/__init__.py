"""The pages of the receiving chefs, one module for each screen; importing them puts their views on the blueprint."""

from portfolio.receivers.pages import cards, conditions, feeling, felt, readiness
from portfolio.receivers.pages.blueprint import receivers

__all__ = ["cards", "conditions", "feeling", "felt", "readiness", "receivers"]
