"""The server that the browser tests share: what one of them changes, the next one never sees."""

import pytest
from playwright.sync_api import Page, expect

from tests.browser.steps import sign_in


@pytest.mark.parametrize("turn", ["first", "second"])
def test_an_initiative_that_another_test_has_renamed_has_its_name_again(page: Page, turn: str) -> None:
    sign_in(page, "Kommundirektör")
    page.goto("/initiativ/FI-001/andra")
    name = page.get_by_label("Namn", exact=True)
    expect(name).to_have_value("E-arkiv för hela kommunen")
    name.fill(f"Ett annat namn, {turn}")
    page.get_by_role("button", name="Spara").last.click()
    expect(page.locator("#flashes")).to_contain_text("FI-001 är sparat.")
