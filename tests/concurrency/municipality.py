"""The municipalities in which the races are run: what happens at once, and how to see that it went wrong."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import count
from typing import Any

from sqlalchemy import insert, select

from portfolio.base.db import current_session, transaction
from portfolio.base.time import this_week
from portfolio.base.weeks import parse_week
from portfolio.capacity import queries
from portfolio.capacity.actions import calendar, tree, unplanned
from portfolio.capacity.actions.unplanned import Happening
from portfolio.capacity.models import ConflictRow
from portfolio.capacity.rules.calendar import Phase
from portfolio.capacity.rules.load import load_map
from portfolio.initiatives.actions import editing
from portfolio.initiatives.decisions.asked import Asked
from portfolio.initiatives.decisions.taking import decide
from portfolio.initiatives.decisions.undoing import undo
from portfolio.initiatives.models import DecisionRow, ImpactRow, Initiative, PhaseRow
from portfolio.initiatives.queries.order import last_rank
from portfolio.initiatives.rules.kinds import Kind
from portfolio.initiatives.rules.statuses import Status
from portfolio.meetings.actions import holding
from portfolio.meetings.rules.deciding import Ground
from portfolio.people.models import Person
from portfolio.people.rules import Role
from portfolio.planning import actions as planning
from portfolio.units.queries import ids_by_code
from tests.concurrency.race import CHAIR, NOW, Call, Result
from tests.invariants import unexplained_cells
from tests.make import make_unit

START = parse_week("2027-W02")
WEEKS = 4
THE_MEETING = date(2026, 11, 24)
NOBODY_MINDS = 999
"""An owner limit that is never reached."""


@dataclass(frozen=True)
class Race:
    """What happens at once, and how many of it there is too much: none, if the gate's lock holds."""

    calls: list[Call]
    too_many: Callable[[Result], int]


def oversold(_: Result) -> int:
    """Decisions that pushed a cell over its limit, and cells that are over without anybody having been told.

    What is reality, a lower limit, a new standstill, a flood or a moved unit, may push a cell over; a decision never.
    """
    current_session().rollback()
    causes = current_session().scalars(select(ConflictRow.cause)).all()
    return sum(cause.startswith("initiative.") for cause in causes) + len(unexplained_cells(NOW))


def more_than(most: int, unit: str, week: int) -> Callable[[Result], int]:
    """What is oversold, and the load above `most` in a week that only decisions could have filled."""

    def too_many(result: Result) -> int:
        [cell] = load_map(queries.whole_portfolio(), this_week(NOW), week, 1, [unit])[unit]
        return oversold(result) + max(0, (cell.load or 0) - most)

    return too_many


# --- What there is before the race


def persons(count: int, max_owned: int = NOBODY_MINDS) -> list[int]:
    """Persons who may own at most so many initiatives each."""
    with transaction() as session:
        number = len(session.scalars(select(Person.id)).all())
        rows = [Person(function=f"Chef {number + at}", role=Role.OWNER, max_owned=max_owned) for at in range(count)]
        session.add_all(rows)
        session.flush()
        return [row.id for row in rows]


def prepared(plans: Sequence[Mapping[str, int]], owners: Sequence[int], prefix: str = "R") -> list[str]:
    """One initiative in preparation for each plan `{unit: impact}`, WEEKS weeks from START, owners by turns.

    Stored in few statements: hundreds of proposals are not what a race is about.
    """
    ids = ids_by_code()
    codes = [f"{prefix}-{at:04d}" for at in range(len(plans))]
    places = count(last_rank() + 1)
    rows = [_in_preparation(code, owners[at % len(owners)], next(places)) for at, code in enumerate(codes)]
    with transaction() as session:
        session.execute(insert(Initiative), rows)
        mine = select(Initiative.id).where(Initiative.code.in_(codes)).order_by(Initiative.code)
        initiatives = list(session.scalars(mine))
        phases = [{"initiative_id": one, "position": 0, "kind": "implement", "weeks": WEEKS} for one in initiatives]
        session.execute(insert(PhaseRow), phases)
        of_them = select(PhaseRow.id).where(PhaseRow.initiative_id.in_(initiatives))
        in_order = list(session.scalars(of_them.order_by(PhaseRow.initiative_id)))
        impacts = [
            {"phase_id": phase, "unit_id": ids[unit], "impact": impact}
            for phase, plan in zip(in_order, plans, strict=True)
            for unit, impact in plan.items()
        ]
        session.execute(insert(ImpactRow), impacts)
    return codes


