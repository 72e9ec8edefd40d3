"""Everything by the keyboard alone: the focus is always to be seen, and nothing lies over it."""

import re

from playwright.sync_api import Locator, Page, expect

from tests.browser.steps import sign_in

MOST_STEPS = 300
"""No page needs more presses of Tab than this to come to its end."""

WHAT_HAS_FOCUS = """() => {
  const has = document.activeElement;
  if (has === document.body) return null;
  const box = has.getBoundingClientRect();
  const over = document.elementFromPoint(box.x + box.width / 2, box.y + box.height / 2);
  const style = getComputedStyle(has);
  const ring = has.matches(".scale input") ? getComputedStyle(has.nextElementSibling) : style;
  return {
    what: has.outerHTML.slice(0, 120),
    hidden: Boolean(over) && !has.contains(over) && !over.contains(has),
    unmarked: ring.outlineStyle === "none",
  };
}"""


def tab_to(page: Page, wanted: Locator) -> None:
    """Press Tab until something has the focus; every stop on the way must show that it has it."""
    for _ in range(MOST_STEPS):
        page.keyboard.press("Tab")
        stop = page.evaluate(WHAT_HAS_FOCUS)
        if stop is not None:
            assert not stop["hidden"], f"something lies over {stop['what']}"
            assert not stop["unmarked"], f"no ring around {stop['what']}"
        if wanted.evaluate("element => element === document.activeElement"):
            return
    raise AssertionError(f"the keyboard does not come to {wanted}")


def press(page: Page, wanted: Locator) -> None:
    """Come to a link or a button by Tab and press Enter; the next step waits for what it opens."""
    tab_to(page, wanted)
    page.keyboard.press("Enter")


def test_a_decision_is_taken_and_taken_back_by_the_keyboard(page: Page) -> None:
    page.goto("/logga-in")
    press(page, page.get_by_role("button", name=re.compile("^Kommundirektör")))
    expect(page.get_by_role("heading", level=1)).to_have_text("Belastning per förvaltning")
    press(page, page.get_by_role("navigation", name="Huvudmeny").get_by_role("link", name="Initiativ"))
    expect(page.get_by_role("heading", level=1)).to_have_text("Initiativ")
    press(page, page.get_by_role("link", name=re.compile("FI-014")))
    expect(page.get_by_role("heading", level=1)).to_contain_text("Bygglov på en dag")
    press(page, page.get_by_role("link", name="Starta", exact=True))
    expect(page.get_by_role("heading", level=1)).to_contain_text("Starta")
    tab_to(page, page.get_by_label("Startvecka"))
    page.keyboard.press("Control+A")
    page.keyboard.type("v. 11")
    tab_to(page, page.get_by_label("Skäl", exact=True))
    page.keyboard.type("Ryms från vecka 11")
    press(page, page.locator("#decision .actions").get_by_role("button", name="Starta"))
    expect(page.locator("#flashes")).to_contain_text(re.compile(r"FI-014 startar vecka\s11"))
    press(page, page.get_by_role("button", name="Ångra"))
    expect(page.locator("#flashes")).to_contain_text("Beslutet är ångrat")


def test_the_map_can_be_skipped_and_its_cells_opened(page: Page) -> None:
    sign_in(page, "Socialchef")
    press(page, page.get_by_role("link", name="Hoppa över kartan"))
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.closest('table')") is None
    page.get_by_role("region", name=re.compile("Belastning per förvaltning")).focus()
    tab_to(page, page.get_by_role("link", name=re.compile(r"7 av 6, över taket")).first)
    page.keyboard.press("Enter")
    expect(page.locator("#cell-panel").get_by_role("heading", level=2)).to_be_focused()
