"""The twelve things that a mail server does to a letter, met with a real one: each has exactly one outcome."""

import socket
import time
from collections.abc import Iterator
from contextlib import suppress
from datetime import datetime, timedelta
from threading import Thread

import pytest
from flask import Flask
from sqlalchemy import select, update

from portfolio.base.db import current_session, transaction
from portfolio.letters.actions import retry
from portfolio.letters.jobs import Office, send_all
from portfolio.letters.models import Letter
from portfolio.letters.rules import AT_A_TIME
from portfolio.mail.post import SMTPPost, Undelivered
from portfolio.mail.rules import Outcome, next_attempt
from portfolio.outbox.queries import history_of
from portfolio.people.models import Person
from tests.letters.municipality import NOW, letters, make_letters, office, states
from tests.letters.smtp_server import DROP, DROP_HALFWAY, HANG, HANG_SECONDS, MailServer
from tests.make import CHAIR

TIMEOUT = 1
"""Seconds, where the server is to hang."""
PATIENCE = 20
"""Seconds, where it is only slow because the machine is busy."""
MINUTE = timedelta(minutes=1)
LONGER = timedelta(minutes=2)
"""Longer than the first wait."""


@pytest.fixture
def server() -> Iterator[MailServer]:
    """A mail server that does as it is told."""
    with MailServer() as running:
        yield running


def by(server: MailServer, at: datetime = NOW) -> Office:
    is_to_hang = any(HANG in faults for faults in server.faults.values())
    return office(SMTPPost(server.url, timeout=TIMEOUT if is_to_hang else PATIENCE), at=lambda: at)


def try_again(server: MailServer) -> None:
    """A little later, when the server is well again."""
    send_all(by(server, NOW + LONGER))


def one_waits_with(line: str) -> None:
    [letter] = letters()
    assert letter.state == "queued"
    assert letter.attempts == 1
    assert line in letter.error
    assert NOW + MINUTE <= letter.next_at <= NOW + 1.1 * MINUTE


def test_smtp_1_a_server_that_cannot_be_reached_is_tried_again_later(app: Flask, server: MailServer) -> None:
    make_letters(1)
    with socket.socket() as nobody:
        nobody.bind(("127.0.0.1", 0))
        away = SMTPPost(f"smtp://127.0.0.1:{nobody.getsockname()[1]}", timeout=TIMEOUT)
        assert send_all(office(away)) == 1
    one_waits_with("Mejlservern kunde inte nås")
    assert app.test_client().get("/healthz").status_code == 200
    try_again(server)
    assert (states(), len(server.letters)) == (["sent"], 1)


@pytest.mark.parametrize(
    ("stage", "answer"),
    [
        ("MAIL", "451 try again later"),  # SMTP-2
        ("RCPT", "450 greylisted"),  # SMTP-3
        ("DATA", "451 not now"),
        ("DOT", "452 no room"),  # SMTP-5
    ],
)
def test_smtp_2_3_5_what_is_refused_for_now_is_tried_again(
    app: Flask, server: MailServer, stage: str, answer: str
) -> None:
    make_letters(1)
    server.faults[stage] = [answer]
    send_all(by(server))
    one_waits_with(f"Mejlservern svarade {answer[:3]}: {answer[4:]}")
    assert not letters()[0].possible_duplicate
    try_again(server)
    assert (states(), len(server.letters)) == (["sent"], 1)


def test_smtp_4_an_address_that_is_refused_for_good_is_flagged(app: Flask, server: MailServer) -> None:
    make_letters(1)
    server.refused["chef1@kommunen.example"] = "550 no such user"
    send_all(by(server))
    try_again(server)
    [letter] = letters()
    assert (letter.state, letter.attempts, server.letters) == ("failed", 1, [])
    assert letter.error == "Mejlservern svarade 550: no such user"
    person = current_session().get_one(Person, letter.person_id)
    assert person.bounced_at == NOW
    assert [event.type for event in history_of("person/Chef 1")] == ["reminder.failed"]


def test_smtp_4_an_address_that_takes_a_letter_again_is_good_again(app: Flask, server: MailServer) -> None:
    make_letters(1)
    server.refused["chef1@kommunen.example"] = "550 no such user"
    send_all(by(server))
    server.refused.clear()
    [refused] = letters()
    with transaction():
        retry(refused.id, by=CHAIR, real_now=NOW)
    send_all(by(server))
    [letter] = letters()
    assert letter.state == "sent"
    assert current_session().get_one(Person, letter.person_id).bounced_at is None


