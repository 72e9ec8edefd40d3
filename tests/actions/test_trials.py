"""Försök: tried as often as one likes, decided once, all of it or nothing."""

from collections.abc import Callable
from contextlib import suppress
from dataclasses import replace
from datetime import date, timedelta
from typing import Any, NoReturn

import pytest
from flask import Flask
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import delete

from portfolio.base.db import current_session, transaction
from portfolio.base.errors import Invalid, NotAllowedNow, NotFound, NotPermitted, NotReady, OverCapacity, Stale
from portfolio.base.time import this_week
from portfolio.base.weeks import parse_week
from portfolio.capacity import queries as capacity
from portfolio.capacity.rules.load import load_map
from portfolio.capacity.rules.outlook import WEEKS
from portfolio.initiatives.decisions.undoing import undo
from portfolio.initiatives.models import Initiative
from portfolio.initiatives.queries.decisions import decision as stored_decision
from portfolio.initiatives.queries.decisions import decisions_of
from portfolio.initiatives.queries.stored import initiative_by_code
from portfolio.initiatives.rules.kinds import Kind
from portfolio.meetings.actions import holding
from portfolio.meetings.queries.meetings import on
from portfolio.meetings.rules.deciding import DECISION_MAKER
from portfolio.outbox.queries import newest_seq
from portfolio.people.queries import actor_of, holder_of
from portfolio.people.rules import Actor, May, Role, may
from portfolio.planning import actions, queries
from portfolio.planning.actions import Wish
from portfolio.planning.models import TrialMoveRow
from portfolio.planning.rules.moves import MOST_TRIALS, Hindrance, TrialStopped
from tests.actions.stored import load, newest, plan, status, told
from tests.invariants import broken
from tests.make import CHAIR, NOW, make_decision, make_demo, make_initiative, make_unit

MEMBER = Actor("Socialchef", Role.MEMBER)
WEEK = this_week(NOW)
DAY = date(2026, 11, 24)

Move = tuple[str, str, str | None]
"""An initiative, a kind, and the week as people write it."""


@pytest.fixture
def demo(app: Flask) -> Flask:
    """The demo municipality."""
    make_demo()
    return app


def make_trial(*moves: Move) -> int:
    with transaction():
        trial_id = actions.create("Våren", by=MEMBER, now=NOW).id
        for code, kind, week in moves:
            wish = Wish(None if week is None else parse_week(week))
            actions.set_move(trial_id, code, Kind(kind), wish, by=MEMBER, now=NOW)
    return trial_id


def apply(trial_id: int, reason: str = "Gruppen är enig", **options: Any) -> list[str]:
    """The kinds of decision that were taken, in order, each with its initiative."""
    who_and_when = {"by": CHAIR, "now": NOW} | options
    with transaction():
        done = actions.apply(trial_id, reason, **who_and_when)
        return [f"{one.decision.kind} {one.initiative.code}" for one in done]


def prospect(trial_id: int) -> queries.Prospect:
    current_session().rollback()
    return queries.prospect_of(trial_id, NOW)


def stopping(trial: queries.Prospect) -> queries.Tried | None:
    """The first move that could not be decided as it stands; None if the trial could be applied."""
    return next((one for one in trial.moves if one.hindrance or one.stops_whatever_is_written), None)


def verdicts(trial_id: int) -> list[str]:
    return [one.answer.verdict.kind if one.answer else one.row.kind for one in prospect(trial_id).moves]


def test_an_empty_trial_shows_the_present(demo: Flask) -> None:
    found = prospect(make_trial())
    assert found.tried == found.present
    assert stopping(found) is None


def test_each_move_is_judged_after_those_before_it(demo: Flask) -> None:
    trial_id = make_trial(("FI-011", "start", "2027-W07"), ("FI-013", "start", "2027-W09"))
    first, second = prospect(trial_id).moves
    assert first.answer is not None
    assert first.answer.verdict.fits
    assert second.answer is not None
    assert not second.answer.verdict.fits
    assert second.answer.earliest.week == parse_week("2027-W13")
    assert load("KLF", "2027-W07", "2027-W07") == [7], "nothing has been decided"


