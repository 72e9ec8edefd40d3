"""Belastning: what the kommundirektör sees first, and what a cell tells when it is opened."""

from datetime import date, datetime

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import event, update

from portfolio.base.db import db, transaction
from portfolio.base.weeks import format_week, parse_week
from portfolio.capacity.actions.exceptions import Ground
from portfolio.initiatives.actions import editing
from portfolio.initiatives.queries.gate import answer
from portfolio.initiatives.queries.plans import plan_of
from portfolio.initiatives.queries.stored import initiative_by_code
from portfolio.initiatives.rules.statuses import Status
from portfolio.units.models import UnitRow
from tests.cast import sign_in
from tests.demo_portfolio import EXPECTED
from tests.make import CHAIR, NOW, make_decision, make_initiative, make_lowered_limit, make_unit
from tests.pages.maps import points, rows_of
from tests.pages.screen import look

pytestmark = pytest.mark.environment(PORTFOLIO_NOW="2026-11-23T08:00:00+01:00")

NAMES = {
    "KLF": "Kommunledningsförvaltningen",
    "BUF": "Barn- och utbildningsförvaltningen",
    "SOC": "Socialförvaltningen",
    "SBF": "Stadsbyggnadsförvaltningen",
    "KFF": "Kultur- och fritidsförvaltningen",
    "AMF": "Arbetsmarknadsförvaltningen",
    "MBF": "Miljö- och byggnadsförvaltningen",
    "RTJ": "Räddningstjänsten",
}
FIRST = parse_week("2026-W48")


def test_the_map_shows_the_golden_loads_of_every_förvaltning_week_by_week(chair: FlaskClient) -> None:
    rows = rows_of(look(chair, "/"))
    assert list(rows) == list(NAMES.values())
    for code, name in NAMES.items():
        for at, cell in enumerate(rows[name]):
            expected = EXPECTED["load_and_limit"][code][format_week(FIRST + at)]
            told = "uppehåll" if expected is None else f"{expected[0]} av {expected[1]}"
            assert points(cell) == told, (name, at)


# S4-24
def test_one_number_and_two_sentences_stand_above_the_map(chair: FlaskClient) -> None:
    page = look(chair, "/")
    assert "1 av 8 förvaltningar går över taket de närmaste åtta veckorna" in page.text
    assert "Kommunledningsförvaltningen går över taket vecka 2–6 (7 av 6, årsbokslut)." in page.text
    assert "Miljö- och byggnadsförvaltningen är fullt belastad till och med vecka 10." in page.text


def test_only_the_five_golden_weeks_are_over_and_they_carry_symbol_and_pattern(chair: FlaskClient) -> None:
    rows = rows_of(look(chair, "/"))
    over = [
        (name, format_week(FIRST + at), cell.shown)
        for name, row in rows.items()
        for at, cell in enumerate(row)
        if "lvl-over" in cell.css
    ]
    assert over == [(NAMES["KLF"], f"2027-W0{number}", "▲7") for number in range(2, 7)]


def test_the_christmas_weeks_show_a_dash_everywhere_and_are_never_over(chair: FlaskClient) -> None:
    for row in rows_of(look(chair, "/")).values():
        assert [cell.shown for cell in row[4:6]] == ["–", "–"]
        assert [cell.css for cell in row[4:6]] == ["lvl-stand", "lvl-stand"]


def test_the_current_week_is_framed_in_every_row(chair: FlaskClient) -> None:
    rows = rows_of(look(chair, "/"))
    assert all(["now" in cell.css for cell in row] == [True] + [False] * 25 for row in rows.values())


