"""The meeting on two screens: the coordinator's laptop and the projector."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser.inspection import problems_of
from tests.browser.steps import sign_in

ADDRESS = "/mote/2026-11-24"


@pytest.fixture
def laptop(page: Page) -> Page:
    """The coordinator's screen, where the meeting has begun."""
    return begin(page)


def begin(page: Page) -> Page:
    sign_in(page, "Portföljkoordinator")
    page.goto(ADDRESS)
    page.get_by_role("button", name="Starta mötet").click()
    expect(page.get_by_text("5 punkter kvar")).to_be_visible()
    return page


@pytest.fixture
def projector(browser: Browser, site: str, laptop: Page) -> Iterator[Page]:
    """Another screen in the room, which a member has opened."""
    context = browser.new_context(base_url=site, locale="sv-SE", viewport={"width": 1920, "height": 1080})
    screen = context.new_page()
    screen.goto("/logga-in")
    screen.get_by_role("button", name="Socialchef").click()
    screen.goto(f"{ADDRESS}?visa=projektor")
    yield screen
    context.close()


def show(laptop: Page, code: str) -> None:
    laptop.get_by_role("button", name=code).click()
    expect(laptop.locator("#item-title")).to_contain_text(code)


def test_the_projector_follows_the_laptop(laptop: Page, projector: Page) -> None:
    for code in ("FI-011", "FI-012", "FI-014", "FI-003"):
        show(laptop, code)
        expect(projector.locator("#item-title")).to_contain_text(code)


def test_an_item_is_decided_and_taken_back_by_the_keyboard(laptop: Page, projector: Page) -> None:
    laptop.locator("h1").click()
    for code in ("FI-003", "FI-011"):
        laptop.keyboard.press("ArrowDown")
        expect(laptop.locator("#item-title")).to_contain_text(code)
    laptop.keyboard.press("n")
    reason = laptop.get_by_label("Anteckning", exact=True)
    expect(reason).to_be_visible()
    reason.fill("Vi noterar. Starten väntar.")
    laptop.get_by_role("button", name="Notera").last.click()
    expect(laptop.locator("#flashes")).to_contain_text("Beslutat: FI-011 får en anteckning.")
    expect(projector.get_by_text("Får en anteckning: Vi noterar. Starten väntar.")).to_be_visible()
    laptop.keyboard.press("Control+z")
    expect(laptop.locator("#flashes")).to_contain_text("Beslutet är ångrat.")
    expect(projector.get_by_text("Får en anteckning: Vi noterar. Starten väntar.")).to_have_count(0)


def test_keys_that_are_switched_off_do_nothing_and_stay_so_when_the_page_is_opened_again(laptop: Page) -> None:
    switch = laptop.get_by_label("Använd kortkommandon")
    laptop.get_by_text("Kortkommandon", exact=True).click()
    expect(switch).to_be_checked()
    switch.uncheck()
    laptop.reload()
    laptop.get_by_text("Kortkommandon", exact=True).click()
    expect(switch).not_to_be_checked()
    title = laptop.locator("#item-title").text_content()
    laptop.locator("h1").click()
    laptop.keyboard.press("ArrowDown")
    laptop.wait_for_timeout(500)
    assert laptop.locator("#item-title").text_content() == title


def test_what_was_typed_outlives_a_lost_network(browser: Browser, site: str) -> None:
    context = browser.new_context(base_url=site)  # one of its own: the browser complains of what does not come
    laptop = begin(context.new_page())
    show(laptop, "FI-011")
    reason = laptop.get_by_label("Skäl", exact=True)
    reason.fill("Rektorerna väntar.")
    laptop.get_by_label("Skäl att starta ändå").fill("Allt är förberett.")
    context.set_offline(True)
    laptop.get_by_role("button", name="Starta").last.click()
    expect(laptop.locator("#problems")).to_contain_text("Vi når inte servern.")
    context.set_offline(False)
    expect(reason).to_have_value("Rektorerna väntar.")
    laptop.get_by_label("Startvecka").fill("v. 7 2027")
    laptop.get_by_role("button", name="Starta").last.click()
    expect(laptop.locator("#flashes")).to_contain_text("Beslutat: FI-011 startar vecka 7.")
    context.close()


@pytest.mark.parametrize("width", [1920, 320])
def test_the_meeting_shuts_nobody_out(laptop: Page, width: int) -> None:
    show(laptop, "FI-011")
    laptop.set_viewport_size({"width": width, "height": 900})
    assert problems_of(laptop) == []


