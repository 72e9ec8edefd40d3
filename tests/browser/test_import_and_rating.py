"""An existing list from Excel: read in, seen on the map, rated by the keyboard, taken back."""

import re
from pathlib import Path

from openpyxl import Workbook
from playwright.sync_api import Page, expect

from tests.browser.inspection import problems_of
from tests.browser.steps import cell, sign_in

KFF = "Kultur- och fritidsförvaltningen"
RTJ = "Räddningstjänsten"
ROWS = (
    ("Förändringar våren 2027", None, None, None, None),
    ("Projekt", "Förvaltning", "Startdatum", "Slut", "Läge"),
    ("Nytt bokningssystem", KFF, "2026-11-02", "2027-03-28", "Pågår"),
    ("Nya larmrutiner", RTJ, "v. 45 2026", "v. 12 2027", "Pågår"),
    ("Sommarkollo i egen regi", "Fritidskontoret", "2027-05-03", "2027-08-29", "Planerad"),
)


def list_of_projects(folder: Path) -> Path:
    """A list as a municipality has it: a title row, Swedish headers, dates in two ways, an unknown unit."""
    book = Workbook()
    sheet = book.active
    assert sheet is not None
    for row in ROWS:
        sheet.append(row)
    path = folder / "projektlista.xlsx"
    book.save(path)
    return path


def read_in(page: Page, path: Path) -> None:
    """Upload, look at the guessed columns, look at every row, confirm."""
    menu = page.get_by_role("navigation", name="Huvudmeny")
    menu.get_by_text("Administration").click()
    menu.get_by_role("link", name="Läs in").click()
    page.get_by_label("Fil med er lista").set_input_files(path)
    page.get_by_role("button", name="Läs filen").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Vad står i kolumnerna?")
    expect(page.get_by_label("Namn", exact=True)).to_have_value("Projekt")
    expect(page.get_by_label("Förvaltning eller enhet")).to_have_value("Förvaltning")
    assert problems_of(page) == []
    page.get_by_role("button", name="Visa vad som händer").click()
    expect(page.locator(".key-figure")).to_contain_text("2 av 3")
    expect(page.get_by_role("region", name="En enhet finns inte hos oss")).to_contain_text("Fritidskontoret")
    assert problems_of(page) == []
    page.get_by_role("button", name="Läs in 2 rader").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Så här ser det ut i dag. Stämmer bilden?")
    assert problems_of(page) == []


def test_a_list_is_read_in_rated_by_the_keyboard_and_taken_back(page: Page, tmp_path: Path) -> None:
    sign_in(page, "Kommundirektör")
    expect(cell(page, RTJ, 49)).to_have_accessible_name("0 av 3, ledigt")
    read_in(page, list_of_projects(tmp_path))

    page.get_by_role("link", name="Visa kartan").click()
    expect(cell(page, RTJ, 49)).to_have_accessible_name(re.compile("0 av 3, ledigt.*obedöm"))
    expect(cell(page, KFF, 49)).to_have_accessible_name(re.compile("3 av 5, måttlig.*obedöm"))

    page.goto("/bedom")
    assert problems_of(page) == []
    rated = page.get_by_label(f"Nya larmrutiner, {RTJ}")
    rated.focus()
    page.keyboard.press("7")
    expect(rated).to_have_value("")
    page.keyboard.press("2")
    expect(rated).to_have_value("2")
    page.keyboard.press("Enter")
    expect(page.locator("#flashes")).to_contain_text("1 bedömning är sparad")
    expect(page.get_by_label(f"Nytt bokningssystem, {KFF}")).to_be_visible()

    page.goto("/")
    expect(cell(page, RTJ, 49)).to_have_accessible_name("2 av 3, måttlig")
    page.goto("/las-in")
    page.get_by_role("link", name="projektlista.xlsx").click()
    page.get_by_role("button", name="Ångra inläsningen").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Inläsningen är ångrad")
    expect(page.get_by_role("region", name="Det här kunde inte ångras")).to_contain_text(
        "Nya larmrutiner har ändrats"
    )
    page.goto("/")
    expect(cell(page, KFF, 49)).to_have_accessible_name("3 av 5, måttlig")
    expect(cell(page, RTJ, 49)).to_have_accessible_name("2 av 3, måttlig")
