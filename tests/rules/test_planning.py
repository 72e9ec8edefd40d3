"""Försök: what several moves would come to together, before anybody decides them."""

from dataclasses import replace
from itertools import permutations

from hypothesis import given
from hypothesis import strategies as st

from portfolio.base.weeks import parse_week
from portfolio.capacity.rules.gate import evaluate
from portfolio.capacity.rules.load import Portfolio, load_map
from portfolio.capacity.rules.ways import earliest_start
from portfolio.initiatives.rules.kinds import STEPS, Kind
from portfolio.initiatives.rules.statuses import Status
from portfolio.planning.rules.comparison import changed_units, draw_tried
from portfolio.planning.rules.moves import KINDS, TrialMove, apply_moves, before_each, place_of
from tests.demo_portfolio import NOW, demo_plan, demo_portfolio
from tests.rules.capacity.worlds import AHEAD, Run, World, phase_lists, sparingly, worlds

WEEKS = 40
PAUSED = TrialMove("FI-001", None)


def started(code: str, week: str) -> TrialMove:
    return TrialMove(code, demo_plan(code, week))


def loads(portfolio: Portfolio, unit: str, first: str, weeks: int) -> list[int | None]:
    cells = load_map(portfolio, NOW, parse_week(first), weeks, [unit])[unit]
    return [cell.load for cell in cells]


def test_an_empty_trial_is_the_present() -> None:
    assert apply_moves(demo_portfolio(), []) == demo_portfolio()


def test_what_starts_in_the_trial_stands_in_the_way_of_what_comes_after_it() -> None:
    first, second = started("FI-011", "2027-W07"), demo_plan("FI-013", "2027-W08")
    alone = earliest_start(second, second.start, demo_portfolio(), NOW)
    after = earliest_start(second, second.start, apply_moves(demo_portfolio(), [first]), NOW)
    assert (alone.week, after.week) == (parse_week("2027-W09"), parse_week("2027-W13"))


def test_a_pause_makes_room_for_what_did_not_fit() -> None:
    wanted = demo_plan("FI-011", "2027-W02")
    assert not evaluate(wanted, demo_portfolio(), NOW).fits
    assert evaluate(wanted, apply_moves(demo_portfolio(), [PAUSED]), NOW).fits


def test_every_move_meets_those_before_it_and_not_itself() -> None:
    moves = [PAUSED, started("FI-011", "2027-W02"), started("FI-013", "2027-W20")]
    met = [(move.code, loads(before, "KLF", "2027-W02", 1)) for move, before in before_each(demo_portfolio(), moves)]
    assert met == [("FI-001", [7]), ("FI-011", [5]), ("FI-013", [6])]


def test_pauses_come_first_and_the_rest_in_the_order_of_the_trial() -> None:
    kinds = [Kind.START, Kind.PAUSE, Kind.RESUME, Kind.PAUSE, Kind.RESCOPE]
    assert sorted(kinds, key=place_of) == [Kind.PAUSE, Kind.PAUSE, Kind.START, Kind.RESUME, Kind.RESCOPE]


def test_what_the_trial_starts_is_never_suggested_for_a_pause() -> None:
    after = apply_moves(demo_portfolio(), [started("FI-011", "2027-W07")])
    assert after.commitments["FI-011"].legal_duty
    assert not after.commitments["FI-001"].legal_duty


def test_only_what_a_decision_allows_can_be_tried() -> None:
    allowed = {(status, kind) for status, kinds in KINDS.items() for kind in kinds}
    for status, kind in allowed - {(Status.PROPOSED, Kind.START)}:
        assert status in STEPS[kind][0], (status, kind)


