"""Read concepts with their re-uses, the course that an initiative took, and what is like something."""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from typing import Any, NamedTuple

from sqlalchemy import Select, func, select
from sqlalchemy.orm import selectinload

from portfolio.base.db import current_session
from portfolio.base.errors import NotFound
from portfolio.base.text import fold
from portfolio.base.time import this_week
from portfolio.capacity import queries as capacity
from portfolio.capacity.rules.calendar import Phase
from portfolio.concepts.models import ConceptRow, EffortRow, OriginRow
from portfolio.concepts.rules.likeness import Told, likeness, most_alike, words_of
from portfolio.concepts.rules.reuse import is_reuse
from portfolio.concepts.rules.strength import Effort, Stage, course_of, effort_of
from portfolio.initiatives.decisions.memory import plan_before
from portfolio.initiatives.models import AimRow, DecisionRow, ImpactRow, Initiative, LessonRow, PhaseRow
from portfolio.initiatives.queries.aims import aims_of
from portfolio.initiatives.queries.decisions import decisions_of, lessons_of
from portfolio.initiatives.queries.plans import phases_of, units_touched
from portfolio.initiatives.queries.stored import WITH_PLAN
from portfolio.initiatives.rules.kinds import Kind
from portfolio.people.models import Person
from portfolio.units import queries as units

CONCEPT, INITIATIVE = "concept", "initiative"
"""What can be like something."""

ENDINGS = (Kind.COMPLETE, Kind.CLOSE, Kind.CANCEL)
"""The decisions whose reason tells what came of an initiative."""

MOST_COMPARED = 1000
"""Initiatives, and concepts, whose words are looked through, the latest changed first: older ones are history."""


def concept_row(concept_id: int, *, lock: bool = False) -> ConceptRow:
    """A concept with its steps; NotFound if there is none. `lock` holds it until the transaction ends."""
    wanted = select(ConceptRow).where(ConceptRow.id == concept_id).options(selectinload(ConceptRow.efforts))
    if lock:
        wanted = wanted.with_for_update()
    found = current_session().scalar(wanted, execution_options={"populate_existing": lock})
    if found is None:
        raise NotFound
    return found


def concepts() -> Sequence[ConceptRow]:
    """Every concept, the newest first."""
    return current_session().scalars(select(ConceptRow).order_by(ConceptRow.id.desc())).all()


def efforts_in(rows: Collection[EffortRow]) -> tuple[Effort, ...]:
    """The steps of a concept as the rules read them."""
    return tuple(Effort(row.kind, row.weeks, row.leading, row.receiving) for row in rows)


def concepts_of(initiative_id: int) -> Sequence[ConceptRow]:
    """The concepts that were made of an initiative."""
    wanted = select(ConceptRow).where(ConceptRow.initiative_id == initiative_id).order_by(ConceptRow.id)
    return current_session().scalars(wanted).all()


def origin_of(initiative_id: int) -> OriginRow | None:
    """What an initiative was made from; None where it comes from nothing else."""
    return current_session().get(OriginRow, initiative_id)


def spread_from(pilot_id: int) -> Sequence[Initiative]:
    """The initiatives that were made from a pilot, in the order in which they came."""
    made = select(OriginRow.initiative_id).where(OriginRow.pilot_id == pilot_id)
    return current_session().scalars(select(Initiative).where(Initiative.id.in_(made)).order_by(Initiative.id)).all()


def filled_from(concept_id: int) -> Sequence[Initiative]:
    """The initiatives that were filled in from a concept with their plans, the newest first."""
    made = select(OriginRow.initiative_id).where(OriginRow.concept_id == concept_id)
    wanted = select(Initiative).where(Initiative.id.in_(made)).options(WITH_PLAN)
    return current_session().scalars(wanted.order_by(Initiative.id.desc())).all()


def results_of(ids: Collection[int]) -> dict[int, str]:
    """{initiative's id: what came of it, as the latest decision that ended it says} of those that have ended."""
    wanted = select(DecisionRow.initiative_id, DecisionRow.reason).where(
        DecisionRow.initiative_id.in_(ids), DecisionRow.kind.in_(ENDINGS), DecisionRow.undone_at.is_(None)
    )
    return {key: reason for key, reason in current_session().execute(wanted.order_by(DecisionRow.id))}


def reuses() -> dict[int, int]:
    """{concept's id: how many initiatives re-use it}, without those that nobody does."""
    wanted = (
        select(OriginRow.concept_id, Initiative.status, func.count())
        .join(Initiative, Initiative.id == OriginRow.initiative_id)
        .where(OriginRow.concept_id.is_not(None))
        .group_by(OriginRow.concept_id, Initiative.status)
    )
    found: dict[int, int] = {}
    for concept_id, status, number in current_session().execute(wanted):
        if concept_id is not None and is_reuse(status):
            found[concept_id] = found.get(concept_id, 0) + number
    return found


def effort_taken(initiative: Initiative) -> tuple[Effort, ...]:
    """How much strength an initiative took, by who led and who received; the owner's unit is the one that led."""
    owner = None if initiative.owner_id is None else current_session().get(Person, initiative.owner_id)
    codes = units.codes_by_id()
    above = [] if owner is None or owner.unit_id is None else units.ids_above(owner.unit_id)
    return effort_of(course_taken(initiative), [codes[unit_id] for unit_id in above])


def course_taken(initiative: Initiative) -> tuple[Phase, ...]:
    """The steps of an initiative as they turned out: with what was run before each pause, and until it was ended.

    One that nobody has ended here, since it came ended from a list, took what its plan says.
    """
    return course_of(_stages(initiative), capacity.calendar()) or phases_of(initiative)


