"""Dagordning and möte: what the ledningsgrupp is to talk about, and the meeting itself."""

from portfolio.meetings.pages import agenda, meeting
from portfolio.meetings.pages.blueprint import meetings

__all__ = ["agenda", "meeting", "meetings"]