def test_a_changed_cell_is_framed_says_by_how_much_and_what_it_is_at_present() -> None:
    present = demo_portfolio()
    tried = apply_moves(present, [PAUSED, started("FI-011", "2027-W02")])
    cells, after = (load_map(one, NOW, NOW, 26) for one in (present, tried))
    drawn = draw_tried(cells["KLF"], after["KLF"], now=NOW, excepted={NOW, NOW + 7})
    week_2 = drawn[7]
    assert week_2.label.replace("\u00a0", " ") == "7 av 6, i försöket 6 av 6, fullt"
    assert (week_2.shown, week_2.proposal) == ("■6", -1)
    assert "changed" in week_2.css
    assert "exception" not in week_2.css, "an exception goes with the cell that it was granted for"
    standstill = drawn[parse_week("2026-W52") - NOW]
    assert (standstill.label, standstill.css) == ("uppehåll", "lvl-stand")
    assert changed_units(cells, after) == {"KLF", "KAN", "BUF", "SOC", "MBF"}


def test_a_cell_that_stays_keeps_its_exception_and_is_not_framed() -> None:
    cells = load_map(demo_portfolio(), NOW, NOW, 26)["KLF"]
    drawn = draw_tried(cells, cells, now=NOW, excepted={NOW})
    assert [one.css for one in drawn if "changed" in one.css] == []
    assert "exception" in drawn[0].css


@st.composite
def trials(draw: st.DrawFn) -> tuple[World, list[tuple[Run, bool]]]:
    """A municipality, and each of some runs with its new plan or paused: those that are there, and new ones."""
    world = draw(worlds())
    codes = tuple(unit.code for unit in world.units)
    new = [Run(f"FI-90{number}", world.now, draw(phase_lists(codes)), 1) for number in range(draw(st.integers(0, 2)))]
    moved = [replace(run, start=world.now + draw(AHEAD), forecast_end=None) for run in (*world.runs, *new)]
    known = {run.code for run in world.runs}
    chosen = [(run, run.code in known and draw(st.booleans())) for run in moved if draw(st.booleans())]
    return world, sorted(chosen, key=lambda one: not one[1])


def as_moves(world: World, chosen: list[tuple[Run, bool]]) -> list[TrialMove]:
    return [TrialMove(run.code, None if is_paused else world.plan(run)) for run, is_paused in chosen]


@sparingly
@given(trials())
def test_the_trials_map_is_that_of_the_municipality_in_which_all_of_it_has_happened(
    trial: tuple[World, list[tuple[Run, bool]]],
) -> None:
    world, chosen = trial
    after = world
    for run, is_paused in chosen:
        after = after.without(run.code) if is_paused else after.with_run(run)
    tried = apply_moves(world.portfolio, as_moves(world, chosen))
    assert load_map(tried, world.now, world.now, WEEKS) == load_map(after.portfolio, world.now, world.now, WEEKS)


@sparingly
@given(trials())
def test_moves_come_to_the_same_in_whatever_order(trial: tuple[World, list[tuple[Run, bool]]]) -> None:
    world, chosen = trial
    moves = as_moves(world, chosen)[:4]
    assert len({repr(sorted(_after(world, order).items())) for order in permutations(moves)}) == 1


def _after(world: World, moves: tuple[TrialMove, ...]) -> dict[str, object]:
    return dict(apply_moves(world.portfolio, moves).commitments)


@sparingly
@given(trials())
def test_moves_that_all_fit_push_nothing_over_a_confirmed_limit(
    trial: tuple[World, list[tuple[Run, bool]]],
) -> None:
    world, chosen = trial
    portfolio, fitting = world.portfolio, []
    for move in as_moves(world, chosen):
        if move.plan is None or evaluate(move.plan, apply_moves(portfolio, fitting), world.now).fits:
            fitting.append(move)
    before = load_map(portfolio, world.now, world.now, WEEKS)
    after = load_map(apply_moves(portfolio, fitting), world.now, world.now, WEEKS)
    confirmed = [unit.code for unit in world.units if unit.confirmed]
    pushed = [
        (code, cell.week)
        for code in confirmed
        for was, cell in zip(before[code], after[code], strict=True)
        if cell.level == "over" and was.level != "over"
    ]
    assert pushed == []


@sparingly
@given(trials())
def test_a_trial_leaves_what_it_is_tried_on_as_it_was(trial: tuple[World, list[tuple[Run, bool]]]) -> None:
    world, chosen = trial
    portfolio = world.portfolio
    apply_moves(portfolio, as_moves(world, chosen))
    assert portfolio == world.portfolio
