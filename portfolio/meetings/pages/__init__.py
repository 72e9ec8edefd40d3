"""Dagordning: what the ledningsgrupp is to talk about."""

from portfolio.meetings.pages import agenda
from portfolio.meetings.pages.blueprint import meetings

__all__ = ["agenda", "meetings"]
