"""The pages about changes of the organisation; importing them puts their views on the blueprint."""

from portfolio.reorganisation.pages import index, wizard
from portfolio.reorganisation.pages.blueprint import reorganisation

__all__ = ["index", "reorganisation", "wizard"]
