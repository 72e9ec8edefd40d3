"""Every fact that the product announces, one class each.

An event is written in the same transaction as the change it tells of. Fields are JSON values: weeks as
`2026-W48`, times as RFC 3339, units, initiatives and persons by code, code and function. `name` is the wire
name, noun and past tense; a wire name never changes once it has been stored.
"""

from dataclasses import asdict, dataclass
from typing import ClassVar

Json = str | int | float | bool | None | list["Json"] | dict[str, "Json"]


@dataclass(frozen=True, kw_only=True)
class Event:
    """The base of all events."""

    name: ClassVar[str]

    @property
    def subject(self) -> str:
        """What the event is about, as `kind/key`."""
        raise NotImplementedError

    def data(self) -> dict[str, Json]:
        """The fields as they are stored and sent."""
        return asdict(self)


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


@dataclass(frozen=True, kw_only=True)
class InitiativeAssessed(AboutInitiative):
    """Nytta, angelägenhet, genomförbarhet or cost was assessed: `changes` is {field: [before, after]}."""

    name = "initiative.assessed"
    changes: dict[str, Json]


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
class AssignmentClarified(AboutInitiative):
    """What an assignment says was written: `answered` of five questions; `changes` is {field: [before, after]}."""

    name = "initiative.assignment_clarified"
    answered: int
    changes: dict[str, Json]


@dataclass(frozen=True, kw_only=True)
class GroundworkLaid(AboutInitiative):
    """What stands beside the plan before the decision was written: `changes` is {field: [before, after]}."""

    name = "initiative.groundwork_laid"
    changes: dict[str, Json]


@dataclass(frozen=True, kw_only=True)
class EffectGoalWritten(AboutInitiative):
    """An effektmål was written or changed: `change` is what it now says, `changes` is {field: [before, after]}."""

    name = "initiative.effect_goal_written"
    goal: int
    change: str
    changes: dict[str, Json]


@dataclass(frozen=True, kw_only=True)
class EffectGoalRemoved(AboutInitiative):
    """An effektmål was taken away, with its nyckeltal."""

    name = "initiative.effect_goal_removed"
    goal: int
    change: str


@dataclass(frozen=True, kw_only=True)
class IndicatorWritten(AboutInitiative):
    """A nyckeltal of an effektmål was written or changed: `changes` is {field: [before, after]}."""

    name = "initiative.indicator_written"
    goal: int
    indicator: int
    title: str
    changes: dict[str, Json]


@dataclass(frozen=True, kw_only=True)
class IndicatorRemoved(AboutInitiative):
    """A nyckeltal was taken away, with what was measured."""

    name = "initiative.indicator_removed"
    goal: int
    indicator: int
    title: str


@dataclass(frozen=True, kw_only=True)
class IndicatorMeasured(AboutInitiative):
    """Values of a nyckeltal were kept: {day: value}, each in the place of what the day had before."""

    name = "initiative.indicator_measured"
    indicator: int
    title: str
    values: dict[str, Json]


@dataclass(frozen=True, kw_only=True)
class EffectAnswered(AboutInitiative):
    """Somebody answered what came of it, `months` after completion.

    `answers` are {goal, change, answer, text}; the goal is null where the initiative as a whole is told of.
    """

    name = "initiative.effect_answered"
    months: int
    answers: list[Json]


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


@dataclass(frozen=True, kw_only=True)
class Decision(AboutInitiative):
    """The base of all decisions: who decided, why, and what came of it."""

    decision: int
    decision_maker: str
    reason: str
    status: str


@dataclass(frozen=True, kw_only=True)
class InitiativePrepared(Decision):
    """Taken into preparation (Beredning)."""

    name = "initiative.prepared"


@dataclass(frozen=True, kw_only=True)
class InitiativeStarted(Decision):
    """Decided to start in `start_week`; `despite` is why it starts although something is missing."""

    name = "initiative.started"
    start_week: str
    despite: str | None
    exception: int | None


@dataclass(frozen=True, kw_only=True)
class InitiativeDeferred(Decision):
    """Put off (bordlagd) until the day `until`."""

    name = "initiative.deferred"
    until: str | None


@dataclass(frozen=True, kw_only=True)
class InitiativeReturned(Decision):
    """Sent back to be completed (ska kompletteras), by the day `until`."""

    name = "initiative.returned"
    until: str | None


