"""A session that is about to end says so in time, and can be prolonged (WCAG 2.2.1)."""

import re

from playwright.sync_api import Page, expect

from tests.browser.steps import open_decision, sign_in

ALMOST_EIGHT_HOURS = 8 * 3600 - 119
"""Seconds: one more than two minutes before a session that rests is over."""


def rest(page: Page, seconds: int) -> None:
    """Let time go by in the browser, with nobody at the keyboard."""
    page.clock.fast_forward(seconds * 1000)


def test_who_has_rested_for_long_is_warned_and_stays_by_one_press(page: Page) -> None:
    page.clock.install()
    sign_in(page, "Kommundirektör")
    page.goto("/initiativ/FI-012")  # a page that asks for nothing by itself
    warning = page.locator("#session")
    rest(page, ALMOST_EIGHT_HOURS - 60)
    expect(warning).to_be_empty()
    rest(page, 60)
    expect(warning).to_contain_text("Du loggas ut om 2 minuter.")
    warning.get_by_role("button", name="Fortsätt vara inloggad").click()
    expect(warning).to_be_empty()
    expect(page.locator("#status")).to_have_text("Du är fortfarande inloggad.")
    rest(page, 600)
    expect(warning).to_be_empty()


def test_when_the_session_is_over_what_is_typed_stays_and_the_way_in_is_shown(page: Page) -> None:
    page.clock.install()
    sign_in(page, "Kommundirektör")
    open_decision(page, "FI-012", "Notera")
    page.get_by_label("Anteckning", exact=True).fill("Halvskriven anteckning")
    rest(page, 5)
    page.wait_for_load_state("networkidle")  # the preview of what is typed has come
    rest(page, ALMOST_EIGHT_HOURS)
    rest(page, 180)
    expect(page.locator("#session")).to_contain_text("Du är utloggad.")
    expect(page.get_by_role("link", name="Logga in i en ny flik")).to_have_attribute("href", re.compile("/logga-in"))
    expect(page.get_by_label("Anteckning", exact=True)).to_have_value("Halvskriven anteckning")


def test_whoever_works_is_never_warned(page: Page) -> None:
    page.clock.install()
    sign_in(page, "Kommundirektör")
    page.goto("/initiativ")
    rest(page, ALMOST_EIGHT_HOURS - 300)
    with page.expect_response(re.compile("/initiativ[?]")):
        page.get_by_label("Sök").fill("e-arkiv")
    rest(page, 600)
    expect(page.locator("#session")).to_be_empty()
