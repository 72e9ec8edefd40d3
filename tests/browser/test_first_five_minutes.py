"""The main job, as a kommundirektör meets it in the first five minutes with the demo municipality."""

import re

import pytest
from playwright.sync_api import Browser, Locator, Page, expect

from tests.browser.steps import KLF, cell, decide, open_decision, plan_one_step, sign_in

REFUSED = "Ryms inte vecka 2. Kommunledningsförvaltningen skulle få 8 av 6 (vecka 2–6)."
NEW = "FI-015"


def nbsp(text: str) -> re.Pattern[str]:
    """The text, whether its spaces break or not."""
    return re.compile(re.escape(text).replace(r"\ ", r"\s"))


def verdict(page: Page) -> Locator:
    """The sentence that answers whether it fits."""
    return page.locator("#preview").get_by_role("status")


def look_at_the_map(page: Page) -> None:
    """Golden answer 2: only the Kommunledningsförvaltning is over, in weeks 2 to 6."""
    sign_in(page, "Kommundirektör")
    expect(page.locator("main")).to_contain_text(nbsp("Kommunledningsförvaltningen går över taket vecka 2–6 (7 av 6"))
    for week in range(2, 7):
        expect(cell(page, KLF, week)).to_have_accessible_name(nbsp("7 av 6, över taket"))
    expect(cell(page, KLF, 7)).to_have_accessible_name(nbsp("7 av 8, måttlig"))
    expect(cell(page, "Miljö- och byggnadsförvaltningen", 48)).to_have_accessible_name(nbsp("4 av 4, fullt"))


def begin_a_proposal(page: Page) -> None:
    """A new switchboard, six weeks from week 2, a small change for the Kommunledningsförvaltning."""
    page.get_by_role("navigation", name="Huvudmeny").get_by_role("link", name="Nytt förslag").click()
    for question, answer in enumerate(("Nej", "Ja", "Ja", "Ett behov")):
        page.get_by_role("group").nth(question).get_by_label(answer).check()
    page.get_by_role("button", name="Gå vidare").click()
    expect(page.locator("main")).to_contain_text("Enkelt, eftersom det stannar inom en förvaltning")
    page.get_by_label("Namn", exact=True).fill("Ny växel")
    page.get_by_label("Vad blir bättre, och för vem?").fill("Den som ringer kommer fram.")
    plan_one_step(page, unit=KLF, level="1 Liten", weeks=6, start="v. 2")


def send_it(page: Page) -> None:
    """The offered week is taken and the proposal sent."""
    page.locator("#preview").get_by_role("button", name=nbsp("Välj vecka 7")).click()
    expect(page.get_by_label("När vill du börja?")).to_have_value(nbsp("v. 7 2027"))
    expect(verdict(page)).to_contain_text(nbsp("Ryms precis. Kommunledningsförvaltningen får 8 av 8"))
    page.get_by_label("Vem är projektägare?").select_option("Kommunikationschef")
    page.get_by_role("button", name="Skicka förslag").click()
    expect(page.get_by_role("heading", level=1)).to_have_text(f"{NEW} Ny växel")
    expect(page.locator("#flashes")).to_contain_text(f"Ditt förslag har fått beteckningen {NEW}")


def start_it(page: Page) -> None:
    """The chair takes it into preparation and starts it: from week 7 the unit is full."""
    decide(page, NEW, "Ta upp i beredning", "Växeln faller annars i vår")
    expect(page.locator("#flashes")).to_contain_text("Beslutat:")
    decide(page, NEW, "Starta", "Det finns plats från vecka 7")
    expect(page.locator("#flashes")).to_contain_text(nbsp(f"Beslutat: {NEW} startar vecka 7"))
    page.goto("/")
    expect(cell(page, KLF, 7)).to_have_accessible_name(nbsp("8 av 8, fullt"))


