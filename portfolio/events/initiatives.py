"""What happens to an initiative without a decision; the base of all that is about one."""

from dataclasses import dataclass

from portfolio.events.event import Event, Json


@dataclass(frozen=True, kw_only=True)
class AboutInitiative(Event):
    """The base of events about one initiative: `initiative` is its code."""

    initiative: str

    @property
    def subject(self) -> str:
        """The initiative."""
        return f"initiative/{self.initiative}"


@dataclass(frozen=True, kw_only=True)
class InitiativeProposed(AboutInitiative):
    """Somebody proposed an initiative, or it was put straight into preparation (`status`)."""

    name = "initiative.proposed"
    title: str
    status: str


@dataclass(frozen=True, kw_only=True)
class InitiativeImported(AboutInitiative):
    """An initiative came with an imported list; `row` is its row in the file, `status` what the file said."""

    name = "initiative.imported"
    title: str
    status: str
    file: str
    row: int


@dataclass(frozen=True, kw_only=True)
class InitiativeEdited(AboutInitiative):
    """Texts and facts of an initiative changed: `changes` is {field: [before, after]}."""

    name = "initiative.edited"
    changes: dict[str, Json]


@dataclass(frozen=True, kw_only=True)
class PlanChanged(AboutInitiative):
    """The wished plan of an initiative that does not count yet changed: start week and phases, before and after."""

    name = "initiative.plan_changed"
    before: Json
    after: Json


@dataclass(frozen=True, kw_only=True)
class OwnerChanged(AboutInitiative):
    """The initiative got another projektägare, or none; functions, None where there is none."""

    name = "initiative.owner_changed"
    before: str | None
    after: str | None


@dataclass(frozen=True, kw_only=True)
class ForecastReported(AboutInitiative):
    """The owner expects the last week to be `week`; None takes the forecast back. It moves the load at once."""

    name = "initiative.forecast_reported"
    week: str | None


@dataclass(frozen=True, kw_only=True)
class InitiativeTriaged(AboutInitiative):
    """Sorted as simple, regular or complex; `needed` is a need and no wish, `reason` why it is not as `suggested`."""

    name = "initiative.triaged"
    before: str | None
    triage_class: str
    suggested: str
    needed: bool
    reason: str


@dataclass(frozen=True, kw_only=True)
class ImpactRated(AboutInitiative):
    """Impacts that nobody had rated were rated: {unit code: 0 to 3}, 0 taking the impact away."""

    name = "initiative.impact_rated"
    impacts: dict[str, Json]


@dataclass(frozen=True, kw_only=True)
class ImpactChanged(AboutInitiative):
    """The receiving chef corrected the impact on their unit: [{phase, before, after}], phases from 1."""

    name = "initiative.impact_changed"
    unit: str
    changes: list[Json]


@dataclass(frozen=True, kw_only=True)
class UnitAcknowledged(AboutInitiative):
    """The receiving chef confirmed the impact on their unit (kvittens)."""

    name = "initiative.unit_acknowledged"
    unit: str


@dataclass(frozen=True, kw_only=True)
class ObjectionRaised(AboutInitiative):
    """The receiving chef objects to the impact on their unit, and says why."""

    name = "initiative.objection_raised"
    unit: str
    text: str


@dataclass(frozen=True, kw_only=True)
class InitiativeRemoved(AboutInitiative):
    """An initiative disappeared because the import that brought it was undone."""

    name = "initiative.removed"
    title: str


@dataclass(frozen=True, kw_only=True)
class WeekCame(AboutInitiative):
    """The start week of a decided initiative came: it is ongoing from now on."""

    name = "initiative.week_came"
    week: str


@dataclass(frozen=True, kw_only=True)
class DraggingNoted(AboutInitiative):
    """The last week passed without completion or a later forecast (drar över)."""

    name = "initiative.dragging_noted"
    last_week: str