@dataclass(frozen=True, kw_only=True)
class InitiativeReferred(Decision):
    """Referred to another instance (hänskjuten), expected back by the day `until`."""

    name = "initiative.referred"
    until: str | None


@dataclass(frozen=True, kw_only=True)
class InitiativeNoted(Decision):
    """Noted: information only."""

    name = "initiative.noted"


@dataclass(frozen=True, kw_only=True)
class InitiativeReranked(Decision):
    """Moved in the order of priority; 1 is the first."""

    name = "initiative.reranked"
    before: int | None
    after: int


@dataclass(frozen=True, kw_only=True)
class InitiativeRejected(Decision):
    """Rejected (avslagen)."""

    name = "initiative.rejected"


@dataclass(frozen=True, kw_only=True)
class InitiativeRescoped(Decision):
    """The frame changed (ändrad ram): start week and phases, before and after."""

    name = "initiative.rescoped"
    before: Json
    after: Json
    exception: int | None


@dataclass(frozen=True, kw_only=True)
class InitiativePaused(Decision):
    """Paused from the week `week`, expected to resume around the day `until`."""

    name = "initiative.paused"
    week: str
    until: str | None


@dataclass(frozen=True, kw_only=True)
class InitiativeResumed(Decision):
    """Resumed from `start_week` with what was left of its plan."""

    name = "initiative.resumed"
    start_week: str
    despite: str | None
    exception: int | None


@dataclass(frozen=True, kw_only=True)
class InitiativeCompleted(Decision):
    """Completed; the effect is followed up from now on. `reason` is what the effect has become so far.

    `handover` is null where nobody told what becomes of the work, else {ends, unit, function, on}.
    """

    name = "initiative.completed"
    lesson: str = ""
    handover: Json = None


@dataclass(frozen=True, kw_only=True)
class InitiativeClosed(Decision):
    """Closed after the follow-up of its effect."""

    name = "initiative.closed"


@dataclass(frozen=True, kw_only=True)
class InitiativeCancelled(Decision):
    """Cancelled (avbruten), with what was learnt."""

    name = "initiative.cancelled"
    lesson: str = ""


@dataclass(frozen=True, kw_only=True)
class DecisionUndone(AboutInitiative):
    """A decision was taken back within its 30 seconds; the initiative is as it was before it."""

    name = "initiative.decision_undone"
    decision: int
    kind: str
    status: str


@dataclass(frozen=True, kw_only=True)
class ExceptionGranted(AboutInitiative):
    """A motivated exception: over the limit in the listed cells, through `valid_to`."""

    name = "exception.granted"
    exception: int
    valid_to: str
    cells: list[Json]


@dataclass(frozen=True, kw_only=True)
class ExceptionExpired(AboutInitiative):
    """An exception's last week passed."""

    name = "exception.expired"
    exception: int
    valid_to: str


@dataclass(frozen=True, kw_only=True)
class ConditionsAnswered(AboutInitiative):
    """The receiving chef of a unit told what they have to lead the change with: yes, partly or no to each."""

    name = "initiative.conditions_answered"
    unit: str
    mandate: str
    room: str
    span: str


@dataclass(frozen=True, kw_only=True)
class ReadinessAnswered(AboutInitiative):
    """The receiving chef of a unit told how ready it is in a `month` (2026-11): `scores` is {statement: 1 to 4}."""

    name = "initiative.readiness_answered"
    unit: str
    month: str
    scores: dict[str, Json]


@dataclass(frozen=True, kw_only=True)
class AboutUnit(Event):
    """The base of events about one unit: `unit` is its code."""

    unit: str

    @property
    def subject(self) -> str:
        """The unit."""
        return f"unit/{self.unit}"


@dataclass(frozen=True, kw_only=True)
class UnitAdded(AboutUnit):
    """A unit was added, with its name, kind and the unit above it."""

    name = "unit.added"
    title: str
    kind: str
    parent: str | None


@dataclass(frozen=True, kw_only=True)
class UnitEdited(AboutUnit):
    """A unit changed: `changes` is {field: [before, after]}; limits and the place in the tree included."""

    name = "unit.edited"
    changes: dict[str, Json]


@dataclass(frozen=True, kw_only=True)
class UnitRemoved(AboutUnit):
    """A unit disappeared because the import that brought it was undone, and nothing else had come to need it."""

    name = "unit.removed"
    title: str


@dataclass(frozen=True, kw_only=True)
class LimitsConfirmed(AboutUnit):
    """The förvaltningschef confirmed the limits: from now on they block."""

    name = "unit.limits_confirmed"
    limit: int | None
    max_parallel: int | None


