"""What has happened reaches everybody who reacts to it, and nobody's trouble is another's (OUT-3 to OUT-6)."""

import json
import signal
import threading
from collections.abc import Mapping
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import timedelta
from unittest.mock import patch

import pytest
from sqlalchemy import func, select, update

from portfolio.app import create_app
from portfolio.base.db import CHUNK, current_session, db, transaction
from portfolio.base.time import real_now
from portfolio.events.catalogue import CATALOGUE
from portfolio.events.decisions import InitiativeNoted
from portfolio.events.initiatives import AboutInitiative
from portfolio.outbox import actions
from portfolio.outbox.actions import record
from portfolio.outbox.jobs import deliver_next, fan_out_next, unpark_known
from portfolio.outbox.models import ClockRow, Delivery, EventRow
from portfolio.outbox.queries import newest_seq
from portfolio.outbox.rules import MOST_ATTEMPTS, UNKNOWN_EVENT, Delivered, event_from, pause_after
from tests.make import NOW
from tests.meanwhile import somebody_has_done
from tests.outbox.dying import DELIVERING, FANNING_OUT, work_and_die
from tests.outbox.reacting import Listener, dispatch, note, states, time_passes, to
from tests.processes import exit_code_of

DAY = timedelta(days=1)
LONG = timedelta(hours=2)
"""Longer than any pause or lease."""

pytestmark = pytest.mark.usefixtures("app")


@dataclass(frozen=True, kw_only=True)
class Teleported(AboutInitiative):
    """An event of a later version of the product."""

    name = "initiative.teleported"


def test_every_handler_is_told_of_every_event_once_with_its_number_and_who_caused_it() -> None:
    one, other = Listener("one"), Listener("other")
    note("A", "B")
    dispatch(to(one, other))
    dispatch(to(one, other))
    assert one.told == other.told == [("A", 1, "Chef"), ("B", 2, "Chef")]
    assert states(one) == ["done", "done"]


def test_thousands_of_events_are_fanned_out_in_few_statements_and_none_is_skipped() -> None:
    listener = Listener("listener")
    note(*map(str, range(2 * CHUNK + 7)))
    passes = 0
    while fan_out_next(to(listener), real_now=real_now()):
        passes += 1
    assert (passes, states(listener)) == (3, ["queued"] * (2 * CHUNK + 7))


def test_an_event_that_nobody_reacts_to_leaves_no_delivery() -> None:
    note("A")
    dispatch({})
    assert current_session().scalar(select(func.count()).select_from(Delivery)) == 0
    assert current_session().scalar(select(ClockRow.fanned_out)) == newest_seq()


def somebody_is_recording(settings: Mapping[str, str]) -> AbstractContextManager[None]:
    """Another process has recorded an event, and has not committed yet."""
    return somebody_has_done(lambda: record(noted("slow"), by="Chef", now=NOW), settings)


def noted(reason: str) -> InitiativeNoted:
    """An event like any other."""
    return InitiativeNoted(initiative="FI-001", decision=1, decision_maker="Chef", reason=reason, status="ongoing")


def test_who_commits_late_is_not_passed_by_a_higher_number(settings: Mapping[str, str]) -> None:
    """The number is given under a lock that is held until the commit: a later one cannot be seen earlier (OUT-3)."""
    listener = Listener("listener")
    quick = threading.Thread(target=record_elsewhere, args=(settings,))
    with somebody_is_recording(settings):
        quick.start()
        quick.join(timeout=0.5)
        assert quick.is_alive(), "the second writer got a number before the first had committed"
        dispatch(to(listener))
        assert listener.told == []
    quick.join()
    dispatch(to(listener))
    assert listener.told == [("slow", 1, "Chef"), ("quick", 2, "Chef")]


def record_elsewhere(settings: Mapping[str, str]) -> None:
    with create_app(settings).app_context():
        with transaction():
            record(noted("quick"), by="Chef", now=NOW)
        db.session.remove()
        db.engine.dispose()


@pytest.mark.parametrize("database_url", ["postgresql"], indirect=True)
def test_whoever_decides_something_does_not_hold_up_what_follows_from_earlier_events(
    settings: Mapping[str, str],
) -> None:
    listener = Listener("listener")
    note("A")
    with somebody_is_recording(settings):
        dispatch(to(listener))
        assert listener.told == [("A", 1, "Chef")]


