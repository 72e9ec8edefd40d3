"""The pages about units, what they can carry and when nothing runs; importing them puts their views on the blueprint."""

from portfolio.capacity.pages.blueprint import units

__all__ = ["units"]