def test_the_answer_and_the_button_are_in_view_whatever_is_chosen(laptop: Page) -> None:
    laptop.set_viewport_size({"width": 1920, "height": 1080})
    show(laptop, "FI-011")
    expect(laptop.get_by_role("button", name="Starta").last).to_be_in_viewport(ratio=1)
    laptop.get_by_role("button", name="Välj vecka 7").click()
    expect(laptop.get_by_text("Ryms precis.")).to_be_in_viewport(ratio=1)
    expect(laptop.get_by_text("Om vi väntar:")).to_be_in_viewport(ratio=1)
    expect(laptop.locator("#preview")).to_be_focused()
    expect(laptop.get_by_role("button", name="Starta").last).to_be_in_viewport(ratio=1)
    laptop.set_viewport_size({"width": 320, "height": 700})
    show(laptop, "FI-014")
    expect(laptop.locator("#item-title")).to_be_in_viewport()


def test_what_is_wrong_is_not_hidden_by_the_answer_above_it(laptop: Page) -> None:
    laptop.set_viewport_size({"width": 1280, "height": 800})
    show(laptop, "FI-011")
    laptop.get_by_role("button", name="Starta").last.click()
    wrong = laptop.locator("#error-summary")
    expect(wrong).to_be_focused()
    laptop.mouse.wheel(0, 400)
    expect(laptop.locator("#preview")).to_have_css("position", "static")
    wrong.click(trial=True)


def test_a_decision_is_written_and_taken_with_the_keyboard_alone(laptop: Page) -> None:
    show(laptop, "FI-014")
    laptop.locator("h1").click()
    laptop.keyboard.press("?")
    expect(laptop.get_by_label("Använd kortkommandon")).to_be_in_viewport()
    laptop.keyboard.press("n")
    expect(laptop.get_by_label("Anteckning", exact=True)).to_be_focused()
    laptop.keyboard.type("Vi väntar.")
    laptop.keyboard.press("Control+Enter")
    expect(laptop.locator("#flashes")).to_contain_text("Beslutat: FI-014 får en anteckning.")


def test_a_second_screen_that_leads_follows_and_keeps_what_is_half_written(
    browser: Browser, site: str, laptop: Page
) -> None:
    context = browser.new_context(base_url=site, locale="sv-SE")
    chair = context.new_page()
    sign_in(chair, "Kommundirektör")
    chair.goto(ADDRESS)
    show(laptop, "FI-012")
    expect(chair.locator("#item-title")).to_contain_text("FI-012")
    chair.get_by_label("Skäl", exact=True).fill("Larmen ökar.")
    show(laptop, "FI-014")
    expect(chair.get_by_text("Mötet har gått vidare till FI-014")).to_be_visible()
    expect(chair.get_by_label("Skäl", exact=True)).to_have_value("Larmen ökar.")
    chair.get_by_role("link", name="Följ med").click()
    expect(chair.locator("#item-title")).to_contain_text("FI-014")
    context.close()


# S0-05
def test_the_whole_room_sees_all_of_an_item_without_anybody_scrolling(laptop: Page, projector: Page) -> None:
    show(laptop, "FI-011")
    expect(projector.locator("#item-title")).to_contain_text("FI-011")
    expect(projector.get_by_text("Om vi väntar:")).to_be_visible()
    assert projector.evaluate("document.documentElement.scrollHeight") <= 1080


def test_an_item_that_is_moved_keeps_its_place_in_view_and_the_focus(page: Page) -> None:
    sign_in(page, "Portföljkoordinator")
    page.goto("/dagordning/2026-11-24")
    page.locator("[id='up-proposal/FI-014']").click()
    expect(page.locator("#flashes")).to_contain_text("Punkten är flyttad.")
    expect(page.locator("[id='up-proposal/FI-014']")).to_be_focused()
    expect(page.get_by_role("button", name="Ångra")).to_be_in_viewport()
    page.get_by_role("button", name="Ångra").click()
    expect(page.get_by_role("button", name="Flytta upp punkt 5")).to_have_id("up-proposal/FI-014")


def test_the_count_on_the_button_that_ends_the_meeting_follows_another_screen(
    laptop: Page, browser: Browser, site: str
) -> None:
    context = browser.new_context(base_url=site, locale="sv-SE")
    chair = context.new_page()
    sign_in(chair, "Kommundirektör")
    chair.goto(ADDRESS)
    button = chair.get_by_role("button", name="Avsluta mötet")
    expect(button).to_have_text("Avsluta mötet och bordlägg 5 punkter")
    laptop.goto(f"{ADDRESS}?code=FI-001&kind=note")
    laptop.get_by_label("Anteckning", exact=True).fill("Vi vet.")
    laptop.get_by_role("button", name="Notera").last.click()
    expect(button).to_have_text("Avsluta mötet och bordlägg 4 punkter")
    context.close()
