"""A concept is used from the library: the proposal is filled in, stored, and counted as a re-use."""

from playwright.sync_api import Page, expect

from tests.browser.inspection import problems_of
from tests.browser.steps import sign_in


# S1-16, S0-13, S1-21
def test_a_chief_uses_a_concept_and_sees_what_is_like_another_proposal(page: Page) -> None:
    sign_in(page, "Arbetsmarknadschef")
    page.get_by_role("navigation", name="Huvudmeny").get_by_role("link", name="Lärdomar").click()
    expect(page.locator(".key-figure")).to_contain_text("2 gånger")
    page.get_by_role("link", name="Digital mötesplats elev–arbetsgivare").click()
    expect(page.locator(".key-figure")).to_contain_text("0 återanvändningar")
    page.get_by_label("Vem leder?").select_option(label="Barn- och utbildningsförvaltningen")
    expect(page.get_by_label("Arbetsmarknadsförvaltningen")).to_be_checked()
    page.get_by_role("button", name="Använd konceptet").click()

    expect(page.get_by_label("Antal veckor, Genomföra")).to_have_value("12")
    expect(page.get_by_label("Barn- och utbildningsförvaltningen, Genomföra")).to_have_value("2")
    page.get_by_label("Namn").fill("Mötesplats för sommarjobb")
    page.get_by_role("button", name="Skicka förslag").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("FI-015 Mötesplats för sommarjobb")
    assert problems_of(page) == []
    page.get_by_role("link", name="Digital mötesplats elev–arbetsgivare").click()
    expect(page.locator(".key-figure")).to_contain_text("1 återanvändning")
    assert problems_of(page) == []

    page.goto("/initiativ/nytt")
    page.get_by_label("Namn").fill("Ny mötesplats för sommarjobb")
    page.get_by_label("Kort sagt").click()
    expect(page.locator("#similar")).to_contain_text("FI-015 Mötesplats för sommarjobb")
    expect(page.get_by_label("Namn")).to_have_value("Ny mötesplats för sommarjobb")
    assert problems_of(page) == []
