"""The concepts of the library: each fills in a proposal, keeps the link, and counts one more use."""

import re
from typing import NamedTuple

from playwright.sync_api import Page, expect

from tests.browser.inspection import problems_of
from tests.browser.steps import sign_in

BUF, SOC = "Barn- och utbildningsförvaltningen", "Socialförvaltningen"


class Seeded(NamedTuple):
    """A concept of the demo: how often it is used, how long it is carried through, and its impact in that step on who
    leads and on who receives; nobody leads where `leading` is empty.
    """

    title: str
    uses: int
    weeks: str
    leading: str
    receiving: str


SEEDED = (
    Seeded("Diplomering av arbetsplats", uses=2, weeks="16", leading="", receiving="2"),
    Seeded("Digital mötesplats elev–arbetsgivare", uses=0, weeks="12", leading="2", receiving="1"),
    Seeded("Från projekt till linje", uses=0, weeks="12", leading="1", receiving="2"),
)


def open_form(page: Page, concept: Seeded) -> None:
    """From the library to the form that the concept fills in, with skolan in the lead and socialen receiving."""
    page.get_by_role("navigation", name="Huvudmeny").get_by_role("link", name="Lärdomar").click()
    page.get_by_role("link", name=concept.title).click()
    expect(page.locator(".key-figure")).to_contain_text(f"{concept.uses} återanvändning")
    if concept.leading:
        page.get_by_label("Vem leder?").select_option(label=BUF)
    page.get_by_label(SOC, exact=True).check()
    page.get_by_role("button", name="Använd konceptet").click()


def see_it_filled_in(page: Page, concept: Seeded) -> None:
    """Texts, steps and impacts are there; what is missing is the name of this one, its week and its owner."""
    expect(page.locator("main")).to_contain_text(f"Ifyllt från konceptet {concept.title}.")
    expect(page.get_by_label("Namn", exact=True)).to_have_value(concept.title)
    expect(page.get_by_label("Kort sagt")).to_have_value("")
    expect(page.get_by_label("Antal veckor, Genomföra")).to_have_value(concept.weeks)
    expect(page.get_by_label(f"{SOC}, Genomföra", exact=True)).to_have_value(concept.receiving)
    expect(page.get_by_label(f"{BUF}, Genomföra", exact=True)).to_have_value(concept.leading)


def send_it(page: Page, concept: Seeded, code: str) -> None:
    """The proposal stands there with the concept named, and the concept counts it."""
    page.get_by_label("Namn", exact=True).fill(f"{concept.title} i Råneå")
    page.get_by_label("Vad blir bättre, och för vem?").fill("Råneåborna får samma sak.")
    page.get_by_label("När vill du börja?").fill("v. 36 2027")
    page.get_by_label("Vem är projektägare?").select_option("Kanslichef")
    expect(page.locator("#preview").get_by_role("status")).to_contain_text("Ryms")
    page.get_by_role("button", name="Skicka förslag").click()
    expect(page.get_by_role("heading", level=1)).to_have_text(f"{code} {concept.title} i Råneå")
    expect(page.locator("main")).to_contain_text(f"Bygger på {concept.title}")
    page.get_by_role("link", name=concept.title, exact=True).click()
    expect(page.locator(".key-figure")).to_contain_text(f"{concept.uses + 1} återanvändning")
    expect(page.get_by_role("link", name=f"{code} {concept.title} i Råneå")).to_be_visible()


# S1-16, S0-13
def test_a_projektagare_uses_each_concept_of_the_library(page: Page) -> None:
    sign_in(page, "Kanslichef")
    for number, concept in enumerate(SEEDED, start=15):
        open_form(page, concept)
        see_it_filled_in(page, concept)
        send_it(page, concept, f"FI-{number:03}")
    assert problems_of(page) == []


# S1-21
def test_what_is_like_a_proposal_is_shown_while_it_is_written(page: Page) -> None:
    sign_in(page, "Arbetsmarknadschef")
    page.goto("/initiativ/nytt")
    page.get_by_label("Namn").fill("Diplomering av skolbibliotek")
    page.get_by_label("Kort sagt").click()
    expect(page.locator("#similar")).to_contain_text("Diplomering av arbetsplats")
    expect(page.get_by_label("Namn")).to_have_value("Diplomering av skolbibliotek")
    assert problems_of(page) == []


# S3-13
def test_a_concept_is_printed_on_one_sheet(page: Page) -> None:
    sign_in(page, "Arbetsmarknadschef")
    page.goto("/koncept/1/blad")
    sheets = re.findall(rb"/Type\s*/Page\b", page.pdf(prefer_css_page_size=True))
    assert len(sheets) == 1
