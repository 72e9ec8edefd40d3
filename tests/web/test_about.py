"""The pages that anyone may read."""

import pytest
from flask.testing import FlaskClient

from portfolio.base.db import transaction
from portfolio.base.portfolio import lock_portfolio
from portfolio.web.about import STATEMENT

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)


def test_the_accessibility_statement_says_all_that_the_law_asks_for(client: FlaskClient) -> None:
    page = client.get("/tillganglighet").get_data(as_text=True)
    for wanted in (
        "Kommunen",
        "Förändringsportföljen",
        "delvis förenlig",
        "belastningskartan",
        "självskattning",
        str(STATEMENT.assessed_on),
        str(STATEMENT.updated_on),
        "https://www.digg.se/tdosanmalan",
        "oskäligt betungande (12 §)",
        "utanför lagen (9 §)",
    ):
        assert wanted in page


@pytest.mark.environment(MAIL_FROM="svara-inte@kommunen.se")
@pytest.mark.parametrize(
    ("address", "nobody_reads_mail"),
    [
        ("/tillganglighet", "Vänd dig till Kommunens växel"),
        ("/personuppgifter", "Vänd dig till Kommunens dataskyddsombud"),
    ],
)
def test_whoever_meets_a_hindrance_writes_to_a_mailbox_that_is_read_without_signing_in(
    client: FlaskClient, address: str, nobody_reads_mail: str
) -> None:
    page = client.get(address).get_data(as_text=True)
    assert nobody_reads_mail in page
    assert "mailto:" not in page
    with transaction():
        lock_portfolio().contact = "forandring@kommunen.se"
    page = client.get(address).get_data(as_text=True)
    assert 'Skriv till <a href="mailto:forandring@kommunen.se">' in page
    assert "svara-inte" not in page


@pytest.mark.parametrize("address", ["/logga-in", "/tillganglighet", "/personuppgifter", "/sa-fungerar-det"])
def test_every_page_leads_to_these_also_without_signing_in(client: FlaskClient, address: str) -> None:
    page = client.get(address).get_data(as_text=True)
    for link in ("/tillganglighet", "/personuppgifter", "/sa-fungerar-det"):
        assert f'href="{link}"' in page


def test_the_page_about_personal_data_says_why_and_on_what_ground(client: FlaskClient) -> None:
    page = client.get("/personuppgifter").get_data(as_text=True)
    assert "allmänt intresse (artikel 6.1 e" in page
    assert "inte om ditt samtycke" in page
    assert "en enda kaka" in page


def test_a_browser_that_looks_for_an_icon_on_its_own_finds_it(client: FlaskClient) -> None:
    with client.get("/favicon.ico", follow_redirects=True) as answer:
        assert (answer.status_code, answer.mimetype) == (200, "image/svg+xml")
        assert answer.data.startswith(b"<svg")


# S1-02
def test_how_it_works_is_told_on_three_screens_that_can_be_skipped_and_is_found_again(client: FlaskClient) -> None:
    pages = [client.get(f"/sa-fungerar-det?bild={number}").get_data(as_text=True) for number in (1, 2, 3)]
    assert [f"{number} av 3." in page for number, page in zip((1, 2, 3), pages, strict=True)] == [True] * 3
    assert [page.count("<h2>") for page in pages] == [2, 1, 2]
    assert [">Hoppa över</a>" in page for page in pages] == [True, True, False]
    assert 'href="/sa-fungerar-det?bild=2"' in pages[0]
    whole = client.get("/sa-fungerar-det").get_data(as_text=True)
    assert "Det enkla som stannar i en förvaltning beslutar förvaltningschefen själv." in whole
    assert "också oplanerade händelser." in whole
    assert (whole.count("<h2>"), "Hoppa över" in whole) == (5, False)
    for other in ("0", "4", "x"):
        assert client.get(f"/sa-fungerar-det?bild={other}").get_data(as_text=True).count("<h2>") == 5
