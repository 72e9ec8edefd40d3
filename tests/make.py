"""Units, persons and initiatives for the tests, in as few words as a test needs.

Everything is stored through the product's own actions, as it happens in the municipality. An initiative that
counts is stored as an imported list stores it: never refused, and what it pushes over is an open conflict.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from portfolio.base.db import db, transaction
from portfolio.base.weeks import Week, parse_week
from portfolio.capacity.actions import calendar, tree
from portfolio.capacity.rules.calendar import Phase
from portfolio.demo import actions as demo
from portfolio.events.initiatives import InitiativeImported
from portfolio.goals.actions import Words, add_goal
from portfolio.initiatives.actions.holding import rebind
from portfolio.initiatives.actions.proposing import new_initiative
from portfolio.initiatives.decisions.asked import Asked
from portfolio.initiatives.decisions.taking import Outcome, decide
from portfolio.initiatives.rules.kinds import Kind
from portfolio.initiatives.rules.statuses import Status
from portfolio.people import queries as people_queries
from portfolio.people.actions.persons import add_person
from portfolio.people.models import Person
from portfolio.people.rules import Actor, Role
from portfolio.scorecard.rules import GoalKind
from tests.copies import copy_loaded

NOW = datetime.fromisoformat("2026-11-23T08:00:00+01:00")
"""Monday in week 48, where the demo calendar stands too."""

CHAIR = Actor("Kommundirektör", Role.CHAIR)
ADMINISTRATOR = Actor("Administratör", Role.ADMIN)

Impacts = Mapping[str, int | None]


def make_unit(
    code: str = "KLF",
    *,
    limit: int | None = None,
    max_parallel: int | None = None,
    confirmed: bool = True,
    parent: str | None = None,
    kind: str = "forvaltning",
    name: str | None = None,
) -> str:
    """A unit; its code is given back."""
    fields = {
        "code": code,
        "name": name or f"Förvaltningen {code}",
        "kind": kind,
        "parent": parent,
        "limit": limit,
        "max_parallel": max_parallel,
        "limits_confirmed": confirmed,
    }
    with transaction():
        tree.add_unit(fields, by=CHAIR, now=NOW)
    return code


def make_person(
    function: str = "Kanslichef",
    *,
    role: Role = Role.OWNER,
    unit: str | None = None,
    max_owned: int | None = None,
) -> Person:
    """The one who holds a function, added if nobody does."""
    found = people_queries.holder_of(function)
    if found is not None:
        return found
    with transaction():
        added = add_person(function=function, role=role, unit=unit, by=CHAIR, now=NOW)
        added.max_owned = max_owned
    return added


def make_initiative(
    title: str = "Nytt ärendesystem",
    *,
    code: str | None = None,
    status: str = Status.IN_PREPARATION,
    start: str | Week | None = "2027-W02",
    weeks: int = 4,
    impacts: Impacts | None = None,
    phases: Sequence[Phase] | None = None,
    owner: str | None = "Kanslichef",
    now: datetime = NOW,
    **fields: Any,
) -> str:
    """An initiative in any status; its code is given back.

    One phase of `weeks` weeks with these `impacts`, or the given `phases`. `owner` is a function, added with the
    municipality's owner limit if nobody holds it; other `fields` are those of the API.
    """
    holder = None if owner is None else make_person(owner)
    plan = [Phase("implement", weeks, dict(impacts or {}))] if phases is None else list(phases)
    fields |= {"code": code, "title": title, "owner": holder, "start_week": as_week(start), "phases": plan}
    with transaction():
        initiative = new_initiative(fields, Status(status), now)
        event = InitiativeImported(initiative=initiative.code, title=title, status=status, file="prov.xlsx", row=2)
        rebind(initiative, event, f"{initiative.code} lästes in", by=CHAIR, now=now)
        return initiative.code


def make_goal(
    name: str = "God service",
    kind: GoalKind = GoalKind.AREA,
    *,
    parent: int | None = None,
    first_year: int = 2026,
    last_year: int | None = None,
    now: datetime = NOW,
    **said: Any,
) -> int:
    """A goal of the styrkort; its id. A målområde gets an inriktning of its own unless it has a parent."""
    if kind is GoalKind.AREA and parent is None:
        parent = make_goal(f"Inriktningen för {name}", GoalKind.DIRECTION, first_year=first_year, now=now)
    words = Words(name=name, first_year=first_year, **said)
    with transaction():
        return add_goal(kind, words, parent_id=parent, last_year=last_year, by=ADMINISTRATOR, now=now)


def make_standstill(
    first: str, last: str, *, yearly: bool = False, reason: str = "Uppehåll", now: datetime = NOW
) -> int:
    """Weeks in which nothing runs; the id is given back."""
    weeks = {"from_week": parse_week(first), "to_week": parse_week(last), "yearly": yearly}
    with transaction():
        return calendar.add_standstill(**weeks, reason=reason, by=CHAIR, now=now).row.id


def make_lowered_limit(
    unit: str,
    first: str,
    last: str,
    *,
    limit: int | None = None,
    max_parallel: int | None = None,
    yearly: bool = False,
    reason: str = "Sjukskrivningar",
    now: datetime = NOW,
) -> int:
    """A lower limit for some weeks; the id is given back."""
    weeks = {"from_week": parse_week(first), "to_week": parse_week(last), "yearly": yearly}
    limits = {"limit": limit, "max_parallel": max_parallel}
    with transaction():
        row, _ = calendar.lower_limit(unit, **weeks, **limits, reason=reason, by=CHAIR, now=now)
        return row.id


def make_decision(code: str, kind: str, *, version: int | None = None, now: datetime = NOW, **asked: Any) -> Outcome:
    """The chair decides on an initiative; `asked` are the fields of the decision, `start_week` as people write it."""
    if "start_week" in asked:
        asked["start_week"] = as_week(asked["start_week"])
    wanted = Asked(Kind(kind), **{"reason": "Gruppen är enig", **asked})
    with transaction():
        return decide(code, wanted, version=version, by=CHAIR, now=now)


def make_demo() -> None:
    """The demo municipality, its calendar at NOW. In a new database it is a copy: to load it takes a second."""
    assert demo.is_empty()
    copy_loaded(db.engine, load_demo)


def load_demo() -> None:
    """Load the demo municipality."""
    with transaction():
        demo.load(real_now=NOW)


def as_week(written: str | Week | None) -> Week | None:
    """A week, written as people write it or counted already."""
    return parse_week(written) if isinstance(written, str) else written
