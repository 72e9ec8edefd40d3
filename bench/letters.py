"""Letters that leave, against a bare loop that builds each EmailMessage and sends it with smtplib.

Both send the same texts to the same mail server, a process of its own, over one connection each. The bare loop
knows what to send; ours claims each letter, writes it from a template, and marks it and its reminder for good.
"""

import gc
import smtplib
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from datetime import datetime, timedelta
from email.message import EmailMessage
from functools import partial
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory
from time import perf_counter

from bench.contest import Claim
from config import ROOT
from portfolio.app import create_app
from portfolio.base.db import current_session, db
from portfolio.letters.jobs import Office, send_due
from portfolio.letters.rules import AT_A_TIME, Content
from portfolio.mail.post import SMTPPost
from portfolio.reminders.actions import settle
from portfolio.reminders.jobs import Composer
from tests.databases import PostgreSQLServer, SQLiteFiles
from tests.letters.municipality import NOW, SENDER, letters, make_letters, office
from tests.make import make_decision, make_initiative, make_unit

LETTERS, A_TURN = 2000, 100
WARM_UP = 100
"""Letters before the clock runs: the first ones load what all the others use."""

BASE = f"https://{SENDER.host}"

AT_MOST = 1 / 0.6
"""How many times the bare loop's time ours may take; the aim is 1 / 0.8."""
MOST_GROWN_MB = 4


def run(server: PostgreSQLServer, rounds: int, largest: int) -> list[Claim]:
    """Send on both databases."""
    with TemporaryDirectory(prefix="bench-") as folder:
        databases = (("SQLite", SQLiteFiles(Path(folder)).migrated), ("PostgreSQL", server.migrated))
        return [claim for name, migrated in databases for claim in _on(name, migrated, Path(folder, f"{name}.log"))]


def _on(name: str, migrated: Callable[[], AbstractContextManager[str]], log: Path) -> Iterator[Claim]:
    with migrated() as url, _mail_server(log) as port:
        app = create_app({"DATABASE_URL": url, "SECRET_KEY": "only in benchmarks", "TESTING": "1"})
        with app.app_context():
            ours, bare, grown = _take_turns(port, _fill())
            assert {letter.state for letter in letters()} == {"sent"}
            current_session().rollback()
            db.engine.dispose()
    assert len(log.read_text().split()) == 2 * (LETTERS + WARM_UP)
    rate, bare_rate = A_TURN / median(ours), A_TURN / median(bare)
    print(f"  {name}: {rate:.0f} letters a second, a bare loop {bare_rate:.0f}: {rate / bare_rate:.2f} of its rate")
    print(f"  {name}: the memory grew by {grown:.1f} MB in {LETTERS} letters")
    yield Claim(f"times a bare loop's time that a letter takes with {name}", median(ours) / median(bare), AT_MOST)
    yield Claim(f"MB that sending {LETTERS} letters with {name} adds", grown, MOST_GROWN_MB)


def _fill() -> Content:
    """Two thousand people who are to be told of the same decision; what each of their letters says."""
    make_unit("KLF", limit=9)
    code = make_initiative("Nytt schema- och frånvarosystem i skolan", impacts={"KLF": 2})
    decision = make_decision(code, "reject").decision
    matter = {"rule": "proposal_answered", "subject": f"initiative/{code}", "period": f"decision {decision.id}"}
    make_letters(LETTERS + WARM_UP, matter=matter)
    first = letters()[0]
    content = _composer()([first], NOW)[first.id]
    assert isinstance(content, Content)
    return content


def _composer() -> Composer:
    return Composer(BASE, lambda person_id: f"{BASE}/avbestall/{person_id}")


def _take_turns(port: int, content: Content) -> tuple[list[float], list[float], float]:
    """Seconds of each turn of ours and of the bare loop's, and by how many MB the memory grew."""
    ours: list[float] = []
    bare: list[float] = []
    with smtplib.SMTP("127.0.0.1", port) as connection, SMTPPost(f"smtp://127.0.0.1:{port}") as post:
        desk = office(post, at=_machine_time, compose=_composer(), settle=partial(settle, now=NOW))
        _send_ours(desk, WARM_UP)
        _send_bare(connection, content, WARM_UP)
        gc.collect()
        gc.freeze()
        before = _megabytes()
        for turn in range(LETTERS // A_TURN):
            both = [(ours, lambda: _send_ours(desk, A_TURN)), (bare, lambda: _send_bare(connection, content, A_TURN))]
            for times, send in both if turn % 2 else reversed(both):
                began = perf_counter()
                send()
                times.append(perf_counter() - began)
        gc.unfreeze()
        return ours, bare, _megabytes() - before


def _send_ours(desk: Office, number: int) -> None:
    for _ in range(number // AT_A_TIME):
        assert send_due(desk) == AT_A_TIME


def _send_bare(connection: smtplib.SMTP, content: Content, number: int) -> None:
    """The same texts, ready beforehand, built and sent as the standard library's documentation shows it."""
    for at in range(number):
        one = EmailMessage()
        one["Subject"] = content.subject
        one["From"] = f"Förändringsportföljen, Kommunen <{SENDER.address}>"
        one["To"] = f"Chef {at} <chef{at}@kommunen.example>"
        one["Message-ID"] = f"<{at}@{SENDER.host}>"
        one["Date"] = NOW
        one["Auto-Submitted"] = "auto-generated"
        one.set_content(content.text)
        one.add_alternative(content.html, subtype="html")
        connection.send_message(one)


def _machine_time() -> datetime:
    """The machine's time, were the letters due today."""
    return NOW + timedelta(seconds=perf_counter())


def _megabytes() -> float:
    """What this process holds in memory now."""
    pages = int(Path("/proc/self/statm").read_text().split()[1])
    return pages * 4096 / 1024**2


@contextmanager
def _mail_server(log: Path) -> Iterator[int]:
    """A mail server in a process of its own; its port."""
    command = [sys.executable, "-m", "tests.letters.smtp_server", str(log)]
    process = subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True)
    assert process.stdout is not None
    try:
        yield int(process.stdout.readline())
    finally:
        process.kill()
        process.wait()
        process.stdout.close()