@dataclass(frozen=True, kw_only=True)
class LoadFelt(AboutUnit):
    """Somebody told how heavy the load of their unit feels in a `month` (2026-11): neither who nor how heavy."""

    name = "unit.load_felt"
    month: str


@dataclass(frozen=True, kw_only=True)
class CapLowered(AboutUnit):
    """The limit is lowered (sänkt tak) in these weeks."""

    name = "unit.cap_lowered"
    lowered_limit: int
    from_week: str
    to_week: str
    yearly: bool
    limit: int | None
    max_parallel: int | None
    reason: str


@dataclass(frozen=True, kw_only=True)
class CapRestored(AboutUnit):
    """A lowered limit was removed."""

    name = "unit.cap_restored"
    lowered_limit: int
    reason: str


@dataclass(frozen=True, kw_only=True)
class UnitRenamed(AboutUnit):
    """From a week on the unit is called otherwise; `changes` has [before, after] of its name."""

    name = "unit.renamed"
    reorganisation: int
    from_week: str
    changes: dict[str, Json]


@dataclass(frozen=True, kw_only=True)
class UnitMoved(AboutUnit):
    """From a week on the unit lies under `parent`, null for the top."""

    name = "unit.moved"
    reorganisation: int
    from_week: str
    parent: str | None


@dataclass(frozen=True, kw_only=True)
class UnitsMerged(AboutUnit):
    """From a week on the unit stands in the place of `merged`, the codes of those that it is made of."""

    name = "unit.merged"
    reorganisation: int
    from_week: str
    merged: list[Json]


@dataclass(frozen=True, kw_only=True)
class UnitSplit(AboutUnit):
    """From a week on the units `into` stand in the unit's place; `shares` says which each initiative goes to."""

    name = "unit.split"
    reorganisation: int
    from_week: str
    into: list[Json]
    shares: dict[str, Json]


@dataclass(frozen=True, kw_only=True)
class InitiativeFollowedUnit(AboutInitiative):
    """The impacts of an initiative were put on other units, because the organisation changes: {unit: its heirs}."""

    name = "initiative.followed_unit"
    from_week: str
    units: dict[str, Json]


@dataclass(frozen=True, kw_only=True)
class AboutReorganisation(Event):
    """The base of events about a change of the organisation that has been decided: `reorganisation` is its id."""

    reorganisation: int

    @property
    def subject(self) -> str:
        """The change of the organisation."""
        return f"reorganisation/{self.reorganisation}"


@dataclass(frozen=True, kw_only=True)
class ReorganisationUndone(AboutReorganisation):
    """A change of the organisation was taken back before its week came."""

    name = "reorganisation.undone"
    told: str


@dataclass(frozen=True, kw_only=True)
class ReorganisationCarriedOut(AboutReorganisation):
    """The week of a change of the organisation has come: names, places and persons are in step with it."""

    name = "reorganisation.carried_out"
    told: str


@dataclass(frozen=True, kw_only=True)
class UnplannedEventRegistered(AboutUnit):
    """Something that nobody decided takes the unit's strength (oplanerad händelse); `to_week` None: no known end."""

    name = "unplanned_event.registered"
    unplanned_event: int
    level: int
    from_week: str
    to_week: str | None
    reason: str


@dataclass(frozen=True, kw_only=True)
class UnplannedEventChanged(AboutUnit):
    """An unplanned event turned out otherwise; `changes` has [before, after] by field."""

    name = "unplanned_event.changed"
    unplanned_event: int
    changes: dict[str, Json]


@dataclass(frozen=True, kw_only=True)
class UnplannedEventEnded(AboutUnit):
    """An unplanned event is over: `last_week` is the last in which it counts, None if it never came."""

    name = "unplanned_event.ended"
    unplanned_event: int
    last_week: str | None
    reason: str


@dataclass(frozen=True, kw_only=True)
class AboutCalendar(Event):
    """The base of events about the municipality's calendar."""

    @property
    def subject(self) -> str:
        """The calendar."""
        return "calendar/weeks"


@dataclass(frozen=True, kw_only=True)
class WeekBegan(AboutCalendar):
    """A new week began: what drags on counts a week further than it did."""

    name = "calendar.week_began"
    week: str


@dataclass(frozen=True, kw_only=True)
class StandstillAdded(AboutCalendar):
    """Nothing runs in these weeks (uppehåll)."""

    name = "standstill.added"
    standstill: int
    from_week: str
    to_week: str
    yearly: bool
    reason: str