def test_a_pause_comes_first_whenever_it_was_added(demo: Flask) -> None:
    trial_id = make_trial(("FI-011", "start", "2027-W02"))
    assert verdicts(trial_id) == ["does_not_fit"]
    with transaction():
        actions.set_move(trial_id, "FI-001", Kind.PAUSE, Wish(until=date(2027, 5, 3)), by=MEMBER, now=NOW)
    assert verdicts(trial_id) == ["pause", "fits_exactly"]
    assert apply(trial_id) == ["pause FI-001", "start FI-011"]
    assert (status("FI-001"), status("FI-011")) == ("paused", "decided")
    assert plan("FI-011")[0] == "2027-W02"
    assert load("KLF", "2027-W02", "2027-W02") == [6]
    assert broken(NOW) == []


def test_what_was_decided_is_kept_with_its_reason_and_told_once(demo: Flask) -> None:
    trial_id = make_trial(("FI-001", "pause", None), ("FI-011", "start", "2027-W02"))
    apply(trial_id, "Skolan väntar")
    trial, moves = queries.trial_by_id(trial_id), queries.moves_of(trial_id)
    assert (trial.outcome, trial.closed_at, trial.closed_by) == ("applied", NOW, "Kommundirektör")
    decisions = [queries.decision_of(one.row) for one in moves]
    assert [one.reason for one in decisions if one is not None] == ["Skolan väntar"] * 2
    assert told(f"trial/{trial_id}") == ["trial.created", "trial.applied"]
    assert told("FI-011")[-1] == "initiative.started"


def test_one_refusal_takes_everything_back_and_keeps_the_trial(demo: Flask) -> None:
    make_decision("FI-013", "prepare")
    trial_id = make_trial(("FI-001", "pause", None), ("FI-012", "start", "2027-W10"), ("FI-011", "start", "2027-W02"))
    with transaction():
        actions.set_move(trial_id, "FI-013", Kind.START, Wish(parse_week("2027-W02")), by=MEMBER, now=NOW)
    before = newest_seq()
    with pytest.raises(TrialStopped) as stopped:
        apply(trial_id)
    assert stopped.value.code == "FI-013"
    assert isinstance(stopped.value.cause, OverCapacity)
    assert newest_seq() == before
    assert [status(code) for code in ("FI-001", "FI-012", "FI-011")] == [
        "ongoing",
        "in_preparation",
        "in_preparation",
    ]
    assert queries.trial_by_id(trial_id).outcome is None
    assert len(queries.moves_of(trial_id)) == 4


def test_every_kind_of_move_can_be_applied(demo: Flask) -> None:
    make_decision("FI-012", "start", start_week="2027-W10")
    moves = (
        ("FI-005", "pause", None),
        ("FI-012", "start", "2027-W20"),
        ("FI-009", "resume", "2027-W20"),
        ("FI-007", "rescope", "2027-W22"),
        ("FI-011", "start", "2027-W07"),
    )
    trial_id = make_trial(*moves)
    tried = prospect(trial_id)
    assert stopping(tried) is None
    done = apply(trial_id)
    assert done == ["pause FI-005", "start FI-012", "resume FI-009", "rescope FI-007", "start FI-011"]
    assert load_map(capacity.whole_portfolio(), WEEK, WEEK, WEEKS) == tried.tried
    assert broken(NOW) == []


class Undone(Exception):
    """Takes back what an example has decided, so that the next one begins as this did."""


@pytest.mark.usefixtures("demo")
def test_the_map_of_a_trial_is_the_map_once_it_has_been_applied() -> None:
    checks = list(HealthCheck)

    @settings(max_examples=25, deadline=None, derandomize=True, suppress_health_check=checks)
    @given(st.lists(st.tuples(st.integers(0, 100), st.integers(0, 24)), min_size=1, max_size=5))
    def tries(picks: list[tuple[int, int]]) -> None:
        current_session().rollback()
        trial_id = make_trial()
        for pick, ahead in picks:
            add_something(trial_id, pick, ahead)
        drop_what_stops(trial_id)
        tried = prospect(trial_id).tried
        if queries.moves_of(trial_id):
            with suppress(Undone), transaction():
                applied_map_is(tried, trial_id)

    tries()