def test_a_handler_that_always_fails_stops_neither_the_others_nor_later_events() -> None:
    stubborn, willing = Listener("stubborn", fails=lambda _: True), Listener("willing")
    note("A", "B")
    dispatch(to(stubborn, willing))
    assert (states(stubborn), states(willing)) == (["queued"] * 2, ["done"] * 2)
    for _ in range(MOST_ATTEMPTS + 3):
        time_passes(LONG)
        dispatch(to(stubborn, willing))
    assert (len(stubborn.told), states(stubborn)) == (2 * MOST_ATTEMPTS, ["dead"] * 2)
    errors = current_session().scalars(select(Delivery.error).where(Delivery.handler == "stubborn"))
    assert set(errors) == {"ConnectionError: Ingen svarar"}
    note("C")
    dispatch(to(stubborn, willing))
    assert [reason for reason, _, _ in willing.told] == ["A", "B", "C"]


def test_what_was_given_up_is_tried_again_when_somebody_says_so() -> None:
    listener = Listener("listener", fails=lambda _: True)
    note("A")
    for _ in range(MOST_ATTEMPTS):
        dispatch(to(listener))
        time_passes(LONG)
    assert states(listener) == ["dead"]
    listener.fails = lambda _: False
    with transaction():
        assert actions.retry_dead(real_now=real_now()) == 1
    dispatch(to(listener))
    assert states(listener) == ["done"]


def test_a_failed_attempt_waits_longer_each_time_and_not_as_long_as_what_failed_beside_it() -> None:
    shortest = [pause_after(attempt, 0).total_seconds() for attempt in range(1, MOST_ATTEMPTS)]
    assert shortest == [2.5, 10, 40, 160, 640, 1800, 1800]
    assert pause_after(1, 0.5) == timedelta(seconds=5)
    listener = Listener("listener", fails=lambda _: True)
    note("A")
    dispatch(to(listener))
    dispatch(to(listener))
    assert len(listener.told) == 1


def test_an_event_fanned_out_twice_is_delivered_once() -> None:
    listener = Listener("listener")
    note("A")
    dispatch(to(listener))
    with transaction() as session:
        session.execute(update(ClockRow).values(fanned_out=0))
    dispatch(to(listener))
    assert (len(listener.told), states(listener)) == (1, ["done"])


def test_who_dies_before_confirming_leaves_a_delivery_that_is_run_again_when_the_lease_is_out() -> None:
    listener = Listener("listener")
    note("A")
    fan_out_next(to(listener), real_now=real_now())
    with transaction():
        assert actions.claim_delivery(real_now=real_now()) is not None
    dispatch(to(listener))
    assert (listener.told, states(listener)) == ([], ["running"])
    time_passes(LONG)
    dispatch(to(listener))
    assert (len(listener.told), states(listener)) == (1, ["done"])


def killed(settings: Mapping[str, str], point: str) -> None:
    """A clock works, and is killed at a point."""
    current_session().rollback()
    assert exit_code_of(work_and_die, settings["DATABASE_URL"], point) == -signal.SIGKILL


@pytest.mark.parametrize("point", FANNING_OUT)
def test_a_clock_that_is_killed_while_it_makes_a_thousand_deliveries_makes_a_thousand(
    settings: Mapping[str, str], point: str
) -> None:
    note(*map(str, range(1000)))
    killed(settings, point)
    assert states("listener") == []
    while fan_out_next(to(Listener("listener")), real_now=real_now()):
        pass
    assert states("listener") == ["queued"] * 1000


@pytest.mark.parametrize("point", DELIVERING)
def test_a_clock_that_is_killed_at_a_delivery_leaves_it_to_be_run_when_the_lease_is_out(
    settings: Mapping[str, str], point: str
) -> None:
    listener = Listener("listener")
    note("A", "B", "C")
    killed(settings, point)
    time_passes(LONG)
    dispatch(to(listener))
    assert states(listener) == ["done"] * 3
    assert sorted(seq for _, seq, _ in listener.told) == [1, 2, 3]


def test_a_handler_that_kills_its_process_every_time_is_given_up_too() -> None:
    listener = Listener("listener")
    note("A")
    fan_out_next(to(listener), real_now=real_now())
    for _ in range(MOST_ATTEMPTS):
        with transaction():
            assert actions.claim_delivery(real_now=real_now()) is not None
        time_passes(LONG)
    dispatch(to(listener))
    assert (listener.told, states(listener)) == ([], ["dead"])