@dataclass(frozen=True, kw_only=True)
class StandstillRemoved(AboutCalendar):
    """A standstill was taken away."""

    name = "standstill.removed"
    standstill: int
    reason: str


@dataclass(frozen=True, kw_only=True)
class AboutCell(Event):
    """The base of events about one cell: a unit, or a person's function, in one week."""

    unit: str | None
    person: str | None
    week: str
    measure: str

    @property
    def subject(self) -> str:
        """The unit or the person."""
        return f"unit/{self.unit}" if self.unit is not None else f"person/{self.person}"


@dataclass(frozen=True, kw_only=True)
class ConflictDetected(AboutCell):
    """A cell is over its limit and no exception covers it; `cause` is the wire name of what pushed it over."""

    name = "conflict.detected"
    value: int
    limit: int
    cause: str


@dataclass(frozen=True, kw_only=True)
class ConflictResolved(AboutCell):
    """A cell with an open conflict is within its limit again, or covered by an exception."""

    name = "conflict.resolved"


@dataclass(frozen=True, kw_only=True)
class AboutMeeting(Event):
    """The base of events about a meeting of the ledningsgrupp: `meeting` is its day, as `2026-11-24`."""

    meeting: str

    @property
    def subject(self) -> str:
        """The meeting."""
        return f"meeting/{self.meeting}"


@dataclass(frozen=True, kw_only=True)
class MeetingPlanned(AboutMeeting):
    """The next meeting was put in the calendar; it begins at `starts_at`."""

    name = "meeting.planned"
    starts_at: str
    place: str


@dataclass(frozen=True, kw_only=True)
class MeetingMoved(AboutMeeting):
    """A planned meeting was moved, with all that is prepared for it: when it would have begun, and when it will."""

    name = "meeting.moved"
    before: str
    after: str


@dataclass(frozen=True, kw_only=True)
class AgendaItemAdded(AboutMeeting):
    """Somebody put an initiative on the agenda, and said why."""

    name = "agenda.item_added"
    item: str
    initiative: str
    reason: str


@dataclass(frozen=True, kw_only=True)
class AgendaItemCarriedOver(AboutMeeting):
    """What somebody had added to an earlier meeting, on the day `before`, and it did not take up, came along."""

    name = "agenda.item_carried_over"
    item: str
    before: str


@dataclass(frozen=True, kw_only=True)
class AgendaItemMoved(AboutMeeting):
    """An item got another place on the agenda, 1 first."""

    name = "agenda.item_moved"
    item: str
    place: int


@dataclass(frozen=True, kw_only=True)
class AgendaItemHeldBack(AboutMeeting):
    """An item is not to be taken up at this meeting, or (`held_back` false) is to be after all."""

    name = "agenda.item_held_back"
    item: str
    held_back: bool


@dataclass(frozen=True, kw_only=True)
class AgendaFrozen(AboutMeeting):
    """The agenda was frozen and can be sent out: whatever changes from now on is marked. `items` are their keys."""

    name = "agenda.frozen"
    items: list[Json]


@dataclass(frozen=True, kw_only=True)
class QuestionAsked(AboutMeeting):
    """A member asked something about an item before the meeting."""

    name = "agenda.question_asked"
    item: str
    text: str


@dataclass(frozen=True, kw_only=True)
class QuestionWithdrawn(AboutMeeting):
    """A question about an item was taken away, by whoever had asked it or leads the meeting."""

    name = "agenda.question_withdrawn"
    item: str
    text: str


@dataclass(frozen=True, kw_only=True)
class MeetingBegan(AboutMeeting):
    """The meeting began; `items` are the keys of what it is to take up.

    `secretary` is the function that writes its minutes, `participants` who was expected there, as when it is noted.
    """

    name = "meeting.began"
    items: list[Json]
    secretary: str
    participants: list[Json]


@dataclass(frozen=True, kw_only=True)
class ItemShown(AboutMeeting):
    """Every screen of the meeting shows this item from now on; empty for none."""

    name = "meeting.item_shown"
    item: str


@dataclass(frozen=True, kw_only=True)
class ItemDecided(AboutMeeting):
    """An item ended with a decision, which has its own event: `decision` is its number, `basis` its kind.

    `point` is that of the delegationsordning, `remark` what somebody wanted noted; an item that is `withheld` is kept
    out of the general minutes.
    """

    name = "meeting.item_decided"
    item: str
    initiative: str
    decision: int
    basis: str
    point: str
    remark: str
    withheld: bool


