"""The styrkort is written by the administrator, and what serves no goal gets one."""

from playwright.sync_api import Page, expect

from tests.browser.inspection import problems_of
from tests.browser.steps import sign_in


# S4-04, S1-21
def test_the_administrator_writes_a_goal_and_the_chair_chooses_it(page: Page) -> None:
    sign_in(page, "Administratör")
    page.get_by_role("navigation", name="Huvudmeny").get_by_role("link", name="Mål").click()
    page.get_by_role("link", name="Ändra styrkortet").click()
    assert problems_of(page) == []
    page.get_by_role("link", name="Lägg till målområde under Medarbetare").click()
    assert problems_of(page) == []
    page.get_by_label("Målområde").fill("Fler praktikplatser")
    page.get_by_role("button", name="Spara").click()
    page.get_by_role("link", name="Fler praktikplatser").click()
    assert problems_of(page) == []

    sign_in(page, "Kommundirektör")
    page.goto("/mal")
    page.get_by_label("Mål för FI-009").select_option("Fler praktikplatser")
    page.get_by_role("listitem").filter(has_text="FI-009").get_by_role("button", name="Spara").click()
    expect(page.locator(".key-figure")).to_contain_text("14 av 16")