def _in_preparation(code: str, owner: int, rank: int) -> dict[str, Any]:
    return {
        "code": code,
        "title": code,
        "status": Status.IN_PREPARATION,
        "rank": rank,
        "start_week": START,
        "owner_id": owner,
        "created_at": NOW,
        "updated_at": NOW,
    }


def begun(codes: Sequence[str], kind: Kind = Kind.START, **asked: Any) -> list[int]:
    """Decide on each before the race; the decisions' ids."""
    with transaction():
        return [decide(code, Asked(kind, "Innan", **asked), by=CHAIR, now=NOW).decision.id for code in codes]


# --- What happens in the race


def start(code: str, week: int = START) -> Call:
    """The chair starts an initiative."""
    return Call(decide, (code, Asked(Kind.START, "Kapplöpning", start_week=week)))


def among(others: Sequence[Call], calls: Sequence[Call], every: int = 2) -> list[Call]:
    """The others early among the first, where there still is room: one of them as every second call, or later."""
    mixed = list(calls)
    for number, other in enumerate(others, start=1):
        mixed.insert(number * every - 1, other)
    return mixed


def give(code: str, person_id: int, **who_and_when: Any) -> None:
    """Give an initiative to another owner."""
    person = current_session().get_one(Person, person_id)
    editing.edit(code, {"owner": person}, version=None, **who_and_when)


# --- The races


def the_last_room(starts: int) -> Race:
    """Everybody wants the same weeks of one unit."""
    make_unit("BUF", limit=4)
    codes = prepared([{"BUF": 1 + at % 3} for at in range(starts)], persons(starts))
    return Race([start(code) for code in codes], oversold)


def three_rooms(starts: int) -> Race:
    """Room for three at once, counted in initiatives and not in points."""
    make_unit("MBF", max_parallel=3)
    codes = prepared([{"MBF": 1}] * starts, persons(starts))
    return Race([start(code) for code in codes], oversold)


def from_both_ends(starts: int) -> Race:
    """Half of them touch SOC most and KFF a little, the others the other way round."""
    make_unit("SOC", limit=3)
    make_unit("KFF", limit=3)
    crosswise: list[dict[str, int]] = [{"SOC": 2, "KFF": 1}, {"KFF": 2, "SOC": 1}]
    codes = prepared([crosswise[at % 2] for at in range(starts)], persons(starts))
    return Race([start(code) for code in codes], oversold)


def one_owner(starts: int) -> Race:
    """One owner of everything, in units that never meet."""
    for at in range(20):
        make_unit(f"U{at}", limit=9)
    codes = prepared([{f"U{at % 20}": 1} for at in range(starts)], persons(1, 3))
    return Race([start(code) for code in codes], oversold)


def a_lower_limit(starts: int) -> Race:
    """There is room for two, and while everybody starts the limit is lowered three times for half of the weeks."""
    make_unit("MBF", limit=5)
    codes = prepared([{"MBF": 2}] * starts, persons(starts))
    lowerings = [_lower("MBF", limit) for limit in (4, 3, 0)]
    # Not every sixth: dealt to six processes, all three would come first, before anybody has started anything.
    return Race(among(lowerings, [start(code) for code in codes], every=7), more_than(5, "MBF", START + 3))