def take_it_back(page: Page) -> None:
    """Ångra, within 30 seconds: the map is as it was."""
    page.goto(f"/initiativ/{NEW}")
    page.get_by_role("button", name="Ångra").click()
    expect(page.locator("#flashes")).to_contain_text("Beslutet är ångrat")
    page.goto("/")
    expect(cell(page, KLF, 7)).to_have_accessible_name(nbsp("7 av 8, måttlig"))


def be_refused_and_take_the_way_forward(page: Page) -> None:
    """Golden answers 3, 4 and 7: FI-011 fits in week 7 and not in week 2; then FI-013 fits in week 13."""
    page.goto("/initiativ/FI-013")
    expect(page.locator("main")).to_contain_text(nbsp("Tidigast möjliga start är vecka 9."))
    decide(page, "FI-011", "Starta", "Skolan väntar på systemet")
    expect(page.get_by_role("heading", name=nbsp("Det går inte att starta vecka 2."))).to_be_visible()
    expect(verdict(page)).to_contain_text(nbsp("8 av 6 (vecka 2–6)"))
    expect(verdict(page)).to_contain_text(nbsp("9 av 8 (vecka 6–10)"))
    expect(page.locator("#preview")).to_contain_text(nbsp("Om FI-001 E-arkiv för hela kommunen pausas"))
    expect(page.get_by_label("Skäl", exact=True)).to_have_value("Skolan väntar på systemet")
    page.locator("#preview").get_by_role("button", name=nbsp("Välj vecka 7")).click()
    expect(page.get_by_label("Startvecka")).to_have_value(nbsp("v. 7 2027"))
    page.get_by_role("button", name="Starta", exact=True).click()
    expect(page.locator("#flashes")).to_contain_text(nbsp("Beslutat: FI-011 startar vecka 7"))
    expect(page.locator("main")).to_contain_text("Beslutad")
    page.goto("/initiativ/FI-013")
    expect(page.locator("main")).to_contain_text(nbsp("Tidigast möjliga start är vecka 13."))


def test_the_first_five_minutes_with_a_preview_that_answers_while_one_types(page: Page) -> None:
    look_at_the_map(page)
    begin_a_proposal(page)
    expect(verdict(page)).to_contain_text(nbsp(REFUSED))
    page.get_by_label("När vill du börja?").fill("v. 3")
    expect(verdict(page)).to_contain_text(nbsp("Ryms inte vecka 3."))
    expect(page.get_by_label("När vill du börja?")).to_be_focused()
    send_it(page)
    start_it(page)
    take_it_back(page)
    be_refused_and_take_the_way_forward(page)


@pytest.mark.parametrize("context", ["without JavaScript"], indirect=True)
def test_the_first_five_minutes_without_javascript(page: Page) -> None:
    look_at_the_map(page)
    begin_a_proposal(page)
    page.get_by_role("button", name="Räkna om").click()
    expect(verdict(page)).to_contain_text(nbsp(REFUSED))
    send_it(page)
    start_it(page)
    take_it_back(page)
    be_refused_and_take_the_way_forward(page)


def test_a_colleague_sees_the_decision_when_they_look_again(page: Page, site: str, browser: Browser) -> None:
    sign_in(page, "Kommundirektör")
    colleague = browser.new_context(base_url=site, locale="sv-SE").new_page()
    sign_in(colleague, "Socialchef")
    skola = "Barn- och utbildningsförvaltningen"
    before = cell(colleague, skola, 11).text_content()
    open_decision(page, "FI-011", "Starta")
    page.get_by_label("Startvecka").fill("v. 7")
    page.get_by_label("Skäl", exact=True).fill("Ryms från vecka 7")
    page.get_by_role("button", name="Starta", exact=True).click()
    expect(page.locator("#flashes")).to_contain_text("Beslutat:")
    colleague.reload()
    expect(cell(colleague, skola, 11)).not_to_have_text(before or "")
    colleague.context.close()