def applied_map_is(tried: object, trial_id: int) -> NoReturn:
    """Decide on all of a trial, look at the map, and take everything back."""
    actions.apply(trial_id, "Provat", by=CHAIR, now=NOW)
    assert load_map(capacity.whole_portfolio(), WEEK, WEEK, WEEKS) == tried
    raise Undone


def add_something(trial_id: int, pick: int, ahead: int) -> None:
    """One of all that may be tried, so many weeks ahead."""
    taken = {one.initiative.code for one in queries.moves_of(trial_id)}
    offered = queries.choices(NOW, taken)
    choice = offered[pick % len(offered)]
    wish = Wish() if choice.kind is Kind.PAUSE else Wish(WEEK + ahead)
    with transaction():
        actions.set_move(trial_id, choice.code, choice.kind, wish, by=MEMBER, now=NOW)


def drop_what_stops(trial_id: int) -> None:
    """Remove the moves that could not be decided, one after the other."""
    while (one := stopping(prospect(trial_id))) is not None:
        with transaction():
            actions.remove_move(trial_id, one.row.id, by=MEMBER)


def test_a_decision_of_a_trial_can_be_taken_back_alone(demo: Flask) -> None:
    trial_id = make_trial(("FI-012", "start", "2027-W10"), ("FI-011", "start", "2027-W07"))
    apply(trial_id)
    [_, second] = queries.moves_of(trial_id)
    decision = second.row.decision_id
    assert decision is not None
    with transaction():
        undo(decision, by=CHAIR, now=NOW + timedelta(seconds=20))
    assert (status("FI-011"), status("FI-012")) == ("in_preparation", "decided")


def test_a_person_has_twenty_open_trials_and_no_more_and_sees_the_own_first(demo: Flask) -> None:
    chef, other = actor_of(holder_of("Socialchef")), actor_of(holder_of("Kanslichef"))
    chef, other = replace(chef, role=Role.MEMBER), replace(other, role=Role.MEMBER)
    with transaction():
        mine = actions.create("Min", by=chef, now=NOW).id
        for number in range(MOST_TRIALS):
            last = actions.create(f"Försök {number}", by=other, now=NOW).id
    with pytest.raises(Invalid) as refused, transaction():
        actions.create("Ett till", by=other, now=NOW)
    assert list(refused.value.errors) == ["name"]
    listed = queries.trials(is_open=True, limit=2, mine=chef.person_id)
    assert [one.trial.id for one in listed] == [mine, last]
    with transaction():
        actions.discard(last, by=other, now=NOW)
        actions.create("Ett till", by=other, now=NOW)


def test_throwing_away_changes_nothing_and_can_be_regretted(demo: Flask) -> None:
    trial_id = make_trial(("FI-001", "pause", None))
    before = load_map(capacity.whole_portfolio(), WEEK, WEEK, WEEKS)
    with transaction():
        actions.discard(trial_id, by=MEMBER, now=NOW)
    assert load_map(capacity.whole_portfolio(), WEEK, WEEK, WEEKS) == before
    assert status("FI-001") == "ongoing"
    with transaction():
        actions.reopen(trial_id, by=MEMBER, now=NOW + timedelta(seconds=29))
    assert queries.trial_by_id(trial_id).outcome is None
    assert told(f"trial/{trial_id}") == ["trial.created", "trial.discarded", "trial.reopened"]


def test_regret_has_its_time_and_what_was_applied_stays_applied(demo: Flask) -> None:
    thrown, applied = make_trial(), make_trial(("FI-012", "start", "2027-W10"))
    with transaction():
        actions.discard(thrown, by=MEMBER, now=NOW)
    apply(applied)
    for trial_id in (thrown, applied):
        with pytest.raises(NotAllowedNow), transaction():
            actions.reopen(trial_id, by=MEMBER, now=NOW + timedelta(seconds=31))