def _lower(unit: str, limit: int) -> Call:
    weeks = {"from_week": START, "to_week": START + 1, "yearly": False}
    return Call(calendar.lower_limit, (unit,), {**weeks, "limit": limit, "max_parallel": None, "reason": "Sjukdom"})


def a_standstill(starts: int) -> Race:
    """Two weeks' standstill pushes the early one onto the late one, while everybody starts."""
    make_unit("KLF", limit=4)
    early = prepared([{"KLF": 3}] * (starts // 2), persons(starts), "A")
    late = prepared([{"KLF": 3}] * (starts // 2), persons(1), "B")
    pairs = zip(early, late, strict=True)
    calls = [call for one, other in pairs for call in (start(one), start(other, START + WEEKS))]
    weeks = {"from_week": START + 2, "to_week": START + 3, "yearly": False, "reason": "Flytt"}
    return Race(among([Call(calendar.add_standstill, (), weeks)], calls), more_than(4, "KLF", START))


def a_flood(starts: int) -> Race:
    """There is room for two, and while everybody starts something unplanned takes half of the weeks."""
    make_unit("MBF", limit=5)
    codes = prepared([{"MBF": 2}] * starts, persons(starts))
    told = Happening(3, START, START + 1, "Översvämning")
    calls = [start(code) for code in codes]
    return Race(
        among([Call(unplanned.register_event, ("MBF", told))], calls, every=7), more_than(5, "MBF", START + 3)
    )


def a_moved_unit(starts: int) -> Race:
    """A unit moves from one förvaltning to another, while all of them fill up."""
    make_unit("AMF", limit=4)
    make_unit("RTJ", limit=4)
    make_unit("KON", limit=4)
    plans: list[dict[str, int]] = [{"KON": 3}, {"KON": 3}, {"AMF": 3}]
    codes = prepared([plans[at % 3] for at in range(starts)], persons(starts))
    moves = [Call(tree.edit_unit, ("KON", {"parent": above}), {"version": None}) for above in ("AMF", "RTJ")]
    return Race(among(moves, [start(code) for code in codes]), more_than(4, "KON", START))


def other_owners(starts: int) -> Race:
    """Running initiatives change hands to somebody who starts as many as they may."""
    make_unit("SBF", limit=NOBODY_MINDS)
    [owner], others = persons(1, 3), persons(1)
    codes = prepared([{"SBF": 1}] * (starts // 2), [owner], "A")
    theirs = prepared([{"SBF": 1}] * (starts // 2), others, "B")
    begun(theirs)
    handing_over = [Call(give, (code, owner)) for code in theirs]
    starting = [start(code) for code in codes]
    return Race([call for pair in zip(starting, handing_over, strict=True) for call in pair], oversold)


def other_frames(starts: int) -> Race:
    """What has been decided for later moves into the weeks that others start in."""
    make_unit("BUF", limit=3)
    decided = prepared([{"BUF": 1}] * 3, persons(3), "A")
    begun(decided, start_week=START + 10)
    phases = (Phase("implement", WEEKS, {"BUF": 2}),)
    moving = [
        Call(decide, (code, Asked(Kind.RESCOPE, "Tidigare", start_week=START + at % 3, phases=phases)))
        for at, code in enumerate(decided)
    ]
    codes = prepared([{"BUF": 1}] * (starts - len(moving)), persons(starts), "B")
    return Race(among(moving, [start(code) for code in codes]), oversold)


def pauses_that_end(starts: int) -> Race:
    """What was paused resumes in the weeks that others start in."""
    make_unit("SOC", limit=3)
    paused = prepared([{"SOC": 1}] * 3, persons(3), "A")
    begun(paused)
    begun(paused, Kind.PAUSE)
    resuming = [Call(decide, (code, Asked(Kind.RESUME, "Nu igen", start_week=START))) for code in paused]
    codes = prepared([{"SOC": 1}] * (starts - len(resuming)), persons(starts), "B")
    return Race(among(resuming, [start(code) for code in codes]), oversold)


def regrets(starts: int) -> Race:
    """Cancellations are taken back while others start in the room that they left."""
    make_unit("KFF", limit=3)
    gone = prepared([{"KFF": 1}] * 3, persons(3), "A")
    begun(gone)
    regretted = [Call(undo, (decision,)) for decision in begun(gone, Kind.CANCEL)]
    codes = prepared([{"KFF": 1}] * (starts - len(regretted)), persons(starts), "B")
    return Race(among(regretted, [start(code) for code in codes]), oversold)


def trials(hands: int) -> Race:
    """Every trial wants the last room and something more, for which every third finds none: both or nothing."""
    make_unit("BUF", limit=2)
    make_unit("KLF", limit=NOBODY_MINDS)
    make_unit("MBF", limit=0)
    owners = persons(hands)
    wanted = prepared([{"BUF": 1}] * hands, owners, "A")
    besides = prepared([{"KLF": 1} if at % 3 else {"MBF": 1} for at in range(hands)], owners, "B")
    planned = [_trial_of(*pair) for pair in zip(wanted, besides, strict=True)]
    calls = [Call(planning.apply, (trial_id, "Kapplöpning")) for trial_id in planned]
    return Race(calls, lambda result: oversold(result) + abs(len(_counting_of("A")) - len(_counting_of("B"))))


def _trial_of(*codes: str) -> int:
    with transaction():
        trial_id = planning.create(" och ".join(codes), by=CHAIR, now=NOW).id
        for code in codes:
            planning.set_move(trial_id, code, Kind.START, planning.Wish(START), by=CHAIR, now=NOW)
    return trial_id


def _counting_of(prefix: str) -> list[str]:
    return [code for code in counting() if code.startswith(prefix)]


def the_same_version(hands: int) -> Race:
    """Everybody changes what everybody has just read."""
    make_unit("KLF")
    [code] = prepared([{"KLF": 1}], persons(1))
    changes = [Call(editing.edit, (code, {"title": f"Titel {at}"}), {"version": 1}) for at in range(hands)]
    return Race(changes, lambda result: max(0, result["done"] - 1))


def the_same_decision(hands: int) -> Race:
    """Everybody takes the same decision on what everybody has just read: a double click, or two chairs."""
    make_unit("KLF")
    [code] = prepared([{"KLF": 1}], persons(1))
    return Race([Call(decide, (code, Asked(Kind.NOTE, "Kapplöpning")), {"version": 1})] * hands, _decided_again)


def _decided_again(_: Result) -> int:
    current_session().rollback()
    return max(0, len(current_session().scalars(select(DecisionRow.id)).all()) - 1)


def the_same_item(hands: int) -> Race:
    """Everybody who leads the meeting ends the item that it has come to: two coordinators, or a double click."""
    make_unit("KLF")
    [code] = prepared([{"KLF": 1}], persons(1))
    with transaction():
        holding.begin(THE_MEETING, by=CHAIR, now=NOW)
    asked = Asked(Kind.NOTE, "Kapplöpning", responsible="Kanslichef", due=THE_MEETING)
    ending = Call(holding.decide_item, (THE_MEETING, f"proposal/{code}", code, asked, Ground()), {"version": None})
    return Race([ending] * hands, _decided_again)


ALL = (
    the_last_room,
    three_rooms,
    from_both_ends,
    one_owner,
    a_lower_limit,
    a_standstill,
    a_flood,
    a_moved_unit,
    other_owners,
    other_frames,
    pauses_that_end,
    regrets,
    trials,
    the_same_version,
    the_same_decision,
    the_same_item,
)
"""Every race, for the canaries."""


# --- What came of it


def counting() -> list[str]:
    """The codes of everything that counts."""
    current_session().rollback()
    return sorted(queries.whole_portfolio().commitments)
