"""Take the pictures in docs/pictures/ anew: `.venv/bin/python -m tests.browser.pictures`.

They show the demo municipality on Monday 2026-11-23, in the light theme, on a screen 1280 pixels wide.
"""

import sys
from collections.abc import Callable
from pathlib import Path
from tempfile import TemporaryDirectory

from playwright.sync_api import Page, sync_playwright

from tests.browser.find_browser import ADVICE, find_browser
from tests.browser.server import command, serving
from tests.browser.steps import KLF, decide, plan_one_step, sign_in
from tests.house.sources import ROOT

FOLDER = ROOT / "docs" / "pictures"


def load_map(page: Page) -> None:
    """Belastning, as everybody meets it."""
    page.goto("/")


def live_preview(page: Page) -> None:
    """Nytt förslag, with the answer beside it."""
    page.goto("/initiativ/nytt")
    page.get_by_label("Namn", exact=True).fill("Ny växel")
    plan_one_step(page, unit=KLF, level="1 Liten", weeks=6, start="v. 2")
    page.get_by_role("button", name="Räkna om").click()
    page.get_by_text("Tidigast möjliga start").wait_for()
    page.evaluate("scrollTo(0, 0)")


def refused_start(page: Page) -> None:
    """A start that would overload two units is refused in place, with ways forward."""
    decide(page, "FI-011", "Starta", "Skolan väntar på systemet")
    page.get_by_role("heading", name="Det går inte att starta").wait_for()


PICTURES: tuple[Callable[[Page], None], ...] = (load_map, live_preview, refused_start)


def name_of(show: Callable[[Page], None]) -> str:
    """The file that holds a picture."""
    return f"{show.__name__.replace('_', '-')}.png"


def main() -> None:
    """Serve a fresh demo municipality and take every picture."""
    browser_path = find_browser()
    if browser_path is None:
        sys.exit(ADVICE)
    with TemporaryDirectory() as folder:
        demo = Path(folder) / "demo.sqlite"
        command(demo, "db", "upgrade")
        command(demo, "demo", "load")
        with serving(demo, Path(folder) / "site.sqlite") as address, sync_playwright() as playwright:
            browser = playwright.chromium.launch(executable_path=browser_path, args=["--no-sandbox"])
            page = browser.new_page(base_url=address, locale="sv-SE", viewport={"width": 1280, "height": 960})
            sign_in(page, "Kommundirektör")
            for show in PICTURES:
                show(page)
                page.screenshot(path=FOLDER / name_of(show))
            browser.close()


if __name__ == "__main__":
    main()
