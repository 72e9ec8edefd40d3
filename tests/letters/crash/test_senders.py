"""Several senders at once, one that stands still for too long, and one that is told to stop."""

import os
import signal
from collections import Counter
from collections.abc import Mapping
from pathlib import Path
from time import sleep

from flask import Flask

from portfolio.letters.jobs import send_all
from portfolio.letters.rules import Lease
from portfolio.mail.post import SMTPPost
from tests.letters.crash.accidents import mail_server, unpaired
from tests.letters.crash.sending import LEASE, Orders, machine_time, start
from tests.letters.municipality import SENDER, letters, make_letters, office, states
from tests.letters.smtp_server import MailServer

MANY, SENDERS = 400, 4


def test_sch_5_four_senders_at_once_send_each_of_many_letters_once(
    app: Flask, settings: Mapping[str, str], tmp_path: Path
) -> None:
    make_letters(MANY)
    with mail_server(tmp_path / "accepted") as mail:
        senders = [start(Orders(settings["DATABASE_URL"], mail, lease=Lease())) for _ in range(SENDERS)]
        for one in senders:
            one.wait_until_begun()
        for one in senders:
            one.end()
    accepted = Counter((tmp_path / "accepted").read_text().split())
    assert accepted == Counter(f"<{letter.id}@{SENDER.host}>" for letter in letters())
    assert set(states()) == {"sent"}
    assert unpaired() == 0


def test_sch_6_a_sender_that_stood_still_for_longer_than_its_lease_marks_nothing(
    app: Flask, settings: Mapping[str, str]
) -> None:
    make_letters(1)
    with MailServer() as server:
        stopped: list[int] = []

        def stop_it(_name: str) -> None:
            if not stopped:
                stopped.append(sender.process.pid or 0)
                os.kill(stopped[0], signal.SIGSTOP)

        server.on_accept = stop_it
        sender = start(Orders(settings["DATABASE_URL"], server.url))
        sender.wait_until_begun()
        assert server.arrived.wait(30)
        sleep(LEASE.length.total_seconds() + 0.2)
        assert states() == ["sending"]
        send_all(office(SMTPPost(server.url), at=machine_time, lease=LEASE))
        assert states() == ["sent"]
        os.kill(stopped[0], signal.SIGCONT)
        assert "the lease ran out, and another sender has it" in sender.end()[0]
        [letter] = letters()
        assert (letter.state, letter.attempts) == ("sent", 2)
        assert [copy["Message-ID"] for _, copy in server.letters] == [f"<{letter.id}@{SENDER.host}>"] * 2
    assert unpaired() == 0


def test_sch_7_a_sender_that_is_told_to_stop_finishes_its_letter_and_gives_the_rest_back(
    app: Flask, settings: Mapping[str, str]
) -> None:
    make_letters(30)
    with MailServer() as server:
        accepted: list[str] = []

        def stop_at_the_third(name: str) -> None:
            accepted.append(name)
            if len(accepted) == 3:
                os.kill(sender.process.pid or 0, signal.SIGTERM)

        server.on_accept = stop_at_the_third
        sender = start(Orders(settings["DATABASE_URL"], server.url))
        sender.wait_until_begun()
        sender.end()
    found = Counter(states())
    assert found["sending"] == 0
    assert found["sent"] == len(accepted)
    assert 3 <= found["sent"] <= 4
    assert {letter.attempts for letter in letters() if letter.state == "queued"} == {0}