@pytest.mark.parametrize("answer", ["554 5.7.1 Relay access denied", "550 5.7.54 Unable to relay recipient"])
def test_smtp_4_a_server_that_works_for_nobody_says_nothing_about_an_address(
    app: Flask, server: MailServer, answer: str
) -> None:
    make_letters(1)
    server.refused["chef1@kommunen.example"] = answer
    send_all(by(server))
    [letter] = letters()
    assert (letter.state, letter.error) == ("failed", f"Mejlservern svarade {answer[:3]}: {answer[4:]}")
    assert current_session().get_one(Person, letter.person_id).bounced_at is None


@pytest.mark.parametrize(("stage", "answer"), [("DOT", "554 spam"), ("MAIL", "553 sender not allowed")])
def test_smtp_6_a_letter_that_is_refused_for_good_failed_and_its_address_is_good(
    app: Flask, server: MailServer, stage: str, answer: str
) -> None:
    make_letters(1)
    server.faults[stage] = [answer]
    send_all(by(server))
    [letter] = letters()
    assert (letter.state, letter.error) == ("failed", f"Mejlservern svarade {answer[:3]}: {answer[4:]}")
    assert current_session().get_one(Person, letter.person_id).bounced_at is None


@pytest.mark.parametrize("stage", ["CONNECT", "MAIL", "DATA"])
def test_smtp_7_a_server_that_hangs_is_waited_for_no_longer_than_the_timeout_and_the_others_go_on(
    app: Flask, server: MailServer, stage: str
) -> None:
    make_letters(3)
    server.faults[stage] = [HANG]
    began = time.monotonic()
    send_all(by(server))
    assert time.monotonic() - began < HANG_SECONDS / 2
    assert states() == ["queued", "sent", "sent"]
    assert letters()[0].error == "Mejlservern svarade inte i tid."
    assert not letters()[0].possible_duplicate
    try_again(server)
    assert (states(), len(server.letters)) == (["sent"] * 3, 3)


def test_smtp_7_a_server_that_hangs_after_the_letter_may_have_it(app: Flask, server: MailServer) -> None:
    make_letters(2)
    server.faults["DOT"] = [HANG]
    send_all(by(server))
    assert states() == ["queued", "sent"]
    assert letters()[0].possible_duplicate


@pytest.mark.parametrize(
    ("said", "pause", "told"),
    [
        (b"2", TIMEOUT / 10, "Mejlservern svarade inte i tid."),
        (b"220-and another line\r\n" * 1000, 0, "Mejlservern bröt förbindelsen."),
    ],
)
def test_smtp_7_an_answer_that_never_ends_is_waited_for_no_longer_than_the_timeout(
    said: bytes, pause: float, told: str
) -> None:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        talker = Thread(target=talk_for_ever, args=(listener, said, pause))
        talker.start()
        began = time.monotonic()
        post = SMTPPost(f"smtp://127.0.0.1:{listener.getsockname()[1]}", timeout=TIMEOUT)
        with pytest.raises(Undelivered) as undelivered:
            post.hand_over("portfolj@kommunen.example", "chef1@kommunen.example", b"Hej!\r\n")
        talker.join()
    assert time.monotonic() - began < 10 * TIMEOUT
    assert (undelivered.value.outcome, undelivered.value.line) == (Outcome.RETRY, told)


def talk_for_ever(listener: socket.socket, said: bytes, pause: float) -> None:
    """Until nobody listens any more."""
    connection, _ = listener.accept()
    end = time.monotonic() + HANG_SECONDS
    with connection, suppress(OSError):
        while time.monotonic() < end:
            connection.sendall(said)
            time.sleep(pause)


@pytest.mark.parametrize(("stage", "fault"), [("MAIL", DROP), ("RCPT", DROP), ("DATA", DROP), ("DATA", DROP_HALFWAY)])
def test_smtp_8_a_connection_that_breaks_before_the_end_of_the_letter_gives_one_copy(
    app: Flask, server: MailServer, stage: str, fault: str
) -> None:
    make_letters(1)
    server.faults[stage] = [fault]
    send_all(by(server))
    one_waits_with("Mejlservern bröt förbindelsen.")
    try_again(server)
    assert (states(), len(server.letters)) == (["sent"], 1)


