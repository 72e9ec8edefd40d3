"""Fill an empty database with the demo municipality, and empty it again."""

import json
from collections.abc import Iterable
from datetime import date, datetime, time
from pathlib import Path
from typing import Any

from sqlalchemy import delete, select, update

from portfolio.assignments import actions as assignments
from portfolio.assignments.rules.groundwork import Groundwork
from portfolio.base.db import Base, current_session
from portfolio.base.errors import Invalid
from portfolio.base.portfolio import PortfolioRow, lock_portfolio
from portfolio.base.time import STOCKHOLM
from portfolio.base.weeks import parse_week
from portfolio.capacity.actions import calendar, claims, tree, unplanned
from portfolio.capacity.actions.unplanned import Happening
from portfolio.capacity.rules.calendar import Phase
from portfolio.concepts import actions as concepts
from portfolio.concepts.queries import concepts as written_concepts
from portfolio.concepts.queries import effort_taken
from portfolio.concepts.rules.strength import Effort
from portfolio.effects import actions as effects
from portfolio.effects.rules.goals import EffectGoal
from portfolio.effects.rules.measuring import Indicator, Measured
from portfolio.events.initiatives import InitiativeProposed
from portfolio.events.people import PersonAdded
from portfolio.goals.actions import Words, add_goal
from portfolio.initiatives.actions.acknowledging import acknowledge
from portfolio.initiatives.actions.fields import DONE_ON
from portfolio.initiatives.actions.proposing import new_initiative
from portfolio.initiatives.actions.triage import triage
from portfolio.initiatives.decisions.asked import Asked
from portfolio.initiatives.decisions.taking import decide
from portfolio.initiatives.models import Initiative
from portfolio.initiatives.queries.plans import plan_of
from portfolio.initiatives.queries.stored import initiative_by_code
from portfolio.initiatives.rules.ending import Handover, Lesson
from portfolio.initiatives.rules.kinds import Kind
from portfolio.initiatives.rules.reported import ReportState
from portfolio.initiatives.rules.statuses import COUNTING, Status
from portfolio.initiatives.rules.triage import TriageAnswers
from portfolio.outbox.actions import record
from portfolio.outbox.models import ClockRow
from portfolio.outbox.rules import FIRST_SEAL
from portfolio.people import queries as people
from portfolio.people.models import Person
from portfolio.people.rules import Actor, Role
from portfolio.priorities import actions as priorities
from portfolio.priorities.rules.assessment import Assessment
from portfolio.receivers import actions as receivers
from portfolio.receivers.queries import Computed
from portfolio.receivers.rules.conditions import Answer, Conditions
from portfolio.receivers.rules.readiness import Readiness
from portfolio.reports.actions import report
from portfolio.reports.rules import Given
from portfolio.reviews import actions as reviews
from portfolio.reviews.rules.half_years import parse_half_year
from portfolio.scorecard.rules import GoalKind
from portfolio.signals import actions as signals
from portfolio.units import queries as units
from portfolio.units.models import UnitRow

DATA = Path(__file__).with_name("demo_data.json")

STANDS_AT = datetime.fromisoformat("2026-11-23T08:00:00+01:00")
"""Where the demo calendar stands when it is started: Monday in week 48."""

ADDED_AT = datetime.fromisoformat("2026-10-26T08:00:00+01:00")
"""When its initiatives came, so that something has happened to them since."""

MUNICIPALITY = "Demokommunen"

FIRST_SETTINGS = {
    "municipality": "Kommunen",
    "next_number": 1,
    "max_owned": 3,
    "drag_weeks": 8,
    "report_days": 14,
    "meeting_weekday": 2,
    "meeting_time": "08:30",
    "meeting_rhythm": "weekly",
    "meeting_days": "",
    "meeting_place": "",
    "minutes_form": "notes",
    "most_direct_reports": 25,
    "contact": "",
}
"""What the migrations give a municipality."""

WRITTEN_OF_CONCEPT = ("title", "problem", "fits", "steps", "pitfalls", "source", "source_name")
"""What the data says of a concept in words."""