def test_nothing_is_changed_in_a_trial_that_has_ended(demo: Flask) -> None:
    trial_id = make_trial(("FI-012", "start", "2027-W10"))
    [(row, _)] = queries.moves_of(trial_id)
    move_id = row.id
    apply(trial_id)
    attempts: list[Callable[[], object]] = [
        lambda: actions.set_move(trial_id, "FI-011", Kind.START, Wish(), by=MEMBER, now=NOW),
        lambda: actions.change_move(trial_id, move_id, Wish(WEEK + 3), by=MEMBER),
        lambda: actions.remove_move(trial_id, move_id, by=MEMBER),
        lambda: actions.discard(trial_id, by=MEMBER, now=NOW),
        lambda: actions.apply(trial_id, "En gång till", by=CHAIR, now=NOW),
    ]
    for attempt in attempts:
        with pytest.raises(NotAllowedNow), transaction():
            attempt()


def test_an_initiative_has_one_move_and_the_latest_counts(demo: Flask) -> None:
    trial_id = make_trial(("FI-011", "start", "2027-W02"), ("FI-011", "start", "2027-W07"))
    [(row, _)] = queries.moves_of(trial_id)
    assert row.start_week == parse_week("2027-W07")
    with transaction():
        actions.change_move(trial_id, row.id, Wish(parse_week("2027-W09")), by=MEMBER)
    assert prospect(trial_id).moves[0].row.start_week == parse_week("2027-W09")


def test_a_week_that_is_not_written_is_the_wished_one_and_otherwise_asked_for(demo: Flask) -> None:
    trial_id = make_trial(("FI-011", "start", None), ("FI-009", "resume", None))
    assert [one.row.start_week for one in prospect(trial_id).moves] == [parse_week("2027-W02"), WEEK]
    for code, kind in (("FI-010", "start"), ("FI-007", "rescope")):
        with pytest.raises(Invalid) as refused, transaction():
            actions.set_move(trial_id, code, Kind(kind), Wish(), by=MEMBER, now=NOW)
        assert list(refused.value.errors) == ["start_week"]


@pytest.mark.parametrize(("code", "kind"), [("FI-011", "pause"), ("FI-001", "start"), ("FI-009", "rescope")])
def test_what_the_status_does_not_allow_cannot_be_tried(demo: Flask, code: str, kind: str) -> None:
    with pytest.raises(NotAllowedNow):
        make_trial((code, kind, "2027-W07"))


def test_what_no_longer_holds_is_left_out_and_stops_the_rest_until_it_is_removed(demo: Flask) -> None:
    trial_id = make_trial(("FI-011", "start", "2027-W07"), ("FI-012", "start", "2027-W10"))
    make_decision("FI-011", "reject")
    first, second = prospect(trial_id).moves
    assert (first.hindrance, second.hindrance) == (Hindrance.GONE, None)
    assert first.answer is None
    assert load_map(capacity.whole_portfolio(), WEEK, WEEK, WEEKS)["BUF"] == prospect(trial_id).tried["BUF"]
    with pytest.raises(TrialStopped) as stopped:
        apply(trial_id)
    assert isinstance(stopped.value.cause, NotAllowedNow)
    drop_what_stops(trial_id)
    assert apply(trial_id) == ["start FI-012"]


def test_an_initiative_that_is_gone_takes_its_move_with_it(app: Flask) -> None:
    make_unit("KLF", limit=4)
    code = make_initiative(impacts={"KLF": 1})
    trial_id = make_trial((code, "start", "2027-W07"))
    with transaction() as session:
        session.execute(delete(Initiative).where(Initiative.code == code))
    assert queries.moves_of(trial_id) == []
    assert current_session().query(TrialMoveRow).count() == 0
    with pytest.raises(Invalid):
        apply(trial_id)


def test_a_proposal_can_be_tried_but_is_prepared_before_it_is_decided(demo: Flask) -> None:
    trial_id = make_trial(("FI-013", "start", "2027-W09"))
    [tried] = prospect(trial_id).moves
    assert (tried.hindrance, tried.answer is not None and tried.answer.verdict.fits) == (Hindrance.PROPOSAL, True)
    with pytest.raises(TrialStopped):
        apply(trial_id)
    make_decision("FI-013", "prepare")
    assert apply(trial_id) == ["start FI-013"]


