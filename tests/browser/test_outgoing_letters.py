"""Utskick with letters that did not get through, for everybody (WCAG 2.2 AA)."""

import sqlite3
from contextlib import closing
from pathlib import Path

from playwright.sync_api import Page

from tests.browser.steps import sign_in
from tests.browser.test_accessibility import problems_everywhere

WHY = "Mejlservern svarade 550: 5.1.1 The email account that you tried to reach does not exist"


def put_in_letters(path: Path) -> None:
    """Letters in every state, two of which failed, and an address that bounces."""
    with closing(sqlite3.connect(path)) as database, database:
        people = [row[0] for row in database.execute("SELECT id FROM person ORDER BY id LIMIT 6")]
        states = ("failed", "failed", "queued", "sent", "cancelled", "sending")
        for number, (person, state) in enumerate(zip(people, states, strict=True)):
            row = (str(number), person, "2026-11-23", state, 2, "2026-11-23 07:00:00.000000", state == "failed")
            database.execute(
                "INSERT INTO letter (id, person_id, day, state, attempts, due_at, next_at, possible_duplicate, "
                "subject, error) SELECT ?1, ?2, ?3, ?4, ?5, ?6, ?6, ?7, 'Lägesrapport för FI-011', ?8",
                (*row, "" if state == "sent" else WHY),
            )
        database.execute(
            "UPDATE person SET email = 'chef@kommunen.example', bounced_at = '2026-11-23 07:00:00.000000' "
            "WHERE id = ?",
            people[:1],
        )


def test_letters_that_did_not_get_through_shut_nobody_out(page: Page, database: Path) -> None:
    put_in_letters(database)
    sign_in(page, "Kommundirektör")
    assert page.get_by_role("link", name="Visa vilka.").is_visible()
    for address in (
        "/utskick",
        "/utskick?visa=ko",
        "/utskick?visa=avskrivna",
        "/utskick?visa=utan-brev",
        "/personer",
    ):
        page.goto(address)
        assert problems_everywhere(page) == [], address
