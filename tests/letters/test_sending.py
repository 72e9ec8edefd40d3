"""When a letter leaves, when it waits, and what becomes of one that cannot be written."""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from email import message_from_bytes, policy
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import insert, select, update

from portfolio.base.db import transaction
from portfolio.base.portfolio import lock_portfolio
from portfolio.base.time import today
from portfolio.base.workdays import free_day
from portfolio.letters import actions
from portfolio.letters.jobs import Office, send_all
from portfolio.letters.models import Letter
from portfolio.letters.rules import Content, Lease, may_leave, until_tomorrow
from portfolio.letters.writing import sender_of
from portfolio.mail.post import FilePost
from portfolio.people.models import Person
from portfolio.reminders.models import Reminder
from tests.letters.municipality import NOW, Clerk, letters, make_letters, office, states
from tests.make import CHAIR
from tests.meanwhile import somebody_has_done

DAY = timedelta(days=1)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Where the letters end up."""
    return tmp_path / "sent"


def on(folder: Path, now: datetime = NOW, **options: Any) -> Office:
    """The office on another day: the calendar and the machine's time move together."""
    return office(FilePost(folder), now=lambda: now, at=lambda: now, **options)


def sent(folder: Path) -> int:
    return len(list(folder.glob("*.eml")))


def at(written: str) -> datetime:
    return datetime.fromisoformat(written)


def test_a_letter_is_a_whole_file_named_after_its_id(app: Flask, folder: Path) -> None:
    make_letters(1)
    send_all(on(folder))
    [letter] = letters()
    [path] = folder.iterdir()
    assert path.name == f"{letter.id}.eml"
    parsed = message_from_bytes(path.read_bytes(), policy=policy.default)
    assert parsed["X-Delivery-Id"] == letter.id
    assert (letter.state, letter.sent_at, letter.subject) == ("sent", NOW, parsed["Subject"])


def test_a_person_has_one_letter_a_day_and_one_that_waits(app: Flask) -> None:
    make_letters(1)
    [letter] = letters()
    with transaction():
        assert actions.queue_letters([letter.person_id], today(NOW), NOW) == 0
        assert actions.queue_letters([letter.person_id], today(NOW) + DAY, NOW) == 0
    assert len(letters()) == 1


def test_whoever_has_had_a_letter_today_gets_the_next_one_on_another_day(app: Flask, folder: Path) -> None:
    make_letters(1)
    send_all(on(folder))
    person_id = letters()[0].person_id
    with transaction():
        assert actions.queue_letters([person_id], today(NOW), NOW) == 0
        assert actions.queue_letters([person_id], today(NOW) + DAY, NOW + DAY) == 1


@pytest.mark.parametrize(
    ("now", "leaves"),
    [
        ("2026-11-23T07:29:00+01:00", False),
        ("2026-11-23T07:30:00+01:00", True),
        ("2026-11-23T23:59:00+01:00", True),
        ("2026-11-28T09:00:00+01:00", False),  # Saturday
        ("2026-12-24T09:00:00+01:00", False),  # julafton
        ("2027-06-25T09:00:00+02:00", False),  # midsommarafton
        ("2026-10-25T09:00:00+01:00", False),
    ],
)
def test_letters_leave_on_working_days_from_half_past_seven(now: str, leaves: bool) -> None:
    assert may_leave(at(now), free_day) is leaves


def test_a_letter_that_waited_over_a_weekend_leaves_on_monday_as_mondays(app: Flask, folder: Path) -> None:
    make_letters(1)
    assert send_all(on(folder, at("2026-11-28T12:00:00+01:00"))) == 0
    monday = at("2026-11-30T07:30:00+01:00")
    assert send_all(on(folder, monday)) == 1
    [letter] = letters()
    assert (letter.state, letter.day) == ("sent", today(monday))


def test_a_letter_of_yesterday_waits_a_day_longer_if_its_reader_has_had_one_today(app: Flask, folder: Path) -> None:
    make_letters(1)
    person_id, tomorrow = letters()[0].person_id, NOW + DAY
    with transaction() as session:
        todays = {"id": "today", "person_id": person_id, "day": today(tomorrow), "state": "sent", "due_at": NOW}
        rest = {"next_at": NOW, "attempts": 1, "possible_duplicate": False, "subject": "", "error": ""}
        session.execute(insert(Letter), [todays | rest])
    send_all(on(folder, tomorrow))
    waiting = next(letter for letter in letters() if letter.id != "today")
    assert (waiting.state, waiting.error, sent(folder)) == ("queued", "", 0)
    assert waiting.next_at == tomorrow + until_tomorrow(tomorrow)
    send_all(on(folder, tomorrow + DAY))
    assert sent(folder) == 1


