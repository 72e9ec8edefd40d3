"""The pages about priorities, one module for each screen; importing them puts their views on the blueprint."""

from portfolio.priorities.pages import assessing, index, mine
from portfolio.priorities.pages.blueprint import priorities

__all__ = ["assessing", "index", "mine", "priorities"]
