"""The pages about effects, one module for each screen; importing them puts their views on the blueprint."""

from portfolio.effects.pages import cards, following, goal, index, indicator
from portfolio.effects.pages.blueprint import effects

__all__ = ["cards", "effects", "following", "goal", "index", "indicator"]
