"""Where things stand: nothing scrolls within the page, and the answer comes before what sends."""

import pytest
from playwright.sync_api import Page, expect

from tests.browser.steps import open_decision, sign_in

SCROLLS_WITHIN = """() => [...document.querySelectorAll("main *")].filter((one) =>
  ["auto", "scroll"].includes(getComputedStyle(one).overflowY) && one.scrollHeight > one.clientHeight + 1
).map((one) => one.className)"""
SIDES = "() => [...document.querySelectorAll('.stack-table td')].map((one) => getComputedStyle(one).textAlign)"
WIDER_THAN_THE_SCREEN = "() => document.documentElement.scrollWidth > innerWidth"


def test_a_low_window_scrolls_as_one_page(page: Page) -> None:
    page.set_viewport_size({"width": 1280, "height": 800})
    sign_in(page, "Kommundirektör")
    page.goto("/personer")
    assert page.evaluate(SCROLLS_WITHIN) == []
    open_decision(page, "FI-011", "Starta")
    expect(page.get_by_text("Ryms inte vecka 2.")).to_be_visible()
    assert page.evaluate(SCROLLS_WITHIN) == []
    page.keyboard.press("End")
    expect(page.get_by_role("button", name="Räkna om")).to_be_in_viewport()


@pytest.mark.parametrize("context", ["with JavaScript", "without JavaScript"], indirect=True)
def test_on_a_phone_the_answer_comes_before_what_sends(page: Page) -> None:
    page.set_viewport_size({"width": 320, "height": 700})
    sign_in(page, "Kommundirektör")
    page.goto("/initiativ/nytt")
    answer = page.get_by_role("heading", name="Ryms det?").bounding_box()
    send = page.get_by_role("button", name="Skicka förslag", exact=True).bounding_box()
    assert answer is not None
    assert send is not None
    assert answer["y"] < send["y"]


def test_the_projector_fits_a_narrow_screen(page: Page) -> None:
    page.set_viewport_size({"width": 320, "height": 700})
    sign_in(page, "Kommundirektör")
    page.goto("/?tathet=projektor")
    assert not page.evaluate(WIDER_THAN_THE_SCREEN)
    page.goto("/enheter")
    assert set(page.evaluate(SIDES)) == {"left"}


def test_the_longest_word_breaks_before_it_widens_the_page(page: Page) -> None:
    sign_in(page, "Kommundirektör")
    page.goto("/initiativ/FI-012/andra")
    page.get_by_label("Namn", exact=True).fill("Larmcentral" * 8)
    page.get_by_role("button", name="Spara", exact=True).click()
    expect(page.locator("#flashes")).to_contain_text("FI-012")
    for width in (320, 1280):
        page.set_viewport_size({"width": width, "height": 700})
        for address in ("/initiativ/FI-012", "/initiativ/FI-012/beslut", "/mote/2026-11-24", "/prioritering/min"):
            page.goto(address)
            assert not page.evaluate(WIDER_THAN_THE_SCREEN), (address, width)


def test_a_chosen_impact_looks_chosen_at_once(page: Page) -> None:
    sign_in(page, "Kommundirektör")
    page.goto("/initiativ/nytt")
    choice = page.get_by_label("Socialförvaltningen, Genomföra", exact=True)
    expect(choice).to_have_class("level-0")
    choice.select_option(label="3 Stor")
    expect(choice).to_have_class("level-3")
    choice.select_option(label="? Obedömd")
    expect(choice).to_have_class("level-unrated")
