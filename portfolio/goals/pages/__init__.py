"""The pages about goals, one module for each screen; importing them puts their views on the blueprint."""

from portfolio.goals.pages import index, one, scorecard
from portfolio.goals.pages.blueprint import goals

__all__ = ["goals", "index", "one", "scorecard"]
