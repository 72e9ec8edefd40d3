"""An event is stored with the change that it tells of, or neither is."""

import json
import signal
from collections.abc import Mapping

import pytest
from flask import Flask
from sqlalchemy import select

from portfolio.base.db import current_session, transaction
from portfolio.events.calendar import StandstillAdded
from portfolio.events.decisions import InitiativeNoted
from portfolio.initiatives.decisions.asked import Asked
from portfolio.initiatives.decisions.taking import decide
from portfolio.initiatives.rules.kinds import Kind
from portfolio.outbox.actions import record, record_all
from portfolio.outbox.models import EventRow
from portfolio.outbox.queries import first_broken_event, newest_seq
from tests.actions import stored
from tests.invariants import broken
from tests.make import CHAIR, NOW, make_decision, make_initiative, make_unit
from tests.outbox.crashing import POINTS, pause_and_die
from tests.processes import exit_code_of


def begun() -> str:
    """An ongoing initiative."""
    make_unit("KLF", limit=3)
    return make_initiative(status="ongoing", start="2026-W45", weeks=8, impacts={"KLF": 2})


def noted(code: str, reason: str) -> InitiativeNoted:
    """An event like any other."""
    return InitiativeNoted(initiative=code, decision=1, decision_maker="Chef", reason=reason, status="ongoing")


def test_an_error_after_the_change_leaves_neither_the_change_nor_its_event(app: Flask) -> None:
    code = begun()
    events, load = newest_seq(), stored.load("KLF", "2026-W48", "2026-W52")
    with pytest.raises(ZeroDivisionError):
        pause_and_fail(code)
    assert stored.status(code) == "ongoing"
    assert newest_seq() == events
    assert stored.load("KLF", "2026-W48", "2026-W52") == load
    assert broken(NOW) == []
    make_decision(code, "pause")
    assert broken(NOW) == []


def pause_and_fail(code: str) -> None:
    """A decision in a transaction that something goes wrong in."""
    with transaction():
        decide(code, Asked(Kind.PAUSE, "Paus"), by=CHAIR, now=NOW)
        raise ZeroDivisionError


@pytest.mark.parametrize("point", POINTS)
def test_a_process_that_is_killed_leaves_both_or_neither(app: Flask, settings: Mapping[str, str], point: str) -> None:
    code = begun()
    assert exit_code_of(pause_and_die, settings["DATABASE_URL"], code, point) == -signal.SIGKILL
    done = point == "after the commit"
    assert stored.status(code) == ("paused" if done else "ongoing")
    assert ("initiative.paused" in stored.told(code)) is done
    assert broken(NOW) == []


def test_events_are_numbered_without_a_gap_in_the_order_in_which_they_were_stored(app: Flask) -> None:
    code = begun()
    for _ in range(3):
        make_decision(code, "note")
    rows = current_session().scalars(select(EventRow).order_by(EventRow.seq)).all()
    assert [row.seq for row in rows] == list(range(1, len(rows) + 1))
    assert len({row.id for row in rows}) == len(rows)


def test_many_events_at_once_are_the_same_as_one_after_the_other(app: Flask) -> None:
    code = begun()
    first = newest_seq()
    with transaction():
        record(noted(code, "Den första"), by="Chef", now=NOW)
        record_all((noted(code, f"Nummer {at}") for at in range(1200)), by="Chef", now=NOW)
        record(noted(code, "Den sista"), by="Chef", now=NOW)
    assert newest_seq() == first + 1202
    assert first_broken_event() is None


def test_an_event_tells_who_what_when_and_of_what(app: Flask) -> None:
    code = begun()
    make_decision(code, "pause", reason="Vi hinner inte med mer än så")
    row = stored.newest(code)
    assert (row.type, row.actor, row.subject, row.time) == (
        "initiative.paused",
        CHAIR.name,
        f"initiative/{code}",
        NOW,
    )
    told = json.loads(row.data)
    assert told["reason"] == "Vi hinner inte med mer än så"
    assert json.loads(row.text)["data"] == told
    assert "hinner inte med mer än så" in row.text


def test_events_of_one_subject_are_its_history_and_nobody_elses(app: Flask) -> None:
    one, other = begun(), make_initiative()
    with transaction():
        event = StandstillAdded(standstill=1, from_week="2026-W52", to_week="2026-W53", yearly=True, reason="Jul")
        record(event, by="Kansliet", now=NOW)
    make_decision(other, "note")
    assert stored.told(one) == ["initiative.imported"]
    assert stored.told(other) == ["initiative.imported", "initiative.noted"]
    assert stored.told("calendar/weeks") == ["standstill.added"]