LOADER = Actor("Demodata", Role.CHAIR)
ADMINISTRATOR = Actor("Administratör", Role.ADMIN)
"""Nobody else writes the styrkort."""


def is_empty() -> bool:
    """Whether nobody and nothing of a municipality's own is there that the demo would mix with."""
    return not any(current_session().scalar(select(row.id).limit(1)) for row in (UnitRow, Person, Initiative))


def load(*, real_now: datetime) -> None:
    """Fill an empty database, and start the demo calendar at STANDS_AT; it runs on from there."""
    row = lock_portfolio()
    if not is_empty():
        told = "Databasen är inte tom. Välj en annan DATABASE_URL, eller ta bort allt som finns i den med: demo reset"
        raise Invalid({"_form": [told]})
    row.calendar_started_at, row.calendar_stood_at = real_now, STANDS_AT
    row.municipality = MUNICIPALITY
    data = json.loads(DATA.read_text(encoding="utf-8"))
    for unit in data["units"]:
        tree.add_unit(unit, by=LOADER, now=STANDS_AT)
    persons = {person["function"]: _add_person(person) for person in data["persons"]}
    for standstill in data["standstills"]:
        calendar.add_standstill(**_weeks(standstill), by=LOADER, now=STANDS_AT)
    _add_goals(data["goals"])
    for initiative in [*data["initiatives"], *data["orders"]]:
        _add_initiative(initiative, persons[initiative["owner"]])
    _add_assignments(data)
    _add_effects(data)
    for answer in data["acknowledgements"]:
        _add_acknowledgement(answer, persons[answer["function"]])
    for told in data["reports"]:
        _add_report(told)
    _add_what_chefs_answered(data, persons)
    _add_priorities(data, persons)
    _add_experience(data, persons)
    _add_signals_and_notes(data, persons)
    _add_what_weighs_besides(data)


def _add_what_weighs_besides(data: dict[str, Any]) -> None:
    """Weeks in which a unit carries less, and what has come over one without anybody's decision."""
    for lowered in data["lowered_limits"]:
        code = lowered.pop("unit")
        calendar.lower_limit(code, **_weeks(lowered), by=LOADER, now=STANDS_AT)
    for happened in data["unplanned_events"]:
        code = happened.pop("unit")
        unplanned.register_event(code, Happening(**_weeks(happened)), by=LOADER, now=STANDS_AT)


def _weeks(row: dict[str, Any]) -> dict[str, Any]:
    return row | {"from_week": parse_week(row["from_week"]), "to_week": parse_week(row["to_week"])}


def _add_person(data: dict[str, str]) -> Person:
    unit = units.unit_by_code(data["unit"])
    person = Person(function=data["function"], role=data["role"], unit_id=unit.id)
    current_session().add(person)
    current_session().flush()  # initiatives refer to their owners
    event = PersonAdded(person=person.function, role=person.role, unit=unit.code)
    record(event, by=LOADER.name, now=STANDS_AT)
    return person


def _add_goals(every: Iterable[dict[str, Any]], parent_id: int | None = None) -> None:
    for goal in every:
        _add_goal(goal, parent_id)


def _add_goal(data: dict[str, Any], parent_id: int | None) -> None:
    """A goal and those below it: what KF decided once, written down when the demo municipality began."""
    words = {name: data[name] for name in ("text", "source", "source_year", "factors") if name in data}
    goal_id = add_goal(
        GoalKind(data["kind"]),
        Words(name=data["name"], first_year=data["first_year"], **words),
        parent_id=parent_id,
        unit_codes=data.get("units", ()),
        by=ADMINISTRATOR,
        now=ADDED_AT,
    )
    _add_goals(data.get("areas", ()), goal_id)