@dataclass(frozen=True, kw_only=True)
class ItemReopened(AboutMeeting):
    """The decision that had ended an item was taken back at the meeting: the item waits again."""

    name = "meeting.item_reopened"
    item: str
    initiative: str
    decision: int


@dataclass(frozen=True, kw_only=True)
class MeetingEnded(AboutMeeting):
    """The meeting is over; `deferred` are the keys of what it did not have time for."""

    name = "meeting.ended"
    deferred: list[Json]


@dataclass(frozen=True, kw_only=True)
class MeetingReopened(AboutMeeting):
    """The ending of the meeting was taken back some seconds later: what it had deferred waits again."""

    name = "meeting.reopened"


@dataclass(frozen=True, kw_only=True)
class ParticipantsNoted(AboutMeeting):
    """Who was there and stood in for whom, where, and who wrote it down.

    `participants` is [{function, present, substitute}].
    """

    name = "meeting.participants_noted"
    participants: list[Json]
    place: str
    secretary: str


@dataclass(frozen=True, kw_only=True)
class MinutesCompleted(AboutMeeting):
    """The minutes were completed and locked: from now on they are a public record (allmän handling)."""

    name = "minutes.completed"
    number: str
    version: int
    correction: str


@dataclass(frozen=True, kw_only=True)
class AboutPerson(Event):
    """The base of events about one person, told by function."""

    person: str

    @property
    def subject(self) -> str:
        """The person."""
        return f"person/{self.person}"


@dataclass(frozen=True, kw_only=True)
class PersonAdded(AboutPerson):
    """A person may sign in, with this role and unit."""

    name = "person.added"
    role: str
    unit: str | None


@dataclass(frozen=True, kw_only=True)
class PersonEdited(AboutPerson):
    """A person changed: `changes` is {field: [before, after]}."""

    name = "person.edited"
    changes: dict[str, Json]


@dataclass(frozen=True, kw_only=True)
class PersonDeactivated(AboutPerson):
    """A person may no longer sign in; every session of theirs is over."""

    name = "person.deactivated"


@dataclass(frozen=True, kw_only=True)
class AboutReminder(AboutPerson):
    """The base of events about one reminder: its rule, what it is about (`initiative/FI-011`) and its occasion."""

    rule: str
    about: str
    period: str


@dataclass(frozen=True, kw_only=True)
class ReminderQueued(AboutReminder):
    """Something is due that the person is to be reminded of."""

    name = "reminder.queued"


@dataclass(frozen=True, kw_only=True)
class ReminderSent(AboutReminder):
    """The mail server took the letter that reminds of it."""

    name = "reminder.sent"
    letter: str


@dataclass(frozen=True, kw_only=True)
class ReminderFailed(AboutReminder):
    """The letter was refused for good; `error` is the mail server's answer."""

    name = "reminder.failed"
    letter: str
    error: str


@dataclass(frozen=True, kw_only=True)
class ReminderSuppressed(AboutReminder):
    """Nobody was reminded: `reason` says why, e.g. that the matter was done already."""

    name = "reminder.suppressed"
    reason: str


@dataclass(frozen=True, kw_only=True)
class AboutGoal(Event):
    """The base of events about one goal of the styrkort: `goal` is its id."""

    goal: int

    @property
    def subject(self) -> str:
        """The goal."""
        return f"goal/{self.goal}"


@dataclass(frozen=True, kw_only=True)
class GoalAdded(AboutGoal):
    """The styrkort got a goal of some `kind`, called `title`, in force from `first_year`."""

    name = "goal.added"
    kind: str
    title: str
    first_year: int


@dataclass(frozen=True, kw_only=True)
class GoalReworded(AboutGoal):
    """A goal got other words from `first_year` on: `changes` is {field: [before, after]}."""

    name = "goal.reworded"
    first_year: int
    changes: dict[str, Json]


@dataclass(frozen=True, kw_only=True)
class GoalEnded(AboutGoal):
    """A goal is in force until the end of `last_year`; None takes that back."""

    name = "goal.ended"
    last_year: int | None


@dataclass(frozen=True, kw_only=True)
class GoalAssigned(AboutGoal):
    """Other units answer for a goal: `units` are their codes."""

    name = "goal.assigned"
    units: list[Json]


