"""Trials of a whole plan."""

from dataclasses import dataclass

from portfolio.events.event import Event, Json


@dataclass(frozen=True, kw_only=True)
class AboutTrial(Event):
    """The base of events about one trial: `trial` is its number, `title` what it is called."""

    trial: int
    title: str

    @property
    def subject(self) -> str:
        """The trial."""
        return f"trial/{self.trial}"


@dataclass(frozen=True, kw_only=True)
class TrialCreated(AboutTrial):
    """Somebody began to try out a plan; nothing has been decided."""

    name = "trial.created"


@dataclass(frozen=True, kw_only=True)
class TrialApplied(AboutTrial):
    """Everything in a trial was decided at once; `decisions` are the decisions' numbers, in their order."""

    name = "trial.applied"
    decisions: list[Json]


@dataclass(frozen=True, kw_only=True)
class TrialDiscarded(AboutTrial):
    """A trial was thrown away; nothing was decided."""

    name = "trial.discarded"


@dataclass(frozen=True, kw_only=True)
class TrialReopened(AboutTrial):
    """A trial that had just been thrown away was taken back."""

    name = "trial.reopened"
