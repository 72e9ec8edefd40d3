"""An unclear order from fullmäktige: marked, asked back about, not started without a reason, and made clear."""

import pytest
from docx import Document
from playwright.sync_api import Page, expect

from portfolio.assignments.rules.clarity import ASKED, QUESTIONS
from tests.browser.steps import KLF, open_decision, sign_in

ORDER = "KF-118"
ANSWERS = {"by_when": "Till 2030", "mandate": "Två miljoner kronor om året", "stops": "Inget annat uppdrag"}
"""What the order does not say in the demo, as fullmäktige answers it."""


def see_what_is_unclear(page: Page) -> None:
    """Its page says that it is unclear, and what is missing before it can start."""
    page.goto(f"/initiativ/{ORDER}")
    expect(page.locator(".meta")).to_contain_text("Otydligt uppdrag")
    expect(page.locator("main")).to_contain_text("2 av 5 frågor är besvarade.")
    expect(page.get_by_text("Innan det kan starta behövs")).to_contain_text("ett tydligt uppdrag")


def take_the_letter_home(page: Page) -> None:
    """The ready letter asks what has no answer and nothing else, on the page and in the file for Word."""
    page.get_by_role("link", name="Fråga tillbaka till uppdragsgivaren").click()
    letter = page.locator("main article")
    expect(letter).to_contain_text("Till: Kommunfullmäktige")
    with page.expect_download() as download:
        page.get_by_role("link", name="Hämta för Word").click()
    assert download.value.suggested_filename == f"{ORDER}-fraga-tillbaka.docx"
    file = Document(str(download.value.path()))
    for text in (letter.inner_text(), "\n".join(one.text for one in file.paragraphs)):
        assert [name for name, question in ASKED.items() if question in text] == list(ANSWERS)


def be_refused_without_a_reason(page: Page) -> None:
    """It is taken into preparation; to start it takes a written reason why that cannot wait for the answers."""
    open_decision(page, ORDER, "Ta upp i beredning")
    page.get_by_label("Vad blir bättre för invånarna?").fill("Fler kommer fram på egen hand.")
    page.get_by_label("Skäl", exact=True).fill("Fullmäktige vill det")
    page.get_by_role("button", name="Ta upp i beredning", exact=True).click()
    expect(page.locator("#flashes")).to_contain_text("Beslutat:")
    open_decision(page, ORDER, "Starta")
    expect(page.locator("#missing")).to_contain_text("ett tydligt uppdrag")
    page.get_by_text("Steg och påverkan", exact=True).click()
    page.get_by_label("Antal veckor, Genomföra").fill("4")
    page.get_by_label(f"{KLF}, Genomföra", exact=True).select_option(label="1 Liten")
    page.get_by_label("Startvecka").fill("v. 20 2027")
    page.get_by_label("Skäl", exact=True).fill("Fullmäktige vill det")
    page.get_by_role("button", name="Starta", exact=True).click()
    told = "Skäl att starta ändå: Skriv varför det måste starta fast något saknas."
    expect(page.locator("#error-summary")).to_contain_text(told)
    expect(page.get_by_label("Startvecka")).to_have_value("v. 20 2027")


def answer_what_was_asked(page: Page) -> None:
    """With the answers the mark is gone, and there is nothing left to ask."""
    page.goto(f"/initiativ/{ORDER}")
    page.get_by_role("link", name="Skriv om uppdraget").click()
    expect(page.get_by_label(QUESTIONS["what"])).to_have_value("Luleå ska bli mer tillgängligt.")
    for name, answer in ANSWERS.items():
        page.get_by_label(QUESTIONS[name]).fill(answer)
    page.get_by_role("button", name="Spara").click()
    expect(page.locator("#flashes")).to_contain_text("Uppdraget är sparat.")
    expect(page.locator("main")).to_contain_text("5 av 5 frågor är besvarade.")
    expect(page.get_by_text("Otydligt uppdrag")).to_have_count(0)
    expect(page.get_by_text("ett tydligt uppdrag")).to_have_count(0)
    expect(page.get_by_role("link", name="Fråga tillbaka till uppdragsgivaren")).to_have_count(0)


# S1-22
@pytest.mark.parametrize("context", ["with JavaScript", "without JavaScript"], indirect=True)
def test_an_unclear_order_is_asked_back_about_not_started_without_a_reason_and_made_clear(page: Page) -> None:
    sign_in(page, "Kanslichef")
    see_what_is_unclear(page)
    take_the_letter_home(page)
    sign_in(page, "Kommundirektör")
    be_refused_without_a_reason(page)
    sign_in(page, "Kanslichef")
    answer_what_was_asked(page)
