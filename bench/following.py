"""How long after the coordinator's laptop the projector shows the same item, in real browsers."""

import shutil
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory
from time import perf_counter

from playwright.sync_api import Browser, Page, expect, sync_playwright

from bench.contest import Claim, p95
from tests.browser.find_browser import ADVICE, find_browser
from tests.browser.server import command, serving
from tests.browser.test_meeting import ADDRESS, begin, show
from tests.databases import PostgreSQLServer, SQLiteFiles

IN_STEP_SECONDS = 2
"""How long the projector may be behind, 19 times of 20."""

ITEMS = ("FI-011", "FI-012", "FI-014", "FI-003")


def run(_server: PostgreSQLServer, rounds: int, _largest: int) -> list[Claim]:
    """Turn from item to item so many times, and wait for the projector each time."""
    path = find_browser()
    if path is None:
        raise SystemExit(ADVICE)
    with TemporaryDirectory(prefix="bench-") as name, sync_playwright() as playwright:
        folder = Path(name)
        demo = folder / "demo.sqlite"
        shutil.copyfile(SQLiteFiles(folder).template, demo)
        command(demo, "demo", "load")
        browser = playwright.chromium.launch(executable_path=path, args=["--no-sandbox", "--disable-dev-shm-usage"])
        with serving(demo, folder / "site.sqlite") as site:
            waits = _waits(browser, site, rounds)
        browser.close()
    print(f"  the projector is behind by {median(waits):.2f} s in the middle, {max(waits):.2f} s at the most")
    return [Claim("seconds that the projector is behind, 19 times of 20", p95(waits), IN_STEP_SECONDS)]


def _waits(browser: Browser, site: str, rounds: int) -> list[float]:
    laptop = begin(browser.new_context(base_url=site, locale="sv-SE").new_page())
    projector = _member(browser, site)
    waits = []
    for turn in range(rounds):
        code = ITEMS[turn % len(ITEMS)]
        show(laptop, code)
        began = perf_counter()
        expect(projector.locator("#item-title")).to_contain_text(code)
        waits.append(perf_counter() - began)
    return waits


def _member(browser: Browser, site: str) -> Page:
    screen = browser.new_context(base_url=site, locale="sv-SE").new_page()
    screen.goto("/logga-in")
    screen.get_by_role("button", name="Socialchef").click()
    screen.goto(f"{ADDRESS}?visa=projektor")
    return screen
