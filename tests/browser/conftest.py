"""A real browser against the real server: gunicorn as in `make run`, on a copy of the demo municipality."""

import re
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Page, Request, expect, sync_playwright

from tests.browser.find_browser import ADVICE, find_browser
from tests.browser.server import command, give_back, serving
from tests.databases import SQLiteFiles

# What a test waits for may take long on a busy machine; where it comes at once, nothing is waited for.
expect.set_options(timeout=20_000)

FEATURES_OFF = (
    # What the address bar suggests, where nobody writes: as much work for every window as our own pages.
    "WebUIOmniboxPopup",
    "WebUIOmniboxAimPopup",
    # A document keeps its frame when the next one comes from the same site: to change frames costs a third more.
    "RenderDocument",
    # What Playwright turns off, since Chromium obeys only the last list that it is given.
    "AvoidUnnecessaryBeforeUnloadCheckSync",
    "DestroyProfileOnBrowserClose",
    "HttpsUpgrades",
    "HttpsFirstBalancedModeAutoEnable",
    "LensOverlay",
    "MediaRouter",
    "PaintHolding",
    "ThirdPartyStoragePartitioning",
    "AvoidCorsURLLoaderRestartOnRedirect",
    "OptimizationHints",
    "NetworkTimeServiceQuerying",
    "AimEnabled",
    "PreconnectToSearch",
)
ARGUMENTS = (
    "--no-sandbox",  # Chromium refuses its sandbox to root
    "--disable-dev-shm-usage",  # /dev/shm is small in containers
    "--disable-gpu",  # there is none, and to imitate one costs more than to draw without
    f"--disable-features={','.join(FEATURES_OFF)}",
)


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """A Chromium; without one the tests fail and say what to install."""
    path = find_browser()
    if path is None:
        pytest.fail(ADVICE)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=ARGUMENTS)
        yield browser
        browser.close()


@pytest.fixture(scope="session")
def demo_file(sqlite: SQLiteFiles, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A database with the demo municipality, loaded once by its own command."""
    path = tmp_path_factory.mktemp("demo") / "demo.sqlite"
    shutil.copyfile(sqlite.template, path)
    command(path, "demo", "load")
    return path


@pytest.fixture(scope="session")
def database(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The file in which the server keeps what it is told."""
    return tmp_path_factory.mktemp("site") / "site.sqlite"


@pytest.fixture(scope="session")
def server(demo_file: Path, database: Path) -> Iterator[str]:
    """The address of the server that the tests share."""
    with serving(demo_file, database) as address:
        yield address


@pytest.fixture
def contents(demo_file: Path) -> Path:
    """What the database holds when a test begins; a module that begins with something else has its own."""
    return demo_file


@pytest.fixture
def site(server: str, contents: Path, database: Path) -> str:
    """The address of a server that nobody has told anything yet, Monday 2026-11-23 at 08.00."""
    give_back(contents, database)
    return server


class Watch:
    """What a browser did that a page of ours must never make it do."""

    def __init__(self, context: BrowserContext, site: str) -> None:
        self.site = site
        self.requests_elsewhere: list[str] = []
        self.complaints: list[str] = []
        context.on("request", self._see_request)
        context.on("console", self._see_message)
        context.on("weberror", lambda error: self._hear("error", str(error.error)))

    def _see_request(self, request: Request) -> None:
        if not re.match(rf"{re.escape(self.site)}(/|$)|data:|blob:|about:", request.url):
            self.requests_elsewhere.append(request.url)

    def _see_message(self, message: ConsoleMessage) -> None:
        is_the_page = message.page is not None and message.location["url"] == message.page.url
        # A page that is not there says so itself, and so does a link that nobody of ours has made.
        if not (is_the_page and re.search(r"status of 40[04] ", message.text)):
            self._hear(message.type, message.text)

    def _hear(self, kind: str, text: str) -> None:
        # The browser itself reports every answer 4xx; a refused start is 409 and a wrong field 422 by design.
        # htmx reports a question that was given up because a newer one, or another page, was asked for.
        if kind == "error" and not re.search(r"status of (409|422) |^htmx:(afterRequest|sendAbort),", text):
            self.complaints.append(text)

    def expect_nothing(self) -> None:
        """Fail if a page asked another host for something, broke the CSP or raised an error."""
        assert self.requests_elsewhere == []
        assert self.complaints == []


@pytest.fixture(params=["with JavaScript"])
def context(request: pytest.FixtureRequest, browser: Browser, site: str) -> Iterator[BrowserContext]:
    """A fresh browser window in Sweden; `parametrize("context", ["without JavaScript"], indirect=True)`."""
    context = browser.new_context(
        base_url=site,
        java_script_enabled=request.param == "with JavaScript",
        locale="sv-SE",
        timezone_id="Europe/Stockholm",
        viewport={"width": 1280, "height": 900},
    )
    watch = Watch(context, site)
    yield context
    context.close()
    watch.expect_nothing()


@pytest.fixture
def page(context: BrowserContext) -> Page:
    """An empty page; `page.goto("/")` opens the product."""
    return context.new_page()