def test_two_letters_that_failed_and_are_tried_again_together_leave_on_two_days(app: Flask, folder: Path) -> None:
    make_letters(3)
    person_id = letters()[0].person_id
    theirs = update(Letter).where(Letter.person_id == person_id)
    with transaction() as session:
        session.execute(theirs.values(state="failed", error="550 nej"))
        assert actions.queue_letters([person_id], today(NOW + DAY), NOW) == 1
        session.execute(theirs.values(state="failed", error="550 nej"))
        for one in session.scalars(select(Letter).where(Letter.person_id == person_id)).all():
            actions.retry(one.id, by=CHAIR, real_now=NOW + 2 * DAY)
    send_all(on(folder, NOW + 2 * DAY))
    assert sorted(states()) == ["queued", "sent", "sent", "sent"]
    send_all(on(folder, NOW + 3 * DAY))
    [first, second] = [letter for letter in letters() if letter.person_id == person_id]
    assert {first.day, second.day} == {today(NOW + 2 * DAY), today(NOW + 3 * DAY)}


@pytest.mark.parametrize(
    "waiting",
    [
        {"state": "queued", "next_at": NOW + 365 * DAY, "error": "Mejlservern svarade inte i tid."},
        {"state": "sending", "lease_until": NOW + 365 * DAY, "claim": "gone"},
    ],
)
@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)  # PostgreSQL has its own time for leases
def test_a_letter_from_before_the_machines_time_was_set_back_does_not_wait_for_it(
    app: Flask, folder: Path, waiting: dict[str, Any]
) -> None:
    make_letters(1)
    with transaction() as session:
        session.execute(update(Letter).values(waiting))
    send_all(on(folder))
    assert states() == ["sent"]


def test_until_tomorrow_counts_the_hour_that_comes_twice() -> None:
    assert until_tomorrow(at("2026-10-24T23:00:00+02:00")) == timedelta(hours=1)
    assert until_tomorrow(at("2026-10-25T00:00:00+02:00")) == timedelta(hours=25)


def test_a_letter_of_which_nothing_is_left_is_not_sent(app: Flask, folder: Path) -> None:
    make_letters(2)
    with transaction() as session:
        done = update(Reminder).where(Reminder.subject == "initiative/FI-001")
        session.execute(done.values(state="suppressed", reason="Det är gjort."))
    send_all(on(folder))
    assert states() == ["cancelled", "sent"]
    assert letters()[0].error == "Inget är kvar att påminna om."


def test_a_letter_to_somebody_who_has_no_address_any_more_is_not_sent(app: Flask, folder: Path) -> None:
    make_letters(1)
    with transaction() as session:
        session.execute(update(Person).where(Person.email == "chef1@kommunen.example").values(email=None))
    send_all(on(folder))
    assert (states(), letters()[0].error) == (["cancelled"], "Personen har ingen e-postadress.")


def test_a_letter_that_cannot_be_written_holds_up_none_of_the_others(app: Flask, folder: Path) -> None:
    make_letters(5)
    clerk, bad = Clerk(), letters()[2].id

    def compose(ones: Sequence[Letter], now: datetime) -> Mapping[str, Content | str]:
        if bad in {one.id for one in ones}:
            raise ZeroDivisionError
        return clerk.compose(ones, now)

    send_all(on(folder, compose=compose, settle=clerk.settle))
    assert states() == ["sent", "sent", "failed", "sent", "sent"]
    assert letters()[2].error == "Brevet kunde inte skrivas. Felet står i loggen."


def test_the_rest_of_a_batch_is_given_back_before_the_lease_runs_out(app: Flask, folder: Path) -> None:
    make_letters(5)
    clock = iter(NOW + timedelta(seconds=10 * number) for number in range(1000))
    slow = office(
        FilePost(folder), at=lambda: next(clock), lease=Lease(timedelta(seconds=100), timedelta(seconds=60))
    )
    send_all(slow)
    assert set(states()) == {"sent"}
    assert {letter.attempts for letter in letters()} == {1}


def test_letters_that_cannot_be_claimed_because_others_write_wait_for_the_next_pass(
    app: Flask, settings: Mapping[str, str], folder: Path
) -> None:
    make_letters(1)
    with somebody_has_done(lock_portfolio, settings):
        assert send_all(on(folder)) == 0
    assert states() == ["queued"]
    assert send_all(on(folder)) == 1
    assert states() == ["sent"]


def test_a_folder_that_cannot_be_written_to_is_tried_again(app: Flask, folder: Path) -> None:
    make_letters(3)
    folder.write_text("a file stands in the way")
    send_all(on(folder))
    assert set(states()) == {"queued"}
    folder.unlink()
    send_all(on(folder, NOW + timedelta(minutes=2)))
    assert set(states()) == {"sent"}


def test_the_sender_is_told_by_the_settings() -> None:
    assert sender_of("portfolj@kommunen.se", "https://portfolj.kommunen.se:8443").host == "portfolj.kommunen.se"
    made = sender_of(None, "http://127.0.0.1:5000")
    assert (made.address, made.host) == ("forandringsportfoljen@127.0.0.1", "127.0.0.1")
    assert sender_of(None, "https://portfölj.example").address == "forandringsportfoljen@xn--portflj-e1a.example"
    assert sender_of(None, "http://[::1]:5000").host == "[::1]"
