"""Lägesrapport on a phone, from the link in a mail: two taps and no typing where nothing is new."""

import re

import pytest
from playwright.sync_api import Page, expect

from tests.browser.inspection import problems_of
from tests.browser.steps import sign_in

PHONE = {"width": 320, "height": 640}
FORM = "/initiativ/FI-003/lagesrapport"
EVERYWHERE = pytest.mark.parametrize("context", ["with JavaScript", "without JavaScript"], indirect=True)
FINGER = 44
"""Pixels that a thumb needs, each way."""


class Thumb:
    """Somebody who only taps, and who sees what they tap on without scrolling."""

    def __init__(self, page: Page) -> None:
        self.page, self.taps = page, 0

    def tap(self, words: str) -> None:
        """Tap on a word that is on the screen, large enough and covered by nothing."""
        target = self.page.locator("label, button").filter(has_text=words).filter(visible=True).first
        box = target.bounding_box()
        assert box is not None
        assert min(box["width"], box["height"]) >= FINGER, words
        assert box["y"] + box["height"] <= PHONE["height"], f"{words} is further down than the screen reaches"
        self.page.mouse.click(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
        self.taps += 1


@EVERYWHERE
def test_nothing_new_is_two_taps_and_no_typing(page: Page) -> None:
    page.set_viewport_size(PHONE)
    page.goto(FORM)  # the link in the mail: first to sign in, then to the form
    expect(page).to_have_url(re.compile("/logga-in"))
    page.get_by_role("button", name="Kommunikationschef").click()
    expect(page.get_by_text("Hur går det?")).to_be_visible()
    thumb = Thumb(page)
    thumb.tap("Inget nytt")
    thumb.tap("Skicka")
    expect(page.locator("#flashes")).to_contain_text("Tack. Nästa gång: 11 december 2026.")
    assert thumb.taps == 2


@EVERYWHERE
def test_what_was_typed_on_the_phone_is_never_lost(page: Page) -> None:
    sign_in(page, "Kommunikationschef")
    page.set_viewport_size(PHONE)
    page.goto(FORM)
    page.get_by_label("Behöver bevakas").check()
    page.get_by_label("Vad behöver ni hjälp med?").fill("En jurist i december")
    page.get_by_role("button", name="Skicka").click()
    expect(page.get_by_role("link", name="Skriv vad ni gör åt det.")).to_be_visible()
    expect(page.get_by_label("Behöver bevakas")).to_be_checked()
    expect(page.get_by_label("Vad behöver ni hjälp med?")).to_have_value("En jurist i december")
    page.get_by_label("Vad gör vi åt det?").fill("Vi lånar in en.")
    page.get_by_role("button", name="Skicka").click()
    expect(page.locator("#flashes")).to_contain_text("Tack. Nästa gång: 11 december 2026.")
    expect(page.get_by_role("heading", name="Behöver hjälp med")).to_be_visible()


@pytest.mark.parametrize("state", ["empty", "refused", "over"])
def test_the_form_shuts_nobody_out(page: Page, state: str) -> None:
    sign_in(page, "Kommundirektör")
    page.set_viewport_size(PHONE)
    page.goto("/initiativ/FI-011/lagesrapport" if state == "over" else "/initiativ/FI-006/lagesrapport")
    if state == "refused":
        page.get_by_role("button", name="Skicka").click()
        expect(page.get_by_role("link", name="Välj hur det går.")).to_be_visible()
    assert problems_of(page) == []


def test_the_button_at_the_bottom_never_covers_what_has_focus(page: Page) -> None:
    sign_in(page, "Kommunikationschef")
    page.set_viewport_size(PHONE)
    page.goto(FORM)
    bar = page.locator(".report-form .actions")
    page.get_by_label("På väg enligt plan").focus()
    for _ in range(4):
        page.keyboard.press("Tab")
        focused, below = page.locator(":focus").bounding_box(), bar.bounding_box()
        assert focused is not None
        assert below is not None
        inside = page.evaluate("document.activeElement.closest('.actions') !== null")
        assert inside or focused["y"] + focused["height"] <= below["y"] + 1
