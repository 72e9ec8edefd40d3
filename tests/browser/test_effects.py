"""An initiative is closed with what it leaves behind, and its effect is followed up: without shutting anybody out."""

from playwright.sync_api import Page, expect

from tests.browser.inspection import problems_of
from tests.browser.steps import open_decision, sign_in


# S2-18, S3-01
def test_the_chair_closes_an_initiative_and_says_what_came_of_it(page: Page) -> None:
    sign_in(page, "Kommundirektör")
    open_decision(page, "FI-007", "Avsluta")
    page.get_by_label("Vad blev effekten hittills?").fill("Fler lånar på kvällen.")
    page.get_by_role("button", name="Avsluta", exact=True).click()
    expect(page.locator("#error-summary")).to_contain_text("Skriv minst en lärdom.")
    assert problems_of(page) == []
    page.get_by_label("Upphör").check()
    page.get_by_label("Vad lärde vi oss?").fill("Börja med ett bibliotek.")
    page.get_by_role("button", name="Avsluta", exact=True).click()
    page.get_by_role("link", name="Följ upp effekten").click()
    assert problems_of(page) == []
    page.get_by_label("För tidigt att säga").check()
    page.get_by_label("Berätta i en mening").fill("Vi har bara mätt i en månad.")
    page.get_by_role("button", name="Spara svaren").click()
    expect(page.locator("section", has=page.get_by_role("heading", name="Effektmål"))).to_contain_text(
        "Vi har bara mätt i en månad."
    )
    page.get_by_role("link", name="Följ upp effekten").click()
    expect(page.locator(".empty")).to_contain_text("Nästa gång frågan ställs är")