def _add_initiative(data: dict[str, Any], owner: Person) -> None:
    phases = [Phase(one["kind"], one["weeks"], one["impacts"]) for one in data["phases"]]
    start = parse_week(data["start_week"]) if "start_week" in data else None
    days = {name: date.fromisoformat(data[name]) for name in DONE_ON if name in data}
    fields = data | days | {"owner": owner, "start_week": start, "phases": phases}
    initiative = new_initiative(fields, Status(data["status"]), STANDS_AT)
    if "paused_week" in data:
        initiative.paused_week = parse_week(data["paused_week"])
    if initiative.status in COUNTING:
        claims.bind(initiative.id, plan_of(initiative, STANDS_AT))
    event = InitiativeProposed(initiative=initiative.code, title=initiative.title, status=initiative.status)
    record(event, by=owner.function, now=ADDED_AT)


def _add_assignments(data: dict[str, Any]) -> None:
    """How the initiatives were sorted, what was ordered, and what is laid before the decisions."""
    for triaged in data["triages"]:
        code = triaged.pop("initiative")
        triage(code, TriageAnswers(everyday=False, **triaged), by=LOADER, now=STANDS_AT)
    for ordered in data["assignments"]:
        one = initiative_by_code(ordered.pop("initiative"))
        kept = {name: getattr(one, name) for name in assignments.FROM_WHERE}
        assignments.clarify(one.code, kept | ordered, by=LOADER, now=STANDS_AT)
    for laid in data["groundwork"]:
        code, review = laid.pop("initiative"), laid.pop("review_on", None)
        review_on = date.fromisoformat(review) if review else None
        assignments.lay_groundwork(code, Groundwork(review_on=review_on, **laid), by=LOADER, now=STANDS_AT)


def _add_effects(data: dict[str, Any]) -> None:
    """What the initiatives are to change, and what has been measured so far."""
    for goal in data["effects"]:
        code, indicators = goal.pop("initiative"), goal.pop("indicators")
        by_when = date.fromisoformat(goal.pop("by_when")) if "by_when" in goal else None
        goal_id = effects.write_goal(code, EffectGoal(by_when=by_when, **goal), by=LOADER, now=STANDS_AT)
        for one in indicators:
            values = [Measured(date.fromisoformat(day), value) for day, value in one.pop("values").items()]
            key = effects.write_indicator(code, goal_id, Indicator(**one), by=LOADER, now=STANDS_AT)
            effects.measure(code, key, values, by=LOADER, now=STANDS_AT)


def _add_acknowledgement(data: dict[str, str], chief: Person) -> None:
    """A receiving chef has confirmed the impact on their unit."""
    at = datetime.fromisoformat(data["answered_at"])
    acknowledge(data["initiative"], data["unit"], version=None, by=people.actor_of(chief), now=at)


def _add_what_chefs_answered(data: dict[str, Any], persons: dict[str, Person]) -> None:
    """What the receiving chefs lead with, how ready their people are, and how heavy it felt month by month."""

    def given(told: dict[str, Any]) -> dict[str, Any]:
        by = people.actor_of(persons[told.pop("function")])
        return {"by": by, "now": datetime.fromisoformat(told.pop("answered_at"))}

    for told in data["conditions"]:
        who, place = given(told), (told.pop("initiative"), told.pop("unit"))
        answers = Conditions(**{name: Answer(word) for name, word in told.items()})
        receivers.answer_conditions(*place, answers, **who)
    for told in data["readiness"]:
        who, place = given(told), (told.pop("initiative"), told.pop("unit"))
        receivers.answer_readiness(*place, Readiness(**told), **who)
    for told in data["felt_loads"]:
        who, there = given(told), units.unit_by_code(told["unit"])
        receivers.keep_felt(there, told["felt"], Computed(told["load"], told["limit"]), **who)


def _add_report(data: dict[str, str]) -> None:
    """What the owner told of an initiative some time before the calendar stands where it does."""
    owner = current_session().get_one(Person, initiative_by_code(data["initiative"]).owner_id)
    given = Given(ReportState(data["state"]), data.get("text", ""), data.get("help", ""))
    at = datetime.fromisoformat(data["reported_at"])
    report(data["initiative"], given, by=people.actor_of(owner), now=at)


