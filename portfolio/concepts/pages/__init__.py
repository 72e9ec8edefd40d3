"""The pages about concepts and lessons, one module each; importing them puts their views on the blueprint."""

from portfolio.concepts.pages import cards, index, likeness, one, sheet, using, writing
from portfolio.concepts.pages.blueprint import concepts

__all__ = ["cards", "concepts", "index", "likeness", "one", "sheet", "using", "writing"]