@pytest.mark.environment(PORTFOLIO_NOW="2027-02-08T08:00:00+01:00")
def test_an_initiative_that_drags_on_counts_eight_weeks_more_until_a_forecast_ends_it(chair: FlaskClient) -> None:
    page = look(chair, "/belastning/KLF/2027-W14")
    assert "FI-006 Digital signering av beslut" in page.text
    assert "drar över, prognos saknas" in page.text
    assert "FI-006" not in look(chair, "/belastning/KLF/2027-W15").text
    with transaction():
        week = parse_week("2027-W07")
        when = datetime.fromisoformat("2027-02-08T08:00:00+01:00")
        editing.edit("FI-006", {"forecast_end_week": week}, version=None, by=CHAIR, now=when)
    assert "FI-006" in look(chair, "/belastning/KLF/2027-W07").text
    assert "FI-006" not in look(chair, "/belastning/KLF/2027-W08").text


def test_a_cell_tells_what_fills_it_in_words_before_points(chair: FlaskClient) -> None:
    page = look(chair, "/belastning/KLF/2027-W02")
    assert "Kommunledningsförvaltningen, v. 2 2027" in page.text
    assert "2 märkbara och 3 små: 7 av 6" in page.text
    assert "Taket är sänkt till 6 (årsbokslut). Annars är det 8." in page.text
    assert "FI-001 E-arkiv för hela kommunen" in page.text
    assert "Kansliet 3 av 4" in page.text
    assert "FI-011 Nytt schema- och frånvarosystem i skolan" in page.text
    assert page.links["Ändra tak för Kommunledningsförvaltningen"] == "/enheter/KLF"


def test_htmx_gets_the_cell_alone_and_the_address_opens_as_a_page_of_its_own(chair: FlaskClient) -> None:
    asked = {"HX-Request": "true", "HX-Target": "cell-panel"}
    part = look(chair, "/belastning/MBF/2026-W48", headers=asked)
    assert "<html" not in part.html
    assert "1 märkbar och 2 små: 4 av 4" in part.text
    assert "3 av högst 3 initiativ samtidigt" in part.text
    assert "<html" in look(chair, "/belastning/MBF/2026-W48").html


def test_a_week_in_which_a_unit_does_not_exist_is_called_that_in_its_cell_and_never_free(app: Flask) -> None:
    make_unit("KLF", limit=8)
    with transaction() as session:
        session.execute(update(UnitRow).values(valid_to=date(2026, 12, 6)))
    client = sign_in(app.test_client(), "Kommundirektör")
    page = look(client, "/belastning/KLF/2026-W50")
    assert "Förvaltningen KLF finns inte den här veckan." in page.text
    assert "ledigt" not in page.text.lower()
    assert "finns inte" not in look(client, "/belastning/KLF/2026-W49").text


@pytest.mark.parametrize("address", ["/belastning/NIX/2026-W48", "/belastning/KLF/2026-W54", "/belastning/KLF/nu"])
def test_a_cell_that_does_not_exist_is_not_found(chair: FlaskClient, address: str) -> None:
    assert look(chair, address).code == 404


def test_the_open_conflict_is_told_once_with_its_cause_and_who_meets(chair: FlaskClient) -> None:
    page = look(chair, "/")
    assert "En krock att ta ställning till" in page.text
    assert page.text.count("Kommunledningsförvaltningen går över taket vecka 2–6: 7 av 6.") == 1
    assert "Orsak: Sänkt tak för Kommunledningsförvaltningen: Årsbokslut, 23 november 2026." in page.text
    assert page.links["FI-010 Heltid som norm i omsorgen"] == "/initiativ/FI-010"


# S0-09, S4-13
def test_kontor_open_below_their_förvaltning_and_bolag_come_only_when_asked_for(chair: FlaskClient) -> None:
    closed, opened = look(chair, "/"), look(chair, "/?oppna=KLF&bolag=1")
    assert "Kansliet" not in rows_of(closed)
    assert list(rows_of(opened))[:2] == [NAMES["KLF"], "Kansliet"]
    assert "Lumire" not in rows_of(closed)
    assert "Lumire" in rows_of(opened)
    assert closed.links["Visa alla kontor"] == "/?oppna=alla"
    assert opened.links["Dölj bolag"] == "/?oppna=KLF"


