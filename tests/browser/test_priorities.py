"""Prioritering in a real browser: moved by the keyboard and by hand, and all of it also without JavaScript."""

import re

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.browser.steps import sign_in


def row(page: Page, code: str) -> Locator:
    """The row of one initiative in the group's order."""
    return page.get_by_role("row").filter(has=page.get_by_role("rowheader", name=re.compile(code)))


def own(page: Page) -> Locator:
    """The rows of one's own order."""
    return page.get_by_role("list", name="Min ordning").get_by_role("listitem")


# S1-03
def test_the_groups_order_is_moved_by_the_keyboard_and_the_focus_goes_with_it(page: Page) -> None:
    sign_in(page, "Kommundirektör")
    page.goto("/prioritering")
    button = page.get_by_role("button", name="Flytta upp FI-011")
    button.focus()
    page.keyboard.press("Enter")
    expect(page.locator("#flashes")).to_contain_text("Beslutat: FI-011 har plats 10.")
    expect(button).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.locator("#flashes")).to_contain_text("Beslutat: FI-011 har plats 9.")
    expect(page.get_by_role("row").nth(9)).to_contain_text("FI-011")


def test_the_suggestion_is_followed_press_by_press(page: Page) -> None:
    sign_in(page, "Kommundirektör")
    page.goto("/prioritering")
    figure = page.locator(".key-figure b")
    for left in ("3", "2", "1"):
        expect(figure).to_have_text(left)
        page.get_by_role("button", name=re.compile("som förslaget säger")).first.click()
    expect(figure).to_have_text("0")
    expect(row(page, "FI-008")).to_contain_text("Samma plats")


def test_a_row_is_dragged_in_the_groups_order(page: Page) -> None:
    sign_in(page, "Kommundirektör")
    page.goto("/prioritering?visa=forslag")
    row(page, "FI-014").locator(".grip").drag_to(row(page, "FI-011").locator(".grip"))
    expect(page.locator("#flashes")).to_contain_text("Beslutat: FI-014 har plats 11.")


def test_a_member_drags_the_own_order_into_place_and_nothing_is_kept_before_it_is_saved(page: Page) -> None:
    sign_in(page, "Socialchef")
    page.goto("/prioritering/min")
    own(page).nth(3).locator(".grip").drag_to(own(page).nth(0).locator(".grip"))
    expect(own(page).first).to_contain_text("FI-014")
    expect(page.locator("#status")).to_have_text("FI-014 har plats 1. Spara när du är klar.")
    page.get_by_role("button", name="Flytta ned FI-014").click()
    expect(own(page).nth(1)).to_contain_text("FI-014")
    page.get_by_role("button", name="Spara min ordning").click()
    expect(page.locator("#flashes")).to_contain_text("Din ordning är sparad. Ingen annan ser den.")
    page.reload()
    expect(own(page).nth(1)).to_contain_text("FI-014")


@pytest.mark.parametrize("context", ["without JavaScript"], indirect=True)
def test_everything_works_without_javascript(page: Page) -> None:
    sign_in(page, "Kommundirektör")
    page.goto("/prioritering")
    page.get_by_role("button", name="Flytta FI-008 som förslaget säger").click()
    expect(page.get_by_text("Beslutat: FI-008 har plats 1.")).to_be_visible()
    page.get_by_role("link", name="Bedöm FI-013").click()
    page.get_by_role("group", name="Nytta").get_by_label("3 Stor").check()
    page.get_by_role("button", name="Spara").click()
    expect(row(page, "FI-013")).to_contain_text("3 stor")
    page.get_by_role("link", name="Min egen ordning").click()
    page.get_by_role("button", name="Flytta upp FI-012").click()
    expect(own(page).first).to_contain_text("FI-012")
    page.get_by_role("button", name="Spara min ordning").click()
    expect(page.get_by_role("button", name="Ta tillbaka mitt svar")).to_be_visible()
