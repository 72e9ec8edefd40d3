"""Organisationen ändras: from where one begins, by what collides, to what is decided and how it looks then."""

import re

from playwright.sync_api import Locator, Page, expect

from tests.browser.inspection import problems_of
from tests.browser.steps import cell, place, sign_in
from tests.browser.test_first_five_minutes import nbsp

SBF, MBF, KFF = "Stadsbyggnadsförvaltningen", "Miljö- och byggnadsförvaltningen", "Kultur- och fritidsförvaltningen"
MERGED = "Samhällsbyggnadsförvaltningen"


def begin(page: Page, kind: str) -> None:
    """From the units to the first step of one kind of change."""
    sign_in(page, "Kommundirektör")
    page.goto("/enheter")
    page.get_by_role("link", name="Organisationen ändras").click()
    page.get_by_role("link", name=kind).click()
    expect(page.get_by_role("heading", level=1)).to_have_text(kind)


def row(page: Page, unit: str) -> Locator:
    """A unit's row on the load map."""
    return page.locator("table.map tbody tr").filter(has=page.get_by_role("rowheader", name=unit))


# S1-27
def test_two_forvaltningar_become_one_from_a_week_ahead_and_what_collides_is_told_before_the_decision(
    page: Page,
) -> None:
    begin(page, "Enheter slås ihop")
    for unit in (SBF, MBF):
        page.get_by_label(unit, exact=True).check()
    page.get_by_label("Från och med vecka").fill("v. 5 2027")
    page.get_by_label("Den nya enhetens namn").fill(MERGED)
    page.get_by_label("Beteckning").fill("SHB")
    page.get_by_label("Tak i poäng per vecka").fill("5")
    page.get_by_role("button", name="Vidare").click()
    expect(page.locator("main")).to_contain_text("Stadsbyggnadschef följer med till den nya enheten.")
    assert problems_of(page) == []
    page.get_by_role("button", name="Se vad det leder till").click()
    expect(page.locator(".key-figure")).to_contain_text(re.compile(r"[1-9]\d* nya? krock"))
    collides = page.get_by_role("region", name="Det här krockar")
    expect(collides).to_contain_text(f"{MERGED} går över taket")
    expect(collides.get_by_role("link", name="FI-005").first).to_be_visible()
    assert problems_of(page) == []
    page.get_by_role("button", name="Besluta").click()
    expect(page.locator("#flashes")).to_contain_text(f"slås ihop till {MERGED}")
    expect(page.locator(".key-figure")).to_contain_text("1 beslutad ändring väntar på sin vecka")
    page.goto("/")
    expect(cell(page, MERGED, 5)).to_have_accessible_name(nbsp("6 av 5, över taket"))
    expect(cell(page, SBF, 4)).to_have_accessible_name(nbsp("6 av 8, måttlig"))
    expect(place(page, SBF, 5)).to_have_text("finns inte")


# S1-27
def test_a_forvaltning_becomes_two_from_this_week_and_each_initiative_is_where_it_was_put(page: Page) -> None:
    begin(page, "En enhet delas")
    page.get_by_label("Vilken enhet?").select_option(label=KFF)
    page.get_by_label("Från och med vecka").fill("v. 48")
    for which, name, code in (("ena", "Kulturförvaltningen", "KUL"), ("andra", "Fritidsförvaltningen", "FRI")):
        new = page.get_by_role("group", name=f"Den {which} nya enheten")
        new.get_by_label("Namn").fill(name)
        new.get_by_label("Beteckning").fill(code)
        new.get_by_label("Tak i poäng per vecka").fill("3")
    page.get_by_role("button", name="Vidare").click()
    page.get_by_label("FI-007 Meröppna bibliotek").select_option(label="Kulturförvaltningen")
    page.get_by_label("Kultur- och fritidschef").select_option(label="Fritidsförvaltningen")
    page.get_by_role("button", name="Se vad det leder till").click()
    expect(page.locator(".key-figure")).to_contain_text("0 nya krockar uppstår")
    expect(page.locator("main")).to_contain_text("går därför inte att ångra")
    page.get_by_role("button", name="Besluta").click()
    told = f"{KFF} delas i Kulturförvaltningen och Fritidsförvaltningen"
    expect(page.locator("#flashes")).to_contain_text(told)
    expect(page.get_by_role("region", name="Har skett eller ångrats")).to_contain_text(told)
    page.goto("/")
    expect(cell(page, "Kulturförvaltningen", 49)).to_have_accessible_name(nbsp("3 av 3, fullt"))
    expect(cell(page, "Fritidsförvaltningen", 49)).to_have_accessible_name(nbsp("1 av 3"))
    expect(row(page, KFF)).to_have_count(0)
    sign_in(page, "Kultur- och fritidschef")
    page.goto("/enheter/FRI")
    expect(page.get_by_role("heading", level=1)).to_contain_text("Fritidsförvaltningen")
