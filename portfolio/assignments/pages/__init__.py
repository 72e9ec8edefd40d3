"""The pages about assignments, one module for each screen; importing them puts their views on the blueprint."""

from portfolio.assignments.pages import cards, groundwork, letter, order
from portfolio.assignments.pages.blueprint import assignments

__all__ = ["assignments", "cards", "groundwork", "letter", "order"]
