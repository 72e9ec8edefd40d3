"""Live pages in a real browser: what others do shows by itself, and what one is doing goes on."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, Request, expect

from tests.browser.steps import KLF, cell, sign_in

NEW_NAME = "Sänkt tak i vår"
MORNING = "2026-11-23T08:00:00"
AT_REST = "() => !document.querySelector('.htmx-request, .htmx-swapping, .htmx-settling')"


@pytest.fixture
def chair(page: Page) -> Page:
    """The Kommundirektör's open page, whose ten seconds pass when the test says so."""
    page.clock.install()
    sign_in(page, "Kommundirektör")
    return page


@pytest.fixture
def other(browser: Browser, site: str) -> Iterator[Page]:
    """Another computer, where the Portföljkoordinator works."""
    context = browser.new_context(base_url=site, locale="sv-SE", java_script_enabled=False)
    page = context.new_page()
    page.goto("/logga-in")
    page.get_by_role("button", name="Portföljkoordinator").click()
    yield page
    context.close()


def asks_again(request: Request) -> bool:
    """Whether an open page looks whether something has changed."""
    return "if-none-match" in request.headers


def ten_seconds_later(page: Page) -> int:
    """Let ten seconds pass; with what status the open page is answered then."""
    with page.expect_response(lambda answer: asks_again(answer.request)) as answer:
        page.clock.fast_forward(10_000)
    status = answer.value.status
    page.wait_for_function(AT_REST)  # what has come is put in its place
    return status


def rename(other: Page, code: str, name: str) -> None:
    """The other one changes the name of an initiative."""
    other.goto(f"/initiativ/{code}/andra")
    other.get_by_label("Namn").fill(name)
    other.get_by_role("button", name="Spara").last.click()
    expect(other.get_by_text(f"{code} är sparat.")).to_be_visible()


def mark(page: Page, selector: str) -> None:
    """Mark an element, so that it is known again if it is the same."""
    page.evaluate("(selector) => document.querySelector(selector).setAttribute('data-mine', 'yes')", selector)


def test_every_ten_seconds_an_open_page_asks_and_is_left_alone_while_nothing_changes(page: Page) -> None:
    """With the browser's real cache: the answers are 304, and nothing is drawn again."""
    page.clock.install(time=MORNING)
    page.clock.pause_at(MORNING)
    sign_in(page, "Kommundirektör")
    asked: list[Request] = []
    page.on("request", lambda request: asked.append(request) if asks_again(request) else None)
    mark(page, "#live-map")
    for times in (1, 2):
        page.clock.run_for(9_900)
        assert len(asked) == times - 1
        with page.expect_response(lambda answer: asks_again(answer.request)) as answer:
            page.clock.run_for(100)
        assert answer.value.status == 304
        page.wait_for_function(AT_REST)
    assert page.locator("#live-map").get_attribute("data-mine") == "yes"
    expect(page.locator("#problems")).to_be_empty()


def test_the_map_shows_what_others_do_and_leaves_what_one_reads_open(chair: Page, other: Page) -> None:
    cell(chair, KLF, 2).click()
    panel = chair.locator("#cell-panel")
    expect(panel.get_by_role("heading").first).to_contain_text(KLF)
    mark(chair, "#cell-panel h2")
    expect(panel.locator("h2")).to_be_focused()
    assert ten_seconds_later(chair) == 304
    rename(other, "FI-001", NEW_NAME)
    assert ten_seconds_later(chair) == 200
    expect(panel.locator("h2")).to_have_attribute("data-mine", "yes")
    expect(panel.locator("h2")).to_be_focused()
    expect(chair.locator("#live-clashes")).to_contain_text(NEW_NAME)
    assert ten_seconds_later(chair) == 304, "what has come is the version that is asked about from now on"


def test_the_keyboard_stays_in_its_cell_and_the_map_where_it_was_scrolled(chair: Page, other: Page) -> None:
    chair.set_viewport_size({"width": 800, "height": 700})
    focused = cell(chair, KLF, 2)
    focused.focus()
    href = focused.get_attribute("href")
    scroll = ".map-frame .scroll"
    chair.evaluate("(part) => { document.querySelector(part).scrollLeft = 240; }", scroll)
    chair.evaluate("scrollTo(0, 180)")
    rename(other, "FI-002", NEW_NAME)
    assert ten_seconds_later(chair) == 200
    assert chair.evaluate("document.activeElement.getAttribute('href')") == href
    assert chair.evaluate("(part) => document.querySelector(part).scrollLeft", scroll) == 240
    assert chair.evaluate("scrollY") == 180


def test_the_list_follows_and_keeps_the_filter_and_what_is_being_typed(chair: Page, other: Page) -> None:
    chair.goto("/initiativ?q=fi-00")
    search = chair.get_by_label("Sök")
    reason = chair.get_by_label("Skäl när du flyttar ett initiativ")
    reason.fill("Beslutat på presidiet")
    reason.evaluate("(box) => box.setSelectionRange(3, 8)")
    assert ten_seconds_later(chair) == 304
    rename(other, "FI-004", NEW_NAME)
    assert ten_seconds_later(chair) == 200
    expect(chair.get_by_role("row", name=NEW_NAME)).to_be_visible()
    expect(search).to_have_value("fi-00")
    expect(reason).to_have_value("Beslutat på presidiet")
    expect(reason).to_be_focused()
    assert reason.evaluate("(box) => [box.selectionStart, box.selectionEnd]") == [3, 8]
    expect(chair.get_by_role("row")).to_have_count(10)


def test_a_filter_chosen_later_is_what_is_asked_for_from_then_on(chair: Page, other: Page) -> None:
    chair.goto("/initiativ")
    chair.get_by_label("Läge").select_option(label="Uppgift saknas")
    expect(chair.get_by_role("row")).to_have_count(4)
    assert "state=unknown" in chair.url
    assert ten_seconds_later(chair) == 304
    rename(other, "FI-008", NEW_NAME)
    assert ten_seconds_later(chair) == 200
    expect(chair.get_by_role("row")).to_have_count(4)
    expect(chair.get_by_role("row", name=NEW_NAME)).to_be_visible()


def test_rows_can_still_be_moved_after_the_list_has_come_anew(chair: Page, other: Page) -> None:
    chair.goto("/initiativ")
    rename(other, "FI-004", NEW_NAME)
    assert ten_seconds_later(chair) == 200
    chair.get_by_role("button", name="Flytta upp FI-004").click()
    expect(chair.get_by_text("Beslutat: FI-004 har plats 3.").first).to_be_visible()
    expect(chair.get_by_role("row").nth(3)).to_contain_text("FI-004")


def test_a_server_that_is_away_is_told_of_once_and_nothing_is_lost(browser: Browser, site: str) -> None:
    context = browser.new_context(base_url=site)  # one of its own: the browser complains of what does not come
    page = context.new_page()
    page.clock.install()
    sign_in(page, "Kommundirektör")
    page.goto("/initiativ")
    reason = page.get_by_label("Skäl när du flyttar ett initiativ")
    reason.fill("Beslutat på presidiet")
    told = "window.told = 0; new MutationObserver(() => window.told++).observe(problems, {childList: true})"
    page.evaluate(told)
    context.set_offline(True)
    for _ in range(3):
        with page.expect_event("requestfailed", asks_again):
            page.clock.fast_forward(10_000)
        page.wait_for_function(AT_REST)
    expect(page.locator("#problems")).to_contain_text("Vi når inte servern.")
    assert page.evaluate("window.told") == 1
    expect(reason).to_be_focused()
    expect(reason).to_have_value("Beslutat på presidiet")
    context.close()
