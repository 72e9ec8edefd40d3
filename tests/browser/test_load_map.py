"""The load map for those who see it in grey, large, on a phone, in forced colours, or hear it."""

import re

from playwright.sync_api import Page, expect

from tests.browser.steps import KLF, cell, sign_in

CELL = re.compile(
    r"(\d+( av \d+)?, (ledigt|låg|måttlig|fullt|över taket|inget tak satt)|uppehåll)(,.*)?", re.IGNORECASE
)
LEVELS = ("lvl-free", "lvl-low", "lvl-moderate", "lvl-full", "lvl-over")

LIGHTNESS = """(levels) => levels.map((level) => {
  const key = document.querySelector(`.legend .${level}`);
  const [red, green, blue] = getComputedStyle(key).backgroundColor.match(/[0-9.]+/g).map(Number);
  return 0.2126 * (red / 255) ** 2.2 + 0.7152 * (green / 255) ** 2.2 + 0.0722 * (blue / 255) ** 2.2;
})"""
BORDERS = """(levels) => levels.map((level) => {
  const style = getComputedStyle(document.querySelector(`.legend .${level}`));
  return `${style.borderTopStyle} ${style.borderTopWidth} ${style.borderBottomWidth}`;
})"""
SCROLLS_SIDEWAYS = """() => [document.documentElement, document.querySelector(".map-frame .scroll")].some(
  (one) => one.scrollWidth > one.clientWidth
)"""
MOVING = """() => [...document.querySelectorAll("*")].filter((element) => {
  const style = getComputedStyle(element);
  return parseFloat(style.transitionDuration) > 0 || parseFloat(style.animationDuration) > 0;
}).map((element) => element.outerHTML.slice(0, 80))"""


def test_the_map_is_a_table_in_which_every_cell_says_its_figure(page: Page) -> None:
    sign_in(page, "Kommundirektör")
    table = page.get_by_role("table", name=re.compile("Belastning per förvaltning och vecka"))
    weeks = table.locator('thead th[scope="col"]').all_text_contents()
    assert [week for week in weeks if not re.fullmatch(r"Vecka|vecka \d+(nu)?", week)] == []
    assert table.locator('tbody th[scope="row"]').count() == 8
    heard = table.locator("tbody td .cell > span:nth-child(2)").all_text_contents()
    seen = table.locator("tbody td .cell > span:first-child").all_text_contents()
    assert len(heard) == len(seen) == 8 * 26
    assert [text for text in heard if not CELL.fullmatch(text)] == []
    assert [text for text in seen if not re.search(r"\d|–", text)] == []
    assert {text for text, what in zip(seen, heard, strict=True) if "över taket" in what} == {"▲7"}


# S3-05
def test_all_forvaltningar_and_26_weeks_fit_a_large_screen(page: Page) -> None:
    page.set_viewport_size({"width": 1920, "height": 1080})
    sign_in(page, "Kommundirektör")
    assert page.locator("table.map tbody td").count() == 8 * 26
    assert not page.evaluate(SCROLLS_SIDEWAYS)
    expect(page.locator("table.map tbody tr").first).to_be_in_viewport(ratio=0.9)
    expect(page.locator("table.map tbody tr").last).to_be_in_viewport(ratio=0.9)


def test_levels_fall_in_lightness_so_that_grey_still_tells_them_apart(page: Page) -> None:
    sign_in(page, "Kommundirektör")
    lightness = page.evaluate(LIGHTNESS, LEVELS)
    assert lightness == sorted(set(lightness), reverse=True)


def test_forced_colours_leave_each_level_a_border_of_its_own(page: Page) -> None:
    page.emulate_media(forced_colors="active")
    sign_in(page, "Kommundirektör")
    borders = page.evaluate(BORDERS, LEVELS)
    assert len(set(borders)) == len(LEVELS), borders


def test_nothing_moves_for_those_who_ask_for_it(page: Page) -> None:
    page.emulate_media(reduced_motion="reduce")
    sign_in(page, "Kommundirektör")
    assert page.evaluate(MOVING) == []


def test_a_phone_gets_sentences_instead_of_a_table(page: Page) -> None:
    page.set_viewport_size({"width": 320, "height": 700})
    sign_in(page, "Socialchef")
    expect(page.locator("table.map")).to_be_hidden()
    expect(page.get_by_role("heading", name=KLF)).to_be_visible()
    expect(page.get_by_role("listitem").filter(has_text=KLF).first).to_contain_text(re.compile(r"7\sav\s6"))


# S1-19
def test_a_cell_tells_what_fills_it_without_leaving_the_map(page: Page) -> None:
    sign_in(page, "Kommundirektör")
    cell(page, KLF, 2).click()
    panel = page.locator("#cell-panel")
    expect(panel.get_by_role("heading", level=2)).to_be_focused()
    expect(panel).to_contain_text(re.compile(r"2\smärkbara och 3\ssmå: 7\sav\s6"))
    expect(panel).to_contain_text("Taket är sänkt till 6 (årsbokslut)")
    expect(panel.get_by_role("link", name=re.compile("FI-003"))).to_be_visible()
    expect(cell(page, KLF, 2)).to_be_visible()
