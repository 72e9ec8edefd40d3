"""Dagordning, möte and anteckningar: what the ledningsgrupp is to talk about, the meeting, and what came of it."""

from portfolio.meetings.pages import agenda, meeting, minutes, minutes_list, not_now, refusals
from portfolio.meetings.pages.blueprint import meetings

__all__ = ["agenda", "meeting", "meetings", "minutes", "minutes_list", "not_now", "refusals"]