def test_a_kontor_without_a_limit_is_a_question_mark_and_never_green(chair: FlaskClient) -> None:
    cells = rows_of(look(chair, "/?oppna=alla"))["Personalkontoret"]
    assert (cells[0].shown, cells[0].label) == ("?", "0, inget tak satt")
    assert "lvl-none" in cells[0].css


def test_proposals_are_an_outline_on_request_and_never_part_of_the_load(chair: FlaskClient) -> None:
    cells = rows_of(look(chair, "/?forslag=1"))[NAMES["KLF"]]
    assert cells[7].label == "7 av 6, över taket, förslag lägger till 1"
    assert "outline" in cells[7].css
    assert not any("outline" in cell.css for cell in rows_of(look(chair, "/"))[NAMES["KLF"]])


def test_a_medarbetare_sees_the_load_and_no_proposals(reader: FlaskClient) -> None:
    page = look(reader, "/?forslag=1")
    assert not any("outline" in cell.css for row in rows_of(page).values() for cell in row)
    assert "Visa förslag också" not in page.links
    assert "FI-011" not in look(reader, "/belastning/KLF/2027-W02").text


def test_unrated_impact_is_hatched_and_the_page_says_that_it_may_be_more(app: Flask) -> None:
    make_unit("SOC", limit=7)
    make_initiative(status=Status.ONGOING, start="2026-W48", impacts={"SOC": None})
    page = look(sign_in(app.test_client(), "Kommundirektör"), "/")
    cell = rows_of(page)["Förvaltningen SOC"][0]
    assert "unrated" in cell.css
    assert cell.label == "0 av 7, ledigt, 1 obedömd"
    assert "Påverkan är inte färdigbedömd i 1 av 1. Belastningen kan vara högre." in page.text
    assert page.links["Bedöm påverkan"] == "/bedom"


def test_an_exception_shows_beside_over_and_never_hides_it(chair: FlaskClient) -> None:
    plan = plan_of(initiative_by_code("FI-014"), NOW)
    fingerprint = answer(plan, NOW).fingerprint
    ground = Ground("Lagkrav", "Vi skjuter på annat", "Vi pausar", "Ja", parse_week("2027-W10"), fingerprint)
    make_decision("FI-014", "start", start_week="2027-W03", exception=ground)
    cell = rows_of(look(chair, "/"))[NAMES["MBF"]][8]
    assert cell.label == "5 av 4, över taket, undantag"
    assert {"lvl-over", "exception"} <= set(cell.css.split())
    assert "Undantag för FI-014 till och med v. 10 2027." in look(chair, "/belastning/MBF/2027-W03").text


def test_the_map_pages_in_time_and_warns_that_the_past_lacks_what_is_finished(chair: FlaskClient) -> None:
    page = look(chair, "/")
    assert page.links["Senare →"] == "/?fran=2027-W08"
    past = look(chair, page.links["← Tidigare"])
    assert "Veckor som har passerat visar bara det som fortfarande pågår." in past.text
    assert past.links["Nu"] == "/"
    assert "1 av 8 förvaltningar" in past.text


def test_the_list_says_the_same_in_sentences(chair: FlaskClient) -> None:
    page = look(chair, "/?visa=lista")
    assert "<table" not in page.html
    assert "Nu 7 av 8. Kommunledningsförvaltningen går över taket vecka 2–6 (7 av 6, årsbokslut)." in page.text
    assert "Nu 0 av 3. Inget initiativ belastar enheten." in page.text
    assert "Vecka 2–6: 7 av 6, över taket" in page.text


def test_the_fullest_come_first_when_asked_for(chair: FlaskClient) -> None:
    rows = list(rows_of(look(chair, "/?ordning=niva")))
    assert rows[:3] == [NAMES["KLF"], NAMES["MBF"], NAMES["SOC"]]


@pytest.mark.parametrize(
    ("size", "attribute"), [("tat", 'data-density="compact"'), ("projektor", 'data-view="projektor"')]
)
def test_the_map_can_be_made_dense_or_large(chair: FlaskClient, size: str, attribute: str) -> None:
    assert attribute in look(chair, f"/?tathet={size}").html


