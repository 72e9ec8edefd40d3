"""Prova en plan: several initiatives on the map together, before anybody decides, and then all at once."""

import re

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.browser.steps import KLF, cell, decide, sign_in
from tests.browser.test_accessibility import problems_everywhere
from tests.browser.test_first_five_minutes import nbsp

ALL_WEEKS_ARE_SEEN = """() => [...document.querySelectorAll(".trial-maps .scroll")]
  .every((map) => map.scrollWidth <= map.clientWidth)"""
BUF = "Barn- och utbildningsförvaltningen"


def prepare(page: Page) -> None:
    """FI-013 is a proposal: it is taken into preparation before it can be decided."""
    decide(page, "FI-013", "Ta upp i beredning", "Underlaget räcker")
    expect(page.locator("#flashes")).to_contain_text("Beslutat:")


def begin(page: Page) -> None:
    """A new trial, called what it is about."""
    menu = page.get_by_role("navigation", name="Huvudmeny")
    menu.get_by_text("Mötet").click()
    menu.get_by_role("link", name="Prova en plan").click()
    page.get_by_label("Vad ska det heta?").fill("Skolan före sommaren")
    page.get_by_role("button", name="Börja prova").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Skolan före sommaren")


def add(page: Page, what: str) -> None:
    """Choose in the list what to try; the week is left to be found out."""
    page.get_by_label("Initiativ", exact=True).select_option(what)
    page.get_by_role("button", name="Lägg till").click()


def move(page: Page, outcome: str) -> Locator:
    """One move of the trial, by what it would decide."""
    return page.get_by_role("listitem").filter(has=page.get_by_role("heading", name=nbsp(outcome)))


def tried(page: Page, unit: str, week: int) -> Locator:
    """One cell of the trial's map, which begins with week 48."""
    table = page.get_by_role("table", name=re.compile("Belastningen i försöket"))
    row = table.locator("tbody tr").filter(has=page.get_by_role("rowheader", name=unit))
    return row.locator("td").nth((week - 48) if week >= 48 else week + 5)


def try_two_starts(page: Page) -> None:
    """Golden answers: FI-011 fits from week 7; with it there, FI-013 fits from week 13 and not from week 9."""
    add(page, "start:FI-011")
    expect(move(page, "FI-011 startar vecka 2")).to_contain_text(nbsp("Tidigast möjliga start är vecka 7."))
    page.get_by_role("button", name=nbsp("Välj vecka 7")).click()
    expect(move(page, "FI-011 startar vecka 7")).to_contain_text("Ryms precis")
    add(page, "start:FI-013")
    expect(move(page, "FI-013 startar vecka 8")).to_contain_text(nbsp("Tidigast möjliga start är vecka 13."))
    page.get_by_role("button", name=nbsp("Välj vecka 13")).click()
    expect(move(page, "FI-013 startar vecka 13")).to_contain_text("Ryms")
    expect(page.locator("#trial")).to_contain_text("Allt ryms.")


def look_at_both_maps(page: Page) -> None:
    """What changes is framed, and says what it is at present."""
    expect(tried(page, KLF, 7)).to_contain_text(nbsp("7 av 8, i försöket 8 av 8, fullt"))
    expect(tried(page, KLF, 7)).to_have_class(re.compile(r"\bchanged\b"))
    expect(tried(page, KLF, 2)).to_contain_text(nbsp("7 av 6, över taket"))
    expect(tried(page, KLF, 2)).not_to_have_class(re.compile(r"\bchanged\b"))
    expect(tried(page, BUF, 11)).to_contain_text(nbsp("i försöket 8 av 8, fullt"))


def apply(page: Page) -> None:
    """All of it is decided with one reason."""
    page.get_by_label("Skäl", exact=True).fill("Skolan kan inte vänta")
    page.get_by_role("button", name="Genomför båda besluten").click()
    told = nbsp("Genomfört: FI-011 startar vecka 7 och FI-013 startar vecka 13.")
    expect(page.locator("#flashes")).to_contain_text(told)
    page.goto("/")
    expect(cell(page, KLF, 7)).to_have_accessible_name(nbsp("8 av 8, fullt"))


def test_two_starts_are_tried_looked_at_and_decided_at_once(page: Page) -> None:
    sign_in(page, "Kommundirektör")
    prepare(page)
    begin(page)
    assert problems_everywhere(page) == []
    page.get_by_label("Skäl", exact=True).wait_for(state="detached")
    try_two_starts(page)
    page.get_by_label("Skäl", exact=True).fill("Det här skrev jag först")
    page.get_by_role("button", name="Visa alla enheter").click()
    expect(tried(page, "Räddningstjänsten", 7)).to_be_visible()
    expect(page.get_by_label("Skäl", exact=True)).to_have_value("Det här skrev jag först")
    look_at_both_maps(page)
    assert problems_everywhere(page) == []
    apply(page)


@pytest.mark.parametrize("context", ["without JavaScript"], indirect=True)
def test_the_same_without_javascript(page: Page) -> None:
    sign_in(page, "Kommundirektör")
    prepare(page)
    begin(page)
    try_two_starts(page)
    look_at_both_maps(page)
    apply(page)


def test_what_is_refused_is_told_where_one_is_and_what_is_thrown_away_can_be_taken_back(page: Page) -> None:
    sign_in(page, "Kommundirektör")
    begin(page)
    add(page, "start:FI-011")
    expect(page.locator("#figures")).to_be_focused()
    page.get_by_role("button", name=nbsp("Välj vecka 7")).click()
    expect(move(page, "FI-011 startar vecka 7")).to_contain_text("Ryms precis")
    page.get_by_label("Skäl", exact=True).fill("Vi provar ändå")
    page.get_by_label("Startvecka", exact=True).first.fill("v. 2 2027")
    page.get_by_role("button", name="Genomför beslutet").click()
    expect(page.locator("#refusal")).to_be_focused()
    expect(page.locator("#refusal")).to_contain_text("Du ändrade något i försöket.")
    expect(page.get_by_role("button", name="Genomför beslutet")).to_have_count(0)
    expect(page.get_by_label("Skäl", exact=True)).to_have_value("Vi provar ändå")
    page.get_by_label("Startvecka", exact=True).first.fill("snart")
    page.get_by_role("button", name="Räkna om FI-011").click()
    expect(page.locator("#error-summary")).to_be_focused()
    assert problems_everywhere(page) == []
    page.get_by_role("button", name="Kasta försöket").click()
    expect(page.locator("#flashes")).to_contain_text("Försöket Skolan före sommaren är kastat. Inget är ändrat.")
    assert problems_everywhere(page) == []
    page.get_by_role("button", name="Ångra").click()
    expect(page.locator("#flashes")).to_contain_text("Försöket är kvar.")


def test_on_a_wide_screen_the_maps_stand_side_by_side_and_on_a_laptop_below_each_other(page: Page) -> None:
    sign_in(page, "Kommundirektör")
    begin(page)
    add(page, "pause:FI-001")
    expect(move(page, "FI-001 pausas")).to_contain_text("Ger plats")
    for width, is_beside in ((1920, True), (1280, False)):
        page.set_viewport_size({"width": width, "height": 900})
        present, after = (page.locator(f"#{name}-title").bounding_box() for name in ("present", "tried"))
        assert present is not None
        assert after is not None
        assert (after["y"] == present["y"]) is is_beside
        assert page.evaluate(ALL_WEEKS_ARE_SEEN)
