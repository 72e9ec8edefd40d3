"""What is put on a wall: half a page for the APT, whatever has been written, and the overview on one page."""

import re

from playwright.sync_api import Page

from portfolio.initiatives.rules.proposals import SUMMARY_LENGTH
from portfolio.workplaces.rules import LONGEST_ANSWER, MOST_LINES
from tests.browser.steps import sign_in

MILLIMETRE = 96 / 25.4
"""CSS pixels."""
ROOM = (210 - 2 * 12, 297 / 2 - 12)
"""Millimetres of half an upright A4 inside its margins."""


# S4-39, S1-09
def test_what_is_printed_for_an_apt_takes_half_a_page_whatever_has_been_written(page: Page) -> None:
    sign_in(page, "Medarbetare")
    page.get_by_label("Huvudmeny").get_by_role("link", name="Hos oss").click()
    page.get_by_role("link", name="Skriv ut till APT").click()
    page.emulate_media(media="print")
    page.set_viewport_size({"width": round(ROOM[0] * MILLIMETRE), "height": 900})
    assert page.locator(".apt section").count() == 3
    assert height_of(page) < ROOM[1]
    fill(page, "Vad?", SUMMARY_LENGTH)
    fill(page, "Varför?", LONGEST_ANSWER)
    fill(page, "Så deltar ni", LONGEST_ANSWER + len("Fråga: Stadsbyggnadschef."))
    page.locator(".apt section + p").evaluate(
        "(one, words) => { one.textContent = words; }", words_of(MOST_LINES * 170)
    )
    assert height_of(page) < ROOM[1]


def fill(page: Page, question: str, length: int) -> None:
    """Give every change as long an answer as there may be."""
    answers = page.locator(".apt dl > div", has_text=question).locator("dd")
    answers.evaluate_all("(all, words) => all.forEach((one) => { one.textContent = words; })", words_of(length))


def words_of(length: int) -> str:
    """So many characters, in words."""
    return ("kommunens " * length)[:length]


def height_of(page: Page) -> float:
    """Millimetres."""
    box = page.locator(".apt").bounding_box()
    assert box is not None
    return box["height"] / MILLIMETRE


# S0-03
def test_the_printed_overview_is_the_map_and_the_list_on_one_page(page: Page) -> None:
    sign_in(page, "Kommundirektör")
    page.get_by_role("link", name="Skriv ut översikt").click()
    for size in ({"width": "297mm", "height": "210mm"}, {"width": "420mm", "height": "297mm"}):
        printed = page.pdf(**size, margin=dict.fromkeys(("top", "right", "bottom", "left"), "10mm"))
        assert len(re.findall(rb"/Type\s*/Page\b(?!s)", printed)) == 1
    assert page.locator("table.map tbody tr").count() == 8
    assert page.locator(".overview-paper li", has_text="FI-001").is_visible()
