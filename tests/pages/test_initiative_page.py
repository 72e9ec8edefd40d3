"""One initiative's page: what it is, what stands in its way, what this person may do, what has happened."""

import pytest
from flask import Flask
from flask.testing import FlaskClient

from portfolio.base.db import transaction
from portfolio.initiatives.actions import editing
from portfolio.initiatives.actions.acknowledging import object_to
from tests.cast import actor, sign_in
from tests.make import CHAIR, NOW, make_decision
from tests.pages.screen import look

pytestmark = pytest.mark.environment(PORTFOLIO_NOW="2026-11-23T08:00:00+01:00")


def test_a_proposal_tells_its_earliest_start_first(chair: FlaskClient) -> None:
    page = look(chair, "/initiativ/FI-011")
    assert "v. 7 tidigast möjliga start" in page.text
    assert page.status.startswith("Ryms inte vecka 2.")
    assert page.links["Starta"] == "/initiativ/FI-011/beslut?kind=start"
    assert page.links["Välj vecka 7"] == "/initiativ/FI-011/beslut?kind=start&choose=start:2027-W07"
    assert look(chair, page.links["Välj vecka 7"]).boxes["decision"]["start_week"] == "v. 7 2027"


def test_a_running_one_tells_how_long_is_left_and_where_its_units_are_over(chair: FlaskClient) -> None:
    page = look(chair, "/initiativ/FI-003")
    assert "24 veckor kvar" in page.text
    assert "Kommunledningsförvaltningen går över taket vecka 2–6: 7 av 6." in page.text
    assert "7 av 6, v. 2–6" in page.text


def test_its_own_weeks_are_a_table_with_words_and_the_standstill(chair: FlaskClient) -> None:
    page = look(chair, "/initiativ/FI-003")
    assert "Förbereda Genomföra Genomföra" in page.text
    assert "2 Märkbar – Uppehåll – Uppehåll 2 Märkbar" in page.text


def test_receipts_stand_for_each_unit(chair: FlaskClient) -> None:  # S1-23
    with transaction():
        object_to("FI-011", "BUF", "Mitt i terminsstarten.", version=None, by=actor("Skolchef"), now=NOW)
    page = look(chair, "/initiativ/FI-011")
    assert "Kommunledningsförvaltningen Inte kvitterad" in page.text
    assert "Barn- och utbildningsförvaltningen Invändning Skolchef" in page.text
    assert (
        "Skolchefen invände mot påverkan på barn- och utbildningsförvaltningen: Mitt i terminsstarten." in page.text
    )


def test_what_is_missing_before_a_start_is_told(chair: FlaskClient) -> None:
    with transaction():
        editing.edit("FI-013", {"owner": None, "phases": ()}, version=None, by=CHAIR, now=NOW)
    page = look(chair, "/initiativ/FI-013")
    lacks = "Innan det kan starta behövs en projektägare och minst ett steg med antal veckor, eller ett skrivet skäl."
    assert lacks in page.text


@pytest.mark.environment(PORTFOLIO_NOW="2027-02-08T08:00:00+01:00")
def test_after_its_last_week_an_initiative_drags_on(chair: FlaskClient) -> None:
    page = look(chair, "/initiativ/FI-006")
    assert "2 veckor över tiden" in page.text
    assert "Drar över: sista veckan har passerat och ny prognos saknas." in page.text


def test_a_reader_reads_what_is_decided_without_the_inside_of_it(reader: FlaskClient) -> None:
    page = look(reader, "/initiativ/FI-003")
    assert page.code == 200
    for inside in ("Historik", "Kvittenser", "Plats", "går över taket", "Starta", "Ändra"):
        assert inside not in page.text


@pytest.mark.parametrize("code", ["FI-013", "FI-011", "FI-999"])
def test_a_reader_learns_nothing_of_a_proposal(reader: FlaskClient, code: str) -> None:
    assert look(reader, f"/initiativ/{code}").code == 404


def test_everybody_sees_only_the_buttons_that_are_theirs(demo: Flask, coordinator: FlaskClient) -> None:
    owner = look(sign_in(demo.test_client(), "Kanslichef"), "/initiativ/FI-013")
    assert "Ändra" in owner.links
    assert not {"Starta", "Fler beslut", "Besluta", "Ta upp i beredning"} & set(owner.links)
    prepares = look(coordinator, "/initiativ/FI-013")
    assert {"Ta upp i beredning", "Fler beslut", "Ändra"} <= set(prepares.links)
    registrar = look(sign_in(demo.test_client(), "Registrator"), "/initiativ/FI-001")
    assert "Ändra" in registrar.links


@pytest.mark.parametrize("end", ["complete", "cancel"])
def test_of_what_is_over_nobody_asks_for_the_assignment_or_an_answer(chair: FlaskClient, end: str) -> None:
    asked, answer = {"Skriv om uppdraget", "Skriv underlaget"}, '<p><a href="/kvittera">Kvittera</a></p>'
    before = look(chair, "/initiativ/FI-005")
    assert asked <= set(before.links)
    assert answer in before.html
    make_decision("FI-005", end)
    after = look(chair, "/initiativ/FI-005")
    assert not asked & set(after.links)
    assert answer not in after.html


def test_a_title_is_shown_and_never_run(chair: FlaskClient) -> None:
    with transaction():
        editing.edit("FI-013", {"title": "<script>alert(1)</script>"}, version=None, by=CHAIR, now=NOW)
    assert "<script>alert" not in look(chair, "/initiativ/FI-013").html
    assert "<script>alert" not in look(chair, "/initiativ").html
