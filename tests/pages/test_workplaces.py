"""Det här förändras hos oss: what those who work at a unit read, and print for their APT."""

import pytest
from flask import Flask
from flask.testing import FlaskClient

from portfolio.base.db import transaction
from portfolio.initiatives.queries.stored import initiative_by_code
from tests.cast import sign_in
from tests.make import NOW, make_decision, make_initiative, make_unit
from tests.pages.screen import look
from tests.questions import questions

pytestmark = pytest.mark.environment(PORTFOLIO_NOW=NOW.isoformat())


# S1-09, S4-30
def test_a_medarbetare_reads_in_one_click_what_changes_at_their_own_unit_and_when(reader: FlaskClient) -> None:
    start = look(reader, "/")
    assert start.links["Hos oss"] == "/hos-oss"
    page = look(reader, start.links["Hos oss"])
    assert "Socialförvaltningen. Din enhet." in page.text
    assert "4 förändringar berör din enhet det närmaste halvåret" in page.text
    assert "Nytt verksamhetssystem i äldreomsorgen Förbereda Förbereda" in page.text
    assert "Pågår till och med april 2027 (v. 16)." in page.text
    assert "Hur märks det hos oss? Stor påverkan." in page.text
    assert "Så deltar ni Två undersköterskor från varje område är med i varje test." in page.text
    assert "Fråga Socialchef" in page.text


# S4-19
def test_the_card_begins_with_kort_sagt(app: Flask) -> None:
    make_unit("SOC")
    text = "Digital låsning i hemtjänsten. Nycklarna försvinner."
    make_initiative("Lås", status="ongoing", start="2026-W46", impacts={"SOC": 1}, summary=text)
    assert text in look(sign_in(app.test_client(), "Medarbetare"), "/hos-oss").text


def test_a_name_that_a_list_gave_is_told_to_nobody_at_the_workplace(app: Flask) -> None:
    make_unit("SOC")
    code = make_initiative("Lås", status="ongoing", start="2026-W46", impacts={"SOC": 1}, owner=None)
    with transaction():
        initiative_by_code(code).owner_text = "Anna Berg"
    reader = sign_in(app.test_client(), "Medarbetare")
    page, paper = look(reader, "/hos-oss").text, look(reader, "/hos-oss/apt").text
    assert "Fråga Ingen är utsedd än" in page
    assert "Fråga: ingen är utsedd än." in paper
    assert "Berg" not in page + paper


def test_what_is_only_proposed_is_told_to_nobody_and_neither_is_how_it_goes(
    reader: FlaskClient, chair: FlaskClient
) -> None:
    for visitor in (reader, chair):
        page = look(visitor, "/hos-oss?enhet=SOC")
        assert "Jämförelsetjänst" not in page.text
        assert "prioritet" not in page.text.lower()
        for word in ("Behöver bevakas", "Behöver beslut", "Uppgift saknas", "över taket", "Krock"):
            assert word not in page.text
        assert 'class="chip' not in page.html


def test_what_touches_the_forvaltning_touches_its_kontor_and_the_other_way_round(app: Flask) -> None:
    make_unit("KLF", name="Kommunledningen")
    make_unit("KAN", parent="KLF", kind="kontor", name="Kansliet")
    make_unit("EKO", parent="KLF", kind="kontor", name="Ekonomin")
    make_initiative("Allas sak", status="ongoing", start="2026-W46", impacts={"KLF": 1})
    make_initiative("Kansliets sak", status="ongoing", start="2026-W46", impacts={"KAN": None})
    reader = sign_in(app.test_client(), "Medarbetare")
    whole = look(reader, "/hos-oss?enhet=KLF").text
    assert "2 förändringar berör enheten" in whole
    assert "Påverkan är inte bedömd än: Kansliet." in whole
    office = look(reader, "/hos-oss?enhet=EKO").text
    assert ("Allas sak" in office, "Kansliets sak" in office) == (True, False)


def test_what_lies_further_ahead_is_paused_or_is_finished_stands_apart(app: Flask) -> None:
    make_unit("SOC")
    make_initiative("Nästa höst", status="decided", start="2027-W40", impacts={"SOC": 1})
    make_initiative("Pausad sak", status="paused", start="2026-W40", impacts={"SOC": 1})
    done = make_initiative("Klar sak", status="ongoing", start="2026-W40", impacts={"SOC": 1})
    make_decision(done, "complete", reason="Väntetiden är halverad.")
    page = look(sign_in(app.test_client(), "Medarbetare"), "/hos-oss").text
    assert "0 förändringar berör din enhet" in page
    assert "Längre fram Nästa höst" in page
    assert "Pausat Pausad sak" in page
    assert "Klart det senaste året Klar sak , 23 november 2026. Väntetiden är halverad." in page


def test_a_municipality_without_units_has_nothing_to_tell(app: Flask) -> None:
    reader = sign_in(app.test_client(), "Medarbetare")
    assert "Det finns inga enheter än." in look(reader, "/hos-oss").text
    assert reader.get("/hos-oss/apt").status_code == 404
    assert reader.get("/hos-oss?enhet=X").status_code == 404


# S4-39
def test_half_a_page_for_the_apt_says_what_why_when_and_how_one_takes_part(app: Flask) -> None:
    make_unit("SOC", name="Socialförvaltningen")
    for count in range(9):
        make_initiative(
            f"Sak {count}", status="ongoing", start="2026-W46", impacts={"SOC": 2}, summary="Vad.", why="Därför."
        )
    page = look(sign_in(app.test_client(), "Medarbetare"), "/hos-oss/apt").text
    assert "Socialförvaltningen, 23 november 2026" in page
    assert (
        page.count("Vad? Vad. Varför? Därför. När? Pågår till och med december 2026 (v. 49). Märkbar påverkan.") == 3
    )
    assert page.count("Så deltar ni Det är inte beskrivet än. Fråga: Kanslichef.") == 3
    assert "Också: Sak 3. Pågår" in page
    assert "Och 3 till i Förändringsportföljen." in page


def test_the_page_asks_no_more_questions_when_more_changes(app: Flask) -> None:
    make_unit("SOC")
    reader, asked = sign_in(app.test_client(), "Medarbetare"), []
    for _ in range(2):
        for count in range(3):
            make_initiative(f"Sak {count}", status="ongoing", start="2026-W46", impacts={"SOC": 1})
        with questions() as found:
            look(reader, "/hos-oss")
        asked.append(len(found))
    assert asked[0] == asked[1]
