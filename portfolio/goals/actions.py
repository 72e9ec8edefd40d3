"""Write the styrkort: add a goal, give it other words from a year on, end it. Nothing that it said is lost."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, fields
from datetime import datetime
from typing import Any, cast

from sqlalchemy import delete, select

from portfolio.base.db import current_session
from portfolio.base.errors import Invalid, ensure_unchanged
from portfolio.base.portfolio import lock_portfolio
from portfolio.base.text import fold
from portfolio.events.event import Json
from portfolio.events.goals import GoalAdded, GoalAssigned, GoalEnded, GoalReworded
from portfolio.events.initiatives import InitiativeEdited
from portfolio.goals.rules import ensure_whole
from portfolio.initiatives.actions.fields import aim_at, touch
from portfolio.initiatives.models import Initiative
from portfolio.initiatives.queries.aims import aims_of
from portfolio.outbox.actions import record
from portfolio.people.rules import Actor, May, ensure_may
from portfolio.scorecard.models import GoalRow, ResponsibleUnitRow, WordingRow
from portfolio.scorecard.queries import goal_row, scorecard
from portfolio.scorecard.rules import MOST_FACTORS, Goal, GoalKind, Scorecard
from portfolio.units import queries as units

NAME_TAKEN = "Det finns redan ett mål som heter så. Ändra det i stället, eller välj ett annat namn."
ONE_VISION = "Det finns redan en vision. Ändra den i stället."
TOO_MANY_FACTORS = "Skriv högst tre avgörande faktorer, en på varje rad."


@dataclass(frozen=True, slots=True, kw_only=True)
class Words:
    """What a goal says from `first_year` on. `factors` are the avgörande faktorer of a programme."""

    name: str
    first_year: int
    text: str = ""
    source: str = ""
    source_year: int | None = None
    factors: Sequence[str] = ()


def add_goal(
    kind: GoalKind,
    words: Words,
    *,
    parent_id: int | None = None,
    last_year: int | None = None,
    unit_codes: Collection[str] = (),
    by: Actor,
    now: datetime,
) -> int:
    """Add a goal last among those of its kind; its id. What was said of goals before and means it is linked to it."""
    ensure_may(by, May.SHAPE_SCORECARD)
    lock_portfolio()
    card = scorecard()
    _ensure_allowed(kind, words, card, parent_id, now)
    if kind is GoalKind.VISION and card.in_force(kind, now):
        raise Invalid({"_form": [ONE_VISION]})
    _ensure_in_order(words.first_year, last_year)
    row = GoalRow(kind=kind, parent_id=parent_id, position=len(card.of_kind(kind)) + 1, last_year=last_year)
    current_session().add(row)
    current_session().flush()  # the wording needs its id
    _write(row.id, words, now)
    record(GoalAdded(goal=row.id, kind=kind, title=words.name, first_year=words.first_year), by=by.name, now=now)
    _assign(row.id, unit_codes, (), by, now)
    _adopt(kind, by, now)
    return row.id


def edit_goal(
    goal_id: int,
    words: Words,
    *,
    last_year: int | None,
    unit_codes: Collection[str],
    version: int | None,
    by: Actor,
    now: datetime,
) -> None:
    """Give a goal other words from their first year on, a last year, and other units that answer for it.

    Words that say what the newest ones say are not written again. Stale if it has changed since `version`.
    """
    ensure_may(by, May.SHAPE_SCORECARD)
    lock_portfolio()
    row, card = goal_row(goal_id), scorecard()
    ensure_unchanged(version, row.version)
    goal = card.goals[goal_id]
    _ensure_allowed(goal.kind, words, card, goal.parent_id, now, goal)
    _ensure_in_order(min(goal.first_year, words.first_year), last_year)
    changed = [
        _reword(goal, words, by, now),
        _end(row, last_year, by, now),
        _assign(goal_id, unit_codes, goal.unit_ids, by, now),
    ]
    if any(changed):
        row.version += 1
        _adopt(goal.kind, by, now)


def _ensure_allowed(
    kind: GoalKind, words: Words, card: Scorecard, parent_id: int | None, now: datetime, goal: Goal | None = None
) -> None:
    ensure_whole(kind, {"source": words.source, "source_year": words.source_year}, card, parent_id)
    if len(words.factors) > MOST_FACTORS:
        raise Invalid({"factors": [TOO_MANY_FACTORS]})
    others = [one for one in card.in_force(kind, now) if goal is None or one.id != goal.id]
    if fold(words.name) in {fold(one.newest.name) for one in others}:
        raise Invalid({"name": [NAME_TAKEN]})


def _ensure_in_order(first_year: int, last_year: int | None) -> None:
    if last_year is not None and last_year < first_year:
        raise Invalid({"last_year": ["Sista året ligger före det första."]})


def _write(goal_id: int, words: Words, now: datetime) -> None:
    said = _as_row(words)
    current_session().add(WordingRow(goal_id=goal_id, first_year=words.first_year, written_at=now, **said))
    current_session().flush()  # the styrkort is read again


def _as_row(words: Words) -> dict[str, Any]:
    said = {one.name: getattr(words, one.name) for one in fields(words) if one.name != "first_year"}
    return said | {"factors": "\n".join(words.factors)}


def _reword(goal: Goal, words: Words, by: Actor, now: datetime) -> bool:
    newest = goal.newest
    before = {name: getattr(newest, name) for name in ("name", "text", "source", "source_year", "factors")}
    after = {name: getattr(words, name) for name in before}
    changes = {name: [_as_json(before[name]), _as_json(after[name])] for name in before}
    changes = {name: pair for name, pair in changes.items() if pair[0] != pair[1]}
    if not changes:
        return False
    _write(goal.id, words, now)
    told = cast(dict[str, Json], changes)
    record(GoalReworded(goal=goal.id, first_year=words.first_year, changes=told), by=by.name, now=now)
    return True


def _as_json(value: Any) -> Any:
    return list(value) if isinstance(value, tuple | list) else value


def _end(row: GoalRow, last_year: int | None, by: Actor, now: datetime) -> bool:
    if row.last_year == last_year:
        return False
    row.last_year = last_year
    record(GoalEnded(goal=row.id, last_year=last_year), by=by.name, now=now)
    return True


def _assign(goal_id: int, codes: Collection[str], before: Collection[int], by: Actor, now: datetime) -> bool:
    ids = units.ids_by_code()
    if set(codes) - set(ids):
        raise Invalid({"units": ["Välj enheter i listan."]})
    wanted = {ids[code] for code in codes}
    if wanted == set(before):
        return False
    current_session().execute(delete(ResponsibleUnitRow).where(ResponsibleUnitRow.goal_id == goal_id))
    current_session().add_all(ResponsibleUnitRow(goal_id=goal_id, unit_id=one) for one in sorted(wanted))
    record(GoalAssigned(goal=goal_id, units=[*sorted(codes)]), by=by.name, now=now)
    return True


def _adopt(kind: GoalKind, by: Actor, now: datetime) -> None:
    """Link initiatives whose goal was known as text only, and is in the styrkort now."""
    if kind not in (GoalKind.AREA, GoalKind.DIRECTION):
        return
    current_session().flush()  # a goal that was ended or assigned is read again
    card = scorecard()
    said = current_session().scalars(select(Initiative.goal_text).where(Initiative.goal_text != "").distinct()).all()
    meant = {text: card.named(GoalKind.AREA, text, now) for text in said}
    known = {text: goal for text, goal in meant.items() if goal is not None}
    found = (
        current_session().scalars(select(Initiative).where(Initiative.goal_text.in_(known))).all() if known else []
    )
    aims = aims_of(found)
    for initiative in found:
        goal = known[initiative.goal_text]
        changes: Mapping[str, Json] = {"goal_area": [initiative.goal_text, goal.name_at(now)]}
        aim_at(initiative, aims[initiative.id].linked_to(goal.id))
        touch(initiative, now)
        record(InitiativeEdited(initiative=initiative.code, changes=dict(changes)), by=by.name, now=now)