def test_what_is_not_ready_says_what_is_missing_as_the_decision_does(app: Flask) -> None:
    make_unit("KLF", limit=4)
    code = make_initiative(impacts={"KLF": None}, owner=None)
    trial_id = make_trial((code, "start", "2027-W07"))
    [tried] = prospect(trial_id).moves
    assert (tried.hindrance, tried.missing) == (Hindrance.NOT_READY, ["owner", "impacts_rated"])
    with pytest.raises(TrialStopped) as stopped:
        apply(trial_id)
    assert isinstance(stopped.value.cause, NotReady)
    assert stopped.value.cause.missing == tried.missing


def test_nothing_left_of_a_paused_plan_cannot_resume(app: Flask) -> None:
    make_unit("KLF", limit=4)
    code = make_initiative(status="ongoing", start="2026-W40", weeks=4, impacts={"KLF": 1})
    make_decision(code, "pause")
    [tried] = prospect(make_trial((code, "resume", "2027-W07"))).moves
    assert tried.hindrance is Hindrance.NOTHING_LEFT


def test_a_start_week_that_has_passed_since_is_told_and_stops_the_trial(demo: Flask) -> None:
    trial_id = make_trial(("FI-012", "start", "2027-W10"))
    later = NOW + timedelta(weeks=20)
    current_session().rollback()
    [tried] = queries.prospect_of(trial_id, later).moves
    assert tried.answer is not None
    assert tried.answer.verdict.refused_start == "past"
    with pytest.raises(TrialStopped) as stopped:
        apply(trial_id, now=later)
    assert isinstance(stopped.value.cause, Invalid)


def test_what_somebody_has_changed_since_it_was_looked_at_is_not_decided(demo: Flask) -> None:
    trial_id = make_trial(("FI-012", "start", "2027-W10"))
    version = queries.trial_by_id(trial_id).version
    with transaction():
        actions.set_move(trial_id, "FI-001", Kind.PAUSE, Wish(), by=MEMBER, now=NOW)
    with pytest.raises(Stale):
        apply(trial_id, version=version)
    seen = initiative_by_code("FI-012").version
    make_decision("FI-012", "note")
    with pytest.raises(TrialStopped) as stopped:
        apply(trial_id, seen={"FI-012": seen})
    assert isinstance(stopped.value.cause, Stale)
    assert apply(trial_id, seen={"FI-012": seen + 1}) == ["pause FI-001", "start FI-012"]


def test_a_reason_and_something_to_decide_are_asked_for(demo: Flask) -> None:
    with pytest.raises(Invalid) as refused:
        apply(make_trial(("FI-012", "start", "2027-W10")), "  ")
    assert list(refused.value.errors) == ["reason"]
    with pytest.raises(Invalid):
        apply(make_trial())


def test_who_tries_and_who_decides(demo: Flask) -> None:
    assert {role for role in Role if may(Actor("", role), May.TRY_PLANS)} == {
        Role.CHAIR,
        Role.MEMBER,
        Role.COORDINATOR,
    }
    trial_id = make_trial(("FI-012", "start", "2027-W10"))
    for role in (Role.MEMBER, Role.COORDINATOR):
        with pytest.raises(NotPermitted):
            apply(trial_id, by=Actor("Någon", role))
    with pytest.raises(NotPermitted), transaction():
        actions.create("Mitt", by=Actor("Medarbetare", Role.READER), now=NOW)
    with pytest.raises(NotFound), transaction():
        actions.discard(99, by=MEMBER, now=NOW)


def test_moves_are_working_material_and_leave_the_log_alone(demo: Flask) -> None:
    trial_id = make_trial()
    before = newest_seq()
    with transaction():
        actions.set_move(trial_id, "FI-001", Kind.PAUSE, Wish(), by=MEMBER, now=NOW)
    assert newest_seq() == before
    assert newest(f"trial/{trial_id}").actor == "Socialchef"