def test_an_address_that_makes_no_sense_still_shows_the_map(chair: FlaskClient) -> None:
    page = look(chair, "/?fran=igår&tathet=enorm&oppna=NIX")
    assert page.code == 200
    assert NAMES["KLF"] in rows_of(page)


def test_htmx_gets_the_region_without_the_frame(chair: FlaskClient) -> None:
    part = look(chair, "/?bolag=1", headers={"HX-Request": "true", "HX-Target": "load-map"})
    assert "<html" not in part.html
    assert "Lumire" in rows_of(part)


def test_an_empty_database_says_what_to_do_first(app: Flask) -> None:
    page = look(sign_in(app.test_client(), "Kommundirektör"), "/")
    assert "Lägg in förvaltningarna" in page.links
    assert "Läs in din lista från Excel" in page.links


def test_units_without_initiatives_ask_for_the_list(app: Flask) -> None:
    make_unit("KLF", limit=8)
    page = look(sign_in(app.test_client(), "Kommundirektör"), "/")
    assert "Inga initiativ ännu. Läs in din lista från Excel eller lägg in det första initiativet." in page.text


def test_a_list_of_proposals_alone_has_been_read_in_all_the_same(app: Flask) -> None:
    make_unit("KLF", limit=8)
    make_initiative(status=Status.PROPOSED, impacts={"KLF": 1})
    page = look(sign_in(app.test_client(), "Kommundirektör"), "/")
    assert "Inga initiativ ännu" not in page.text


def test_a_preliminary_limit_says_so_in_the_row(app: Flask) -> None:
    make_unit("KLF", limit=8, confirmed=False)
    make_initiative(status=Status.ONGOING, start="2026-W48", impacts={"KLF": 1})
    page = look(sign_in(app.test_client(), "Kommundirektör"), "/")
    assert "tak 8 · preliminärt" in page.text


def test_a_worse_kontor_is_marked_on_its_förvaltning(app: Flask) -> None:
    make_unit("KLF", limit=8)
    make_unit("KAN", limit=1, parent="KLF", kind="kontor")
    make_initiative(status=Status.ONGOING, start="2026-W48", impacts={"KAN": 2})
    cell = rows_of(look(sign_in(app.test_client(), "Kommundirektör"), "/"))["Förvaltningen KLF"][0]
    assert cell.label == "2 av 8, låg, värre i en enhet under"
    assert "below" in cell.css


def test_a_yearly_lowered_limit_wraps_the_year_end_in_the_row(app: Flask) -> None:
    make_unit("SOC", limit=7)
    make_lowered_limit("SOC", "2026-W51", "2027-W02", limit=3, yearly=True, reason="Helger")
    make_initiative(status=Status.ONGOING, start="2026-W48", weeks=12, impacts={"SOC": 2})
    cells = rows_of(look(sign_in(app.test_client(), "Kommundirektör"), "/"))["Förvaltningen SOC"]
    assert [points(cell) for cell in cells[2:9]] == ["2 av 7"] + ["2 av 3"] * 5 + ["2 av 7"]


def test_the_number_of_questions_to_the_database_does_not_grow_with_the_initiatives(app: Flask) -> None:
    for code in ("KLF", "SOC", "BUF"):
        make_unit(code, limit=99)
    visitor = sign_in(app.test_client(), "Kommundirektör")
    asked: list[str] = []
    event.listen(db.engine, "before_cursor_execute", lambda *told: asked.append(told[2]))
    counts = []
    for more in (1, 12):
        for number in range(more):
            make_initiative(
                f"Initiativ {number}",
                status=Status.ONGOING,
                start="2026-W48",
                impacts={"SOC": 1, "KLF": 1},
                owner=None,
            )
        look(visitor, "/")
        asked.clear()
        look(visitor, "/?forslag=1&oppna=alla")
        counts.append(len(asked))
    assert counts[0] == counts[1]
    assert counts[0] <= 30


def test_nobody_is_let_in_without_signing_in(demo: Flask) -> None:
    assert demo.test_client().get("/").status_code == 302