@pytest.mark.parametrize(("stage", "copies"), [("DOT", 1), ("ACCEPTED", 2)])
def test_smtp_9_a_connection_that_breaks_after_the_letter_may_give_two_copies_with_the_same_message_id(
    app: Flask, server: MailServer, stage: str, copies: int
) -> None:
    make_letters(1)
    server.faults[stage] = [DROP]
    send_all(by(server))
    one_waits_with("Mejlservern bröt förbindelsen.")
    assert letters()[0].possible_duplicate
    try_again(server)
    [letter] = letters()
    assert (letter.state, letter.possible_duplicate, letter.attempts) == ("sent", True, 2)
    assert [copy["Message-ID"] for _, copy in server.letters] == [f"<{letter.id}@portfolj.kommunen.example>"] * copies


def test_smtp_10_one_bad_receiver_among_many_keeps_nothing_from_the_others(app: Flask, server: MailServer) -> None:
    make_letters(2 * AT_A_TIME + 5)
    server.refused["chef7@kommunen.example"] = "550 no such user"
    send_all(by(server))
    expected = {f"chef{one}@kommunen.example" for one in range(1, 2 * AT_A_TIME + 6) if one != 7}
    assert sorted(server.receivers) == sorted(expected)
    assert sorted(states()) == ["failed"] + ["sent"] * (2 * AT_A_TIME + 4)
    assert server.connections == 1


def test_smtp_11_an_address_that_the_server_cannot_take_fails_with_a_clear_text(app: Flask) -> None:
    make_letters(2)
    rename("chef1@kommunen.example", "åsa@kommunen.example")
    with MailServer(utf8=False) as server:
        send_all(by(server))
        assert server.receivers == ["chef2@kommunen.example"]
    assert states() == ["failed", "sent"]
    assert letters()[0].error == "Mejlservern klarar inte adresser med å, ä, ö eller andra särskilda tecken före @."


def test_smtp_11_a_server_that_can_take_such_an_address_gets_it(app: Flask, server: MailServer) -> None:
    make_letters(2)
    rename("chef1@kommunen.example", "åsa@räksmörgås.example")
    send_all(by(server))
    assert server.receivers == ["åsa@xn--rksmrgs-5wao1o.example", "chef2@kommunen.example"]


@pytest.mark.parametrize("address", ["a,b@kommunen.example", "chef>@kommunen.example", "chef"])
def test_what_is_no_address_fails_before_the_server_hears_of_it(app: Flask, server: MailServer, address: str) -> None:
    make_letters(1)
    rename("chef1@kommunen.example", address)
    send_all(by(server))
    [letter] = letters()
    assert (letter.state, letter.error) == ("failed", "Adressen är inte en giltig e-postadress.")
    assert server.connections == 0


def rename(old: str, new: str) -> None:
    with transaction() as session:
        session.execute(update(Person).where(Person.email == old).values(email=new))


def test_smtp_12_five_hundred_letters_wait_for_a_server_that_is_down_for_a_day_and_leave_in_order(
    app: Flask, server: MailServer
) -> None:
    make_letters(500)
    expected = [person_of(letter.person_id) for letter in letters()]
    at, tries = NOW, 0
    with socket.socket() as nobody:
        nobody.bind(("127.0.0.1", 0))
        away = SMTPPost(f"smtp://127.0.0.1:{nobody.getsockname()[1]}", timeout=TIMEOUT)
        while at < NOW + timedelta(hours=24):
            tries += send_all(office(away, at=lambda at=at: at)) > 0
            [waiting_until] = current_session().scalars(select(Letter.next_at).distinct())
            assert waiting_until - at <= timedelta(minutes=66)
            at = waiting_until
    assert tries < 40
    assert set(states()) == {"queued"}
    send_all(by(server, at))
    assert server.receivers == expected
    assert set(states()) == {"sent"}
    assert server.connections == 1


def person_of(person_id: int) -> str:
    return current_session().get_one(Person, person_id).email or ""


def test_a_server_that_closes_a_long_connection_gets_a_new_one(app: Flask, server: MailServer) -> None:
    make_letters(4)
    server.faults["MAIL"] = ["", DROP, "", "421 too many letters"]
    send_all(by(server))
    assert (set(states()), len(server.letters), server.connections) == ({"sent"}, 4, 3)


def test_a_letter_is_tried_again_later_each_time(app: Flask, server: MailServer) -> None:
    make_letters(1)
    at, waits = NOW, []
    for _ in range(5):
        server.faults["RCPT"] = ["450 greylisted"]
        assert send_all(by(server, at)) == 1
        waits.append(letters()[0].next_at - at)
        at = letters()[0].next_at
    assert all(next_attempt(n, 0) <= wait <= next_attempt(n, 1) for n, wait in enumerate(waits, 1))
    assert letters()[0].attempts == 5
