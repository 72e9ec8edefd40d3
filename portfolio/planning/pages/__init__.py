"""Prova en plan: the list of trials, and one trial; importing them puts their views on the blueprint."""

from portfolio.planning.pages import listing, trial
from portfolio.planning.pages.blueprint import planning

__all__ = ["listing", "planning", "trial"]