@dataclass(frozen=True, kw_only=True)
class ConceptReused(AboutInitiative):
    """A proposal was filled in from a förändringskoncept: its id, and what it is called."""

    name = "initiative.concept_reused"
    concept: int
    title: str


@dataclass(frozen=True, kw_only=True)
class PilotSpread(AboutInitiative):
    """A proposal was made from another initiative, its pilot, to spread the same change to more units."""

    name = "initiative.pilot_spread"
    pilot: str


@dataclass(frozen=True, kw_only=True)
class AboutConcept(Event):
    """The base of events about one förändringskoncept: `concept` is its id, `title` what it is called."""

    concept: int
    title: str

    @property
    def subject(self) -> str:
        """The concept."""
        return f"concept/{self.concept}"


@dataclass(frozen=True, kw_only=True)
class ConceptCreated(AboutConcept):
    """A förändringskoncept was written, of an `initiative` of our own or, where that is None, of what others did."""

    name = "concept.created"
    source: str
    initiative: str | None


@dataclass(frozen=True, kw_only=True)
class ConceptEdited(AboutConcept):
    """A förändringskoncept was changed: `changes` is {field: [before, after]}."""

    name = "concept.edited"
    changes: dict[str, Json]


@dataclass(frozen=True, kw_only=True)
class PrioritiesRanked(Event):
    """A member gave, changed or withdrew an order of their own of the open proposals: neither who nor how."""

    name = "priorities.ranked"

    @property
    def subject(self) -> str:
        """The open proposals."""
        return "priorities/proposals"


@dataclass(frozen=True, kw_only=True)
class AboutSignal(Event):
    """The base of events about something worth knowing: `signal` is its number, `title` what it is about."""

    signal: int
    title: str

    @property
    def subject(self) -> str:
        """The signal."""
        return f"signal/{self.signal}"


@dataclass(frozen=True, kw_only=True)
class SignalTold(AboutSignal):
    """Somebody told the others something worth knowing, which touches these initiatives."""

    name = "signal.told"
    link: str
    text: str
    initiatives: list[Json]


@dataclass(frozen=True, kw_only=True)
class SignalHidden(AboutSignal):
    """Its author, or whoever leads the meetings, took it away from the feed."""

    name = "signal.hidden"


@dataclass(frozen=True, kw_only=True)
class AboutReview(Event):
    """The base of events about a half-year as it is looked back on: `half_year` is `2026-2`."""

    half_year: str
    text: str

    @property
    def subject(self) -> str:
        """The half-year."""
        return f"review/{self.half_year}"


@dataclass(frozen=True, kw_only=True)
class ReviewNoted(AboutReview):
    """Somebody noted what was changed in the way of working in a half-year."""

    name = "review.noted"


@dataclass(frozen=True, kw_only=True)
class ReviewNoteRemoved(AboutReview):
    """Such a note was taken away; `text` is what it said."""

    name = "review.note_removed"


@dataclass(frozen=True, kw_only=True)
class TokenCreated(Event):
    """An API token was made; the token itself is stored nowhere."""

    name = "token.created"
    token: str
    role: str

    @property
    def subject(self) -> str:
        """The token, by name."""
        return f"token/{self.token}"


@dataclass(frozen=True, kw_only=True)
class TokenRevoked(Event):
    """An API token was revoked."""

    name = "token.revoked"
    token: str

    @property
    def subject(self) -> str:
        """The token, by name."""
        return f"token/{self.token}"


@dataclass(frozen=True, kw_only=True)
class SettingsChanged(Event):
    """The municipality's own settings were changed; each as [before, after]."""

    name = "settings.changed"
    changes: dict[str, Json]

    @property
    def subject(self) -> str:
        """The settings."""
        return "settings/municipality"


@dataclass(frozen=True, kw_only=True)
class AboutImport(Event):
    """The base of events about the import of a list: `batch` is its number."""

    batch: int

    @property
    def subject(self) -> str:
        """The import."""
        return f"import/{self.batch}"


@dataclass(frozen=True, kw_only=True)
class ListImported(AboutImport):
    """A list was read in: how many of its rows were created, updated, unchanged and refused."""

    name = "import.stored"
    file: str
    created: int
    updated: int
    unchanged: int
    refused: int


@dataclass(frozen=True, kw_only=True)
class ImportUndone(AboutImport):
    """An import was undone: what it created is gone, what it updated is as before."""

    name = "import.undone"
    removed: int
    restored: int


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
