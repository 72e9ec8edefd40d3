"""What somebody does at the screen, in the words of the screen."""

import re

from playwright.sync_api import Locator, Page, expect

KLF = "Kommunledningsförvaltningen"


def sign_in(page: Page, function: str) -> None:
    """Pick a function of the demo municipality, whoever was signed in before; ends on the load map."""
    page.context.clear_cookies()
    page.goto("/logga-in")
    page.get_by_role("button", name=re.compile(rf"^{function}\b")).click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Belastning per förvaltning")


def cell(page: Page, unit: str, week: int) -> Locator:
    """One cell of the load map, as the link to what fills it."""
    return place(page, unit, week).get_by_role("link")


def place(page: Page, unit: str, week: int) -> Locator:
    """The place of a unit on the load map in one of the weeks that it shows."""
    heads = page.locator("table.map thead tr").last.locator("th").all_text_contents()
    numbers = [re.search(r"vecka (\d+)", head) for head in heads]
    weeks = [int(number[1]) for number in numbers if number]
    row = page.locator("table.map tbody tr").filter(has=page.get_by_role("rowheader", name=unit))
    return row.locator("td").nth(weeks.index(week))


def plan_one_step(page: Page, *, unit: str, level: str, weeks: int, start: str) -> None:
    """Fill in the plan of a proposal: one step, Genomföra, that touches one unit."""
    page.get_by_label("Antal veckor, Genomföra").fill(str(weeks))
    page.get_by_label(f"{unit}, Genomföra", exact=True).select_option(label=level)
    page.get_by_label("När vill du börja?").fill(start)


def decide(page: Page, code: str, kind: str, reason: str) -> None:
    """Open the form of one kind of decision, give the reason and take it."""
    open_decision(page, code, kind)
    page.get_by_label("Skäl", exact=True).fill(reason)
    page.get_by_role("button", name=kind, exact=True).click()


def open_decision(page: Page, code: str, kind: str) -> None:
    """From an initiative's own page to the form of one kind of decision."""
    page.goto(f"/initiativ/{code}/beslut")
    page.get_by_role("link", name=re.compile(rf"^{kind}\b")).click()
    expect(page.get_by_role("heading", level=1)).to_contain_text(kind)
