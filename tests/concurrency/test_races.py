"""However many act at once, no unit and no owner gets more than it can carry.

Every race here is run once more below without the gate's lock, where it must oversell: a race that cannot fail
proves nothing.
"""

from collections.abc import Callable, Mapping

import pytest
from flask import Flask
from sqlalchemy import func, select

from portfolio.base.db import current_session
from portfolio.outbox.models import EventRow
from tests.concurrency import municipality
from tests.concurrency.municipality import Race, counting
from tests.concurrency.race import Result, race
from tests.invariants import broken
from tests.make import NOW

Environment = Mapping[str, str]


def run(settings: Environment, what: Race) -> Result:
    """Run a race, and see that nobody met anything but a plain answer, and that all is as it should be."""
    result = race(settings, what.calls)
    assert set(result) <= {"done", "OverCapacity", "NotAllowedNow", "Stale", "TrialStopped"}
    assert what.too_many(result) == 0
    assert broken(NOW) == []
    return result


def test_four_hundred_starts_at_once_never_share_the_last_room(app: Flask, settings: Environment) -> None:
    result = run(settings, municipality.the_last_room(400))
    assert result["done"] == len(counting())
    assert 2 <= result["done"] <= 4


def test_of_two_hundred_starts_at_once_exactly_the_three_that_there_is_room_for_succeed(
    app: Flask, settings: Environment
) -> None:
    result = run(settings, municipality.three_rooms(200))
    assert result == {"done": 3, "OverCapacity": 197}
    assert events("initiative.started") == 3


def test_starts_that_meet_in_two_units_from_both_ends_neither_overload_nor_lock_each_other_out(
    app: Flask, settings: Environment
) -> None:
    result = run(settings, municipality.from_both_ends(400))
    assert result["done"] == 2


def test_one_owner_cannot_start_more_than_their_share_in_units_that_never_meet(
    app: Flask, settings: Environment
) -> None:
    result = run(settings, municipality.one_owner(200))
    assert result == {"done": 3, "OverCapacity": 197}


def test_a_limit_lowered_in_the_middle_of_many_starts_leaves_nothing_unexplained(
    app: Flask, settings: Environment
) -> None:
    run(settings, municipality.a_lower_limit(180))
    assert events("unit.cap_lowered") == 3


def test_a_standstill_added_in_the_middle_of_many_starts_leaves_nothing_unexplained(
    app: Flask, settings: Environment
) -> None:
    run(settings, municipality.a_standstill(180))
    assert events("standstill.added") == 1


def test_a_flood_registered_in_the_middle_of_many_starts_is_never_refused_and_leaves_nothing_unexplained(
    app: Flask, settings: Environment
) -> None:  # S0-14
    run(settings, municipality.a_flood(60))
    assert events("unplanned_event.registered") == 1


def test_a_unit_moved_in_the_middle_of_many_starts_leaves_nothing_unexplained(
    app: Flask, settings: Environment
) -> None:
    run(settings, municipality.a_moved_unit(180))
    assert events("unit.edited") == 2


def test_an_owner_who_is_handed_initiatives_while_starting_others_never_has_more_than_their_share(
    app: Flask, settings: Environment
) -> None:
    result = run(settings, municipality.other_owners(160))
    assert result == {"done": 3, "OverCapacity": 157}


def test_what_moves_into_the_weeks_that_others_start_in_takes_no_more_than_the_room(
    app: Flask, settings: Environment
) -> None:
    run(settings, municipality.other_frames(160))


def test_what_resumes_and_what_starts_share_the_room_that_there_is(app: Flask, settings: Environment) -> None:
    result = run(settings, municipality.pauses_that_end(160))
    assert result["done"] == 3


def test_a_regretted_cancellation_gets_its_room_back_only_if_it_is_still_free(
    app: Flask, settings: Environment
) -> None:
    result = run(settings, municipality.regrets(160))
    assert result["done"] == 3


def test_trials_that_are_applied_at_once_share_the_last_room_and_none_is_applied_by_half(
    app: Flask, settings: Environment
) -> None:
    result = run(settings, municipality.trials(60))
    assert result == {"done": 2, "TrialStopped": 58}
    assert len(counting()) == 4
    assert events("trial.applied") == 2


def test_of_many_who_change_what_they_have_all_just_read_one_succeeds_and_the_others_are_told(
    app: Flask, settings: Environment
) -> None:
    result = run(settings, municipality.the_same_version(40))
    assert result == {"done": 1, "Stale": 39}


def test_many_who_take_the_same_decision_at_once_take_it_once(app: Flask, settings: Environment) -> None:
    result = run(settings, municipality.the_same_decision(40))
    assert result == {"done": 1, "Stale": 39}
    assert events("initiative.noted") == 1


def test_many_who_end_the_same_item_of_a_meeting_at_once_end_it_once(app: Flask, settings: Environment) -> None:
    result = run(settings, municipality.the_same_item(40))
    assert result == {"done": 1, "NotAllowedNow": 39}
    assert events("initiative.noted") == events("meeting.item_decided") == 1


@pytest.mark.parametrize("what", municipality.ALL, ids=lambda what: what.__name__)
def test_without_the_lock_the_same_race_goes_wrong(
    app: Flask, settings: Environment, what: Callable[[int], Race]
) -> None:
    """The canary: it must fail to hold, or the races above prove nothing."""
    unguarded = what(18)
    assert unguarded.too_many(race(settings, unguarded.calls, locked=False)) > 0


def events(name: str) -> int:
    """How many events of a kind have been recorded."""
    current_session().rollback()
    return current_session().scalars(select(func.count()).where(EventRow.type == name)).one()