def _stages(initiative: Initiative) -> Iterator[Stage]:
    rows = [row for row in reversed(decisions_of(initiative.id)) if row.undone_at is None]
    ended = next((row for row in reversed(rows) if row.kind == Kind.COMPLETE), None)
    if ended is None or initiative.start_week is None:
        return
    for row in rows:
        if row.kind == Kind.RESUME:
            yield from _before_the_pause(row)
    yield Stage(initiative.start_week, phases_of(initiative), this_week(ended.decided_at) + 1)


def _before_the_pause(row: DecisionRow) -> Iterator[Stage]:
    plan = plan_before(row)
    if plan.start is not None and plan.paused is not None:
        yield Stage(plan.start, plan.phases, plan.paused)


class Found(NamedTuple):
    """What is like something: `kind` is CONCEPT or INITIATIVE; code and status are an initiative's."""

    kind: str
    id: int
    code: str
    title: str
    status: str = ""


def like(wanted: Told, seen: Collection[str]) -> list[Found]:
    """At most three concepts and initiatives that are most like what is wanted, concepts first among equals.

    `seen` are the statuses of the initiatives that whoever asks may read. Four questions, however much there is: the
    words of both, then the goals and units of those that share some.
    """
    if not wanted.title | wanted.more:
        return []
    return _most_alike(wanted, _concepts_told() | _initiatives_told(seen))


def _most_alike(wanted: Told, by_words: Mapping[Found, Told]) -> list[Found]:
    alike = {found: told for found, told in by_words.items() if likeness(wanted, told)}
    ids = [found.id for found in alike if found.kind == INITIATIVE]
    goals, touched = _goals_of(ids), _units_of(ids)
    for found, told in alike.items():
        if found.kind == INITIATIVE:
            alike[found] = told._replace(goals=goals[found.id], units=touched[found.id])
    return most_alike(wanted, alike)


class Taught(NamedTuple):
    """A lesson, and the initiative that it comes from."""

    lesson: LessonRow
    code: str
    title: str
    status: str


def lessons(text: str = "", tag: str | None = None) -> list[Taught]:
    """The lessons that have every word of a text in them or in what they come from, the newest first."""
    columns = (LessonRow, Initiative.code, Initiative.title, Initiative.status)
    wanted = select(*columns).join(Initiative, Initiative.id == LessonRow.initiative_id)
    if tag is not None:
        wanted = wanted.where(LessonRow.tag == tag)
    rows = current_session().execute(wanted.order_by(LessonRow.id.desc()).limit(MOST_COMPARED))
    words = fold(text).split()
    found = [Taught(*row) for row in rows]
    return [one for one in found if all(word in _searched(one) for word in words)]


def _searched(one: Taught) -> str:
    return fold(f"{one.code} {one.title} {one.lesson.text} {one.lesson.use}")


def lessons_like(initiative: Initiative, seen: Collection[str]) -> list[Taught]:
    """What was learnt from the three initiatives that are most like one, of those that have taught anything."""
    taught = select(LessonRow.initiative_id)
    alike = _most_alike(told_of(initiative), _initiatives_told(seen, initiative.code, taught))
    return [Taught(row, one.code, one.title, one.status) for one in alike for row in lessons_of(one.id)]


def told_of(initiative: Initiative) -> Told:
    """What an initiative is compared by."""
    aims, more = aims_of([initiative])[initiative.id], words_of(initiative.summary)
    return Told(words_of(initiative.title), more, frozenset(aims.areas), frozenset(units_touched(initiative)))


def _concepts_told() -> dict[Found, Told]:
    columns = (ConceptRow.id, ConceptRow.title, ConceptRow.problem, ConceptRow.fits)
    rows = current_session().execute(select(*columns).order_by(ConceptRow.id.desc()).limit(MOST_COMPARED))
    return {
        Found(CONCEPT, key, "", title): Told(words_of(title), words_of(f"{problem} {fits}"))
        for key, title, problem, fits in rows
    }


def _initiatives_told(
    seen: Collection[str], besides: str = "", among: Select[int] | None = None
) -> dict[Found, Told]:
    """The words of the initiatives with these statuses, without the one with the code `besides`."""
    columns = (Initiative.id, Initiative.code, Initiative.title, Initiative.status, Initiative.summary)
    wanted = select(*columns).where(Initiative.status.in_(seen), Initiative.code != besides)
    if among is not None:
        wanted = wanted.where(Initiative.id.in_(among))
    latest = wanted.order_by(Initiative.updated_at.desc(), Initiative.id.desc()).limit(MOST_COMPARED)
    return {
        Found(INITIATIVE, key, code, title, status): Told(words_of(title), words_of(summary))
        for key, code, title, status, summary in current_session().execute(latest)
    }


def _goals_of(ids: Collection[int]) -> dict[int, frozenset[int]]:
    wanted = select(AimRow.initiative_id, AimRow.goal_id).where(AimRow.initiative_id.in_(ids))
    return _gathered(ids, current_session().execute(wanted))


def _units_of(ids: Collection[int]) -> dict[int, frozenset[int]]:
    touching = select(PhaseRow.initiative_id, ImpactRow.unit_id).join(ImpactRow, ImpactRow.phase_id == PhaseRow.id)
    return _gathered(ids, current_session().execute(touching.where(PhaseRow.initiative_id.in_(ids))))


def _gathered(ids: Collection[int], pairs: Iterable[Any]) -> dict[int, frozenset[int]]:
    found = dict.fromkeys(ids, frozenset[int]())
    for key, value in pairs:
        found[key] |= {value}
    return found
