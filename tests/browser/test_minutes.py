"""The minutes in a browser: the draft is completed and corrected, and every page on the way is for everybody."""

import shutil
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from portfolio.app import create_app
from portfolio.base.db import db
from tests.browser.server import environment_of
from tests.browser.steps import sign_in
from tests.browser.test_accessibility import problems_everywhere
from tests.meetings import held

ADDRESS = "/anteckningar/2026-11-24"


@pytest.fixture(scope="module")
def contents(demo_file: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A municipality that has held its meeting."""
    held_file = tmp_path_factory.mktemp("held") / "held.sqlite"
    shutil.copyfile(demo_file, held_file)
    with create_app(environment_of(held_file)).app_context():
        held.hold()
        db.session.remove()
        db.engine.dispose()
    return held_file


def test_the_minutes_are_completed_and_corrected_on_pages_that_shut_nobody_out(page: Page) -> None:
    sign_in(page, "Kommundirektör")
    page.goto(ADDRESS)
    page.locator("summary", has_text="Vilka som var med").click()
    assert problems_everywhere(page) == []
    page.get_by_role("button", name="Färdigställ").click()
    expect(page.locator(".flash", has_text="Anteckningarna är färdigställda.")).to_be_visible()
    assert problems_everywhere(page) == []
    page.get_by_role("link", name="Rätta").click()
    page.get_by_role("button", name="Spara rättelsen").click()
    expect(page.locator("#error-summary")).to_be_focused()
    assert problems_everywhere(page) == []
    page.get_by_label("Varför rättas anteckningarna?").fill("Platsen saknades.")
    page.get_by_label("Plats", exact=False).first.fill("Sessionssalen")
    page.get_by_role("button", name="Spara rättelsen").click()
    expect(page.get_by_role("heading", name="Versioner")).to_be_visible()
    assert problems_everywhere(page) == []
    for address in ("/anteckningar", "/anteckningar?visa=oppna", f"{ADDRESS}?fullstandig=1", "/inte-nu"):
        page.goto(address)
        assert problems_everywhere(page) == [], address


def test_on_paper_only_the_minutes_are_left(page: Page) -> None:
    sign_in(page, "Kommundirektör")
    page.goto(ADDRESS)
    page.emulate_media(media="print")
    expect(page.get_by_role("heading", name="Minnesanteckningar LG 2026-11-24")).to_be_visible()
    expect(page.get_by_role("button", name="Färdigställ")).to_be_hidden()
    expect(page.locator("summary", has_text="Vilka som var med")).to_be_hidden()
