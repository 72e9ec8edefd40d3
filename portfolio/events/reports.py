"""Lägesrapporter."""

from dataclasses import dataclass

from portfolio.events.initiatives import AboutInitiative


@dataclass(frozen=True, kw_only=True)
class StatusReported(AboutInitiative):
    """A lägesrapport was given. `state` is on_track, watch, needs_decision or nothing_new; `forecast` a week or None.

    `shown` is the state that holds from now on: what it was before, where there was nothing new.
    """

    name = "initiative.status_reported"
    report: int
    state: str
    shown: str
    text: str
    forecast: str | None


@dataclass(frozen=True, kw_only=True)
class HelpRequested(AboutInitiative):
    """The owner asks the ledningsgrupp for help: it comes up at the next meeting."""

    name = "initiative.help_requested"
    report: int
    text: str
