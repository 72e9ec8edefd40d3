"""A municipality with as many counting initiatives as one that has let its portfolio grow."""

from random import Random

from portfolio.base.db import transaction
from portfolio.base.time import this_week
from portfolio.base.weeks import Week
from portfolio.capacity import queries as capacity_queries
from portfolio.capacity.actions import claims
from portfolio.capacity.rules.calendar import Phase
from portfolio.capacity.rules.load import load_map
from portfolio.initiatives.actions.proposing import new_initiative
from portfolio.initiatives.decisions.asked import Asked
from portfolio.initiatives.queries.plans import plan_of
from portfolio.initiatives.rules.kinds import Kind
from portfolio.initiatives.rules.statuses import Status
from portfolio.meetings.actions import holding
from portfolio.meetings.jobs import keep_up_with_the_meetings
from portfolio.meetings.queries.meetings import upcoming
from portfolio.meetings.rules.deciding import Ground
from portfolio.people.models import Person
from portfolio.units import queries as units
from tests.make import CHAIR, NOW, make_person, make_standstill, make_unit

HORIZON = 104
"""Weeks ahead in which something may still run."""

OWNERS = 80


def build(unit_count: int, initiatives: int) -> None:
    """Units that are full in their fullest week and never over, with so many initiatives that run or are decided."""
    random = Random(2026)
    codes = [make_unit(f"F{number:02d}", name=f"Förvaltning nummer {number}") for number in range(unit_count)]
    owners = [make_person(f"Projektägare {number}", unit=codes[0]) for number in range(OWNERS)]
    make_standstill("2026-W52", "2026-W53", yearly=True, reason="Jul")
    make_standstill("2027-W28", "2027-W31", yearly=True, reason="Semester")
    with transaction():
        plans = {}
        for number in range(initiatives):
            one = new_initiative(_fields(number, codes, owners, random), Status.DECIDED, NOW)
            one.status = Status.ONGOING if (one.start_week or 0) <= this_week(NOW) else Status.DECIDED
            plans[one.id] = plan_of(one, NOW)
        claims.bind_all(plans)
    _set_limits()


def _fields(number: int, codes: list[str], owners: list[Person], random: Random) -> dict[str, object]:
    touched = random.sample(codes, 3)
    return {
        "title": f"Införa ett nytt arbetssätt för ärende {number} i hela kommunen",
        "summary": "Färre steg och en tydligare väg för den som söker.",
        "owner": owners[number % len(owners)],
        "start_week": _start(random),
        "phases": [
            Phase("prepare", 6, {touched[0]: 1}),
            Phase("implement", random.randint(8, 24), {code: random.randint(1, 3) for code in touched}),
            Phase("reinforce", 8, {code: 1 for code in touched}),
        ],
    }


def _start(random: Random) -> Week:
    week = this_week(NOW) + random.randint(-12, HORIZON - 40)
    return capacity_queries.calendar().next_running(week)


def _set_limits() -> None:
    with transaction():
        portfolio, week = capacity_queries.whole_portfolio(), this_week(NOW)
        loads = load_map(portfolio, week, week, HORIZON)
        for unit in units.all_units():
            unit.limit = max(cell.load or 0 for cell in loads[unit.code])


def propose(number: int) -> list[str]:
    """So many proposals that are ready to be decided, each wished to begin in a week in which it does not fit."""
    random, owner = Random(7), make_person("Förslagsställare")
    codes = [unit.code for unit in units.all_units()]
    with transaction():
        return [
            new_initiative(_fields(at, codes, [owner], random), Status.IN_PREPARATION, NOW).code
            for at in range(number)
        ]


def begin_a_meeting(codes: list[str]) -> str:
    """The next meeting has begun, the first proposal is decided and the next one is shown; its day."""
    keep_up_with_the_meetings(NOW)
    following = upcoming(NOW)
    assert following is not None
    day = following.day
    with transaction():
        holding.begin(day, by=CHAIR, now=NOW)
    asked = Asked(Kind.NOTE, "Vi noterar.", responsible="Projektägare", due=day)
    with transaction():
        holding.decide_item(day, f"proposal/{codes[0]}", codes[0], asked, Ground(), version=None, by=CHAIR, now=NOW)
    return day.isoformat()
