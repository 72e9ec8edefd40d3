"""The pages about units, what they carry and when nothing runs; importing them puts their views on the blueprint."""

from portfolio.capacity.pages import calendar, settings, unit, units, unplanned
from portfolio.capacity.pages.blueprint import units as blueprint

__all__ = ["blueprint", "calendar", "settings", "unit", "units", "unplanned"]