def _add_priorities(data: dict[str, Any], persons: dict[str, Person]) -> None:
    """What initiatives give and cost, as the coordinator sees it, and what some members would take first."""
    coordinator = people.actor_of(persons["Portföljkoordinator"])
    for known in data["assessments"]:
        code = known.pop("initiative")
        priorities.assess(code, Assessment(**known), version=None, by=coordinator, now=STANDS_AT)
    for own in data["own_orders"]:
        priorities.rank(own["order"], by=people.actor_of(persons[own["person"]]), now=STANDS_AT)


def _add_experience(data: dict[str, Any], persons: dict[str, Person]) -> None:
    """What was finished long ago and the concepts made of it, in the order in which they came."""
    for one in data["experience"]:
        if "steps" in one:
            _add_concept(one)
        else:
            _add_finished(one, persons[one["owner"]], people.actor_of(persons["Kommundirektör"]))


def _add_concept(data: dict[str, Any]) -> None:
    words = {name: data[name] for name in WRITTEN_OF_CONCEPT if name in data}
    made_of = data.get("made_of")
    if made_of is None:
        efforts = tuple(Effort(*step) for step in data["efforts"])
    else:
        efforts = effort_taken(initiative_by_code(made_of))
    at = _morning(data["written_on"])
    concepts.create_concept(concepts.Words(**words), efforts, code=made_of, by=LOADER, now=at)


def _add_finished(data: dict[str, Any], owner: Person, chair: Actor) -> None:
    """An initiative that has run, was completed with its lesson, and was closed when its effect had been seen."""
    at = _morning(data["created_on"])
    phases = [Phase(one["kind"], one["weeks"], one["impacts"]) for one in data["phases"]]
    plan = {"owner": owner, "start_week": parse_week(data["start_week"]), "phases": phases}
    initiative = new_initiative(data | plan, Status.ONGOING, at)
    event = InitiativeProposed(initiative=initiative.code, title=initiative.title, status=Status.PROPOSED)
    record(event, by=owner.function, now=at)
    if "concept" in data:
        concept_id = next(row.id for row in written_concepts() if row.title == data["concept"])
        concepts.link_to_concept(initiative, concept_id, by=people.actor_of(owner), now=at)
    told = data["handover"]
    handover = Handover(False, told["unit"], told["function"], date.fromisoformat(told["on"]))
    completed = Asked(Kind.COMPLETE, data["so_far"], lesson=Lesson(**data["lesson"]), handover=handover)
    decide(initiative.code, completed, by=chair, now=_morning(data["completed_on"]))
    decide(initiative.code, Asked(Kind.CLOSE, data["effect"]), by=chair, now=_morning(data["closed_on"]))


def _morning(day: str) -> datetime:
    return datetime.combine(date.fromisoformat(day), time(9), STOCKHOLM)


def _add_signals_and_notes(data: dict[str, Any], persons: dict[str, Person]) -> None:
    """What somebody thought the others should know, and what was changed in the way of working."""
    for told in data["signals"]:
        by, at = people.actor_of(persons[told["person"]]), datetime.fromisoformat(told["told_at"])
        signals.tell_of(told["title"], told["text"], told["link"], told["initiatives"], by=by, now=at)
    coordinator = people.actor_of(persons["Portföljkoordinator"])
    for noted in data["review_notes"]:
        half, at = parse_half_year(noted["half_year"]), datetime.fromisoformat(noted["noted_at"])
        assert half is not None
        reviews.add_note(half, noted["text"], by=coordinator, now=at)


def reset() -> None:
    """Empty the database, and return to the real calendar and the settings that it began with."""
    row = lock_portfolio()
    for table in reversed(Base.metadata.sorted_tables):
        if table not in (PortfolioRow.__table__, ClockRow.__table__):
            current_session().execute(delete(table))
    current_session().execute(update(ClockRow).values(fanned_out=0))
    row.calendar_started_at = row.calendar_stood_at = row.begun_week = None
    row.chain_head = FIRST_SEAL
    for name, value in FIRST_SETTINGS.items():
        setattr(row, name, value)