def test_whose_lease_has_run_out_can_no_longer_confirm(caplog: pytest.LogCaptureFixture) -> None:
    """A process that stood still wakes up when another has taken over (SCH-6)."""
    listener = Listener("listener")
    note("A")
    fan_out_next(to(listener), real_now=real_now())
    with transaction():
        stale = actions.claim_delivery(real_now=real_now())
    time_passes(LONG)
    with transaction():
        fresh = actions.claim_delivery(real_now=real_now())
    assert stale is not None
    assert fresh is not None
    assert (stale.id, stale.attempts, fresh.attempts) == (fresh.id, 1, 2)
    with transaction():
        assert not actions.confirm(stale)
        assert not actions.fail(stale, "too late", chance=0, real_now=real_now())
    assert "another has it" in caplog.text
    assert states(listener) == ["running"]
    with transaction():
        assert actions.confirm(fresh)
    assert states(listener) == ["done"]


def test_an_event_that_is_not_known_is_parked_until_a_version_comes_that_knows_it() -> None:
    listener, welcomed = Listener("listener"), []

    def welcomes(event: Teleported, delivered: Delivered) -> None:
        welcomed.append((event.initiative, delivered.seq))

    subscriptions = {**to(listener), Teleported: (welcomes,)}
    with transaction():
        record(Teleported(initiative="FI-001"), by="Chef", now=NOW)
    note("A")
    dispatch(subscriptions)
    assert (states(UNKNOWN_EVENT), states(listener), welcomed) == (["parked"], ["done"], [])
    assert unpark_known(subscriptions, real_now=real_now()) == 0
    with patch.dict(CATALOGUE, {Teleported.name: Teleported}):
        assert unpark_known(subscriptions, real_now=real_now()) == 1
        dispatch(subscriptions)
    assert (states(UNKNOWN_EVENT), states("welcomes"), welcomed) == ([], ["done"], [("FI-001", 1)])


def test_a_handler_that_is_no_longer_there_has_its_deliveries_parked_until_it_comes_back() -> None:
    listener = Listener("listener")
    note("A")
    fan_out_next(to(listener), real_now=real_now())
    dispatch({})
    assert states(listener) == ["parked"]
    assert unpark_known({}, real_now=real_now()) == 0
    assert unpark_known(to(listener), real_now=real_now()) == 1
    dispatch(to(listener))
    assert (len(listener.told), states(listener)) == (1, ["done"])


def test_an_event_of_another_version_has_other_fields_and_is_not_known() -> None:
    assert event_from("person.deactivated", {"person": "Chef"}) is not None
    assert event_from("person.deactivated", {"person": "Chef", "colour": "red"}) is None
    assert event_from("person.deactivated", {}) is None
    assert event_from("person.painted", {"person": "Chef"}) is None


def test_every_event_comes_back_as_it_was_recorded() -> None:
    note("Å ä ö")
    row = current_session().scalars(select(EventRow)).one()
    assert event_from(row.type, json.loads(row.data)) == noted("Å ä ö")


def test_a_handler_has_the_database_to_itself_and_may_open_transactions() -> None:
    sessions = []

    def writes(event: InitiativeNoted, _: object) -> None:
        sessions.append(current_session().in_transaction())
        with transaction():
            record(noted(f"{event.reason}!"), by="Svar", now=NOW)
        current_session().scalar(select(func.count()).select_from(EventRow))

    note("A")
    fan_out_next(to(writes), real_now=real_now())
    assert deliver_next({"writes": writes}, now=NOW, real_now=real_now())
    assert sessions == [False]
    assert states("writes") == ["done"]


@pytest.mark.parametrize("jump", [DAY, -DAY, timedelta(hours=-2), timedelta(days=365), timedelta(days=-365)])
def test_a_clock_that_is_set_forward_or_back_holds_nothing_up_and_repeats_nothing(jump: timedelta) -> None:
    listener = Listener("listener", fails=lambda event: event.reason == "B")
    note("A", "B", "C")
    fan_out_next(to(listener), real_now=real_now())
    with transaction():
        abandoned = actions.claim_delivery(real_now=real_now())
    assert abandoned is not None
    dispatch(to(listener))
    assert states(listener) == ["running", "queued", "done"]
    listener.fails = lambda _: False
    time_passes(jump)
    dispatch(to(listener))
    assert states(listener)[2] == "done"
    time_passes(LONG)
    dispatch(to(listener))
    assert states(listener) == ["done"] * 3
    assert [reason for reason, _, _ in listener.told].count("C") == 1
