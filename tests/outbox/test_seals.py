"""Whoever changes what has been recorded is found out, without the key."""

import pytest
from flask import Flask
from sqlalchemy import delete, insert, select, text, update

from portfolio.base.db import current_session, transaction
from portfolio.outbox.models import EventRow
from portfolio.outbox.queries import first_broken_event, newest_seq
from portfolio.outbox.rules import FIRST_SEAL, canonical, seal
from tests.make import make_decision, make_initiative


@pytest.fixture
def log(app: Flask) -> int:
    """A log of some events; the number of the newest."""
    code = make_initiative()
    for _ in range(6):
        make_decision(code, "note")
    assert first_broken_event() is None
    return newest_seq()


def tamper(*statements: object) -> int | None:
    """Change the log behind the product's back; the first event that does not hold."""
    with transaction() as session:
        for statement in statements:
            session.execute(statement)  # type: ignore[call-overload]
    return first_broken_event()


def row(seq: int) -> dict[str, object]:
    """The columns of an event."""
    found = current_session().execute(select(EventRow.__table__).where(EventRow.__table__.c.seq == seq)).one()
    return dict(found._mapping)


def test_a_changed_text_is_found_at_its_event(log: int) -> None:
    changed = update(EventRow).where(EventRow.seq == 4)
    assert tamper(changed.values(text=EventRow.text + " ")) == 4


def test_a_changed_seal_is_found_at_its_event(log: int) -> None:
    assert tamper(update(EventRow).where(EventRow.seq == 5).values(seal=FIRST_SEAL)) == 5


def test_a_removed_event_is_found_where_it_is_missing(log: int) -> None:
    assert tamper(delete(EventRow).where(EventRow.seq == 3)) == 3


def test_the_removal_of_the_newest_events_is_found_behind_the_last_that_is_left(log: int) -> None:
    assert tamper(delete(EventRow).where(EventRow.seq > log - 2)) == log - 1


def test_an_emptied_log_is_found_from_its_first_event(log: int) -> None:
    assert tamper(delete(EventRow)) == 1


def test_an_inserted_event_is_found_even_where_it_is_sealed_with_another_key(log: int) -> None:
    last = row(log)
    forged = canonical({"seq": log + 1, "type": "initiative.noted"})
    added = last | {"seq": log + 1, "id": "forged", "text": forged, "seal": seal(str(last["seal"]), forged, b"guess")}
    assert tamper(insert(EventRow).values(**added)) == log + 1


def test_two_events_that_change_places_are_found_at_the_first_of_them(log: int) -> None:
    one, other = row(3), row(5)
    named = ("text", "seal", "data")
    assert (
        tamper(
            update(EventRow).where(EventRow.seq == 3).values({name: other[name] for name in named}),
            update(EventRow).where(EventRow.seq == 5).values({name: one[name] for name in named}),
        )
        == 3
    )


def test_the_columns_that_pages_read_say_what_was_sealed(log: int) -> None:
    """A changed column beside an unchanged sealed text would be a lie that the seal does not see."""
    for column, lie in (("actor", "Någon annan"), ("type", "initiative.closed"), ("data", "{}"), ("data", "inget")):
        before = row(4)[column]
        assert tamper(update(EventRow).where(EventRow.seq == 4).values({column: lie})) == 4
        assert tamper(update(EventRow).where(EventRow.seq == 4).values({column: before})) is None


def test_the_same_events_have_the_same_seals_on_every_database() -> None:
    head = FIRST_SEAL
    for seq in range(1, 4):
        said = canonical({"seq": seq, "text": "å ä ö ” \n", "time": "2026-11-23T08:00:00+01:00"})
        head = seal(head, said, b"key")
    assert head == "43ade7cd6ffac2bc637b65ecde647d1a583d01878fbd1e0808936eacdf71275a"


def test_a_line_break_in_a_value_stays_inside_its_event(log: int) -> None:
    code = make_initiative("Rad ett\nrad två")
    make_decision(code, "note", reason='Först\n{"seq": 99}')
    sealed = current_session().scalars(select(EventRow.text).order_by(EventRow.seq.desc()).limit(1)).one()
    assert "\n" not in sealed
    assert first_broken_event() is None
    assert current_session().execute(text("SELECT count(*) FROM event")).scalar_one() == newest_seq()