def test_while_the_meeting_goes_on_the_coordinator_writes_down_what_is_decided(demo: Flask) -> None:
    person = holder_of("Portföljkoordinator")
    assert person is not None
    coordinator = actor_of(person)
    with transaction():
        trial_id = actions.create("Våren", by=coordinator, now=NOW).id
        actions.set_move(trial_id, "FI-012", Kind.START, Wish(parse_week("2027-W10")), by=coordinator, now=NOW)
    with pytest.raises(NotPermitted), transaction():
        actions.apply(trial_id, "Vi är överens.", by=coordinator, now=NOW)
    with transaction():
        holding.begin(DAY, by=coordinator, now=NOW)
    with transaction():
        [outcome] = actions.apply(trial_id, "Vi är överens.", by=coordinator, now=NOW)
    row = stored_decision(outcome.decision.id)
    assert (row.decision_maker, row.responsible, row.due) == (DECISION_MAKER, "Räddningschef", date(2027, 3, 8))


@pytest.fixture
def coordinator(demo: Flask) -> Actor:
    """The coordinator, whose meeting goes on."""
    person = holder_of("Portföljkoordinator")
    assert person is not None
    actor = actor_of(person)
    with transaction():
        holding.begin(DAY, by=actor, now=NOW)
    return actor


def test_a_meeting_that_ends_while_the_coordinator_waits_for_the_lock_lends_no_right(
    coordinator: Actor, monkeypatch: pytest.MonkeyPatch
) -> None:
    trial_id = make_trial(("FI-012", "start", "2027-W10"))

    def another_ends_the_meeting_first() -> None:
        row = on(DAY, NOW).row
        assert row is not None
        row.ended_at = NOW

    monkeypatch.setattr(actions, "lock_portfolio", another_ends_the_meeting_first)
    with pytest.raises(NotPermitted):
        apply(trial_id, by=coordinator)


@pytest.mark.parametrize("whose", ["chair", "coordinator"])
def test_a_trial_at_the_meeting_is_minuted_with_who_sees_to_it_and_a_day_to_come(
    coordinator: Actor, whose: str
) -> None:
    with transaction():
        initiative_by_code("FI-001").owner_id = None
    trial_id = make_trial(("FI-001", "pause", None), ("FI-003", "rescope", "2026-W40"))
    by = coordinator if whose == "coordinator" else CHAIR
    apply(trial_id, by=by)
    for code in ("FI-001", "FI-003"):
        row = decisions_of(initiative_by_code(code).id)[0]
        assert (row.decision_maker, row.due) == (DECISION_MAKER, NOW.date())
        assert row.responsible


def test_a_pause_outside_a_meeting_has_no_last_day_of_its_own(demo: Flask) -> None:
    apply(make_trial(("FI-001", "pause", None)))
    assert decisions_of(initiative_by_code("FI-001").id)[0].due is None


def test_a_start_in_a_trial_at_the_meeting_lacks_what_it_lacks_on_the_agenda(coordinator: Actor) -> None:
    trial_id = make_trial(("FI-011", "start", "2027-W07"), ("FI-012", "start", "2027-W10"))
    unready, ready = prospect(trial_id).moves
    assert (unready.hindrance, ready.hindrance) == (Hindrance.NOT_READY, None)
    assert "samverkan enligt 11 § MBL" in unready.missing
    for by in (coordinator, CHAIR):
        with pytest.raises(TrialStopped) as stopped:
            apply(trial_id, by=by)
        assert stopped.value.code == "FI-011"
        assert isinstance(stopped.value.cause, NotReady)
        assert stopped.value.cause.missing == unready.missing
    apply(trial_id, by=coordinator, despite="Rektorerna väntar.")
    written = {code: decisions_of(initiative_by_code(code).id)[0] for code in STARTED}
    assert [written[code].despite for code in STARTED] == ["Rektorerna väntar.", None]


STARTED = ("FI-011", "FI-012")


def test_what_only_a_meeting_asks_for_stops_no_trial_outside_it(demo: Flask) -> None:
    trial_id = make_trial(("FI-011", "start", "2027-W07"))
    assert prospect(trial_id).moves[0].hindrance is None
    assert apply(trial_id) == ["start FI-011"]


def test_a_written_reason_lets_something_begin_that_lacks_something(app: Flask) -> None:
    make_unit("KLF", limit=4)
    code = make_initiative(impacts={"KLF": 1}, owner=None)
    assert apply(make_trial((code, "start", "2027-W07")), despite="Ägaren börjar i januari.") == [f"start {code}"]
