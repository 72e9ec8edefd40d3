"""Organisationen ändras: what and when, what becomes of what stands there, a look, and the decision."""

import re

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from werkzeug.datastructures import MultiDict

from portfolio.base.db import current_session
from portfolio.effects.models import EffectGoalRow
from portfolio.units import queries as units
from tests.cast import sign_in
from tests.make import make_initiative, make_unit
from tests.pages.maps import rows_of
from tests.pages.screen import Screen, look, send

pytestmark = pytest.mark.environment(PORTFOLIO_NOW="2026-11-23T08:00:00+01:00")

START = "/enheter/organisation"
NEW = "/initiativ/nytt?everyday=no&one_department=yes&known_way=yes&needed=yes"


def step(client: FlaskClient, kind: str, page: Screen, button: str, **fields: str) -> Screen:
    """Fill in some boxes of the step that a page shows and press the button that leads on."""
    address = f"{START}/{kind}"
    return send(client, address, page.boxes[address] | fields | {"step": button})


def test_a_unit_is_split_with_each_initiative_given_to_one_or_both_and_it_can_be_taken_back(
    demo: Flask,
) -> None:  # S1-27
    client = sign_in(demo.test_client(), "Portföljkoordinator")
    new = {"name_1": "Barn och skola", "code_1": "bos", "name_2": "Utbildning", "code_2": "UTB", "limit_2": "2"}
    page = step(client, "split", look(client, f"{START}/split"), "standing", unit="BUF", from_week="v. 2 2027", **new)
    assert "initiativ berör enheten och följer med" in page.text
    assert "Sänkta tak följer inte med. Lägg in dem på nytt: Höstterminen startar." in page.text
    page = step(client, "split", page, "look", **{"share-FI-001": "2"})
    assert "Barn- och utbildningsförvaltningen delas i Barn och skola och Utbildning från v. 2 2027" in page.text
    assert "ny krock uppstår" in page.text
    assert "UTB" not in units.ids_by_code()
    page = step(client, "split", page, "decide")
    assert "Beslutat: Barn- och utbildningsförvaltningen delas i Barn och skola och Utbildning." in page.text
    assert "1 beslutad ändring väntar på sin vecka" in page.text
    history = look(client, "/initiativ/FI-001").text
    assert "påverkan på barn- och utbildningsförvaltningen ligger nu på utbildning" in history
    unit = look(client, "/enheter/BUF")
    assert {"Barn och skola", "Utbildning"} <= unit.links.keys()
    current_session().rollback()
    number = units.reorganisations()[0].id
    page = send(client, f"{START}/{number}/angra", look(client, START).boxes[f"{START}/{number}/angra"])
    assert "Ångrat: Barn- och utbildningsförvaltningen delas i Barn och skola och Utbildning." in page.text
    assert "0 beslutade ändringar väntar" in page.text
    assert "Barn och skola" not in look(client, "/enheter").text
    assert "Barn och skola" not in look(client, "/initiativ/nytt").text


def test_units_are_merged_and_what_goes_along_is_told_before(demo: Flask) -> None:  # S1-27
    client = sign_in(demo.test_client(), "Kommundirektör")
    address = f"{START}/merge"
    typed = look(client, address).boxes[address] | {"from_week": "v. 5 2027", "name": "Samhälle", "code": "SMH"}
    both = MultiDict([*typed.items(), ("units", "SBF"), ("units", "MBF"), ("step", "standing")])
    page = Screen(client.post(address, data=both))
    assert "den högsta påverkan i varje steg: FI-" in page.text
    both.setlist("step", ["look"])
    page = Screen(client.post(address, data=both))
    assert "slås ihop till Samhälle från v. 5 2027" in page.text
    both.setlist("step", ["decide"])
    page = Screen(client.post(address, data=both, follow_redirects=True))
    assert "Stadsbyggnadsförvaltningen och Miljö- och byggnadsförvaltningen slås ihop till Samhälle" in page.text


def test_a_merger_counts_what_has_weeks_left_then_and_names_what_meets_on_several(app: Flask) -> None:
    for code in ("KFF", "AMF", "SOC"):
        make_unit(code)
    soon, later = {"status": "decided", "start": "2027-W02"}, {"status": "decided", "start": "2027-W09"}
    make_initiative("Slut före", code="E-1", impacts={"KFF": 1, "AMF": 1}, **soon)
    make_initiative("På en", code="E-2", impacts={"KFF": 1, "SOC": 1}, **later)
    make_initiative("På båda", code="E-3", impacts={"KFF": 1, "AMF": 2}, **later)
    make_initiative("Utan vecka", code="E-4", impacts={"KFF": 1, "AMF": 2}, status="proposed", start=None)
    make_initiative("Önskat före", code="E-5", impacts={"KFF": 1, "AMF": 2}, status="proposed", start="2027-W02")
    make_initiative("Pausat", code="E-6", impacts={"KFF": 1, "AMF": 2}, status="paused", start="2026-W50")
    make_initiative("Önskat förbi", code="E-7", impacts={"KFF": 1, "AMF": 2}, status="proposed", start="2026-W46")
    client = sign_in(app.test_client(), "Kommundirektör")
    address = f"{START}/merge"
    typed = look(client, address).boxes[address] | {"from_week": "v. 10 2027", "name": "Kultur och arbete"}
    chosen = [("code", "KOA"), ("units", "KFF"), ("units", "AMF"), ("step", "standing")]
    both = MultiDict([*((name, text) for name, text in typed.items() if name != "code"), *chosen])
    page = Screen(client.post(address, data=both))
    assert "5 initiativ berör enheterna och följer med" in page.text
    assert "den högsta påverkan i varje steg: E-3, E-4, E-6, E-7." in page.text


def test_a_merged_unit_is_empty_on_the_map_where_it_does_not_exist_and_is_not_counted(demo: Flask) -> None:
    client = sign_in(demo.test_client(), "Kommundirektör")
    address = f"{START}/merge"
    new_unit = {"from_week": "v. 10 2027", "name": "Kultur och arbete", "code": "KOA"}
    typed = look(client, address).boxes[address] | new_unit
    both = MultiDict([*typed.items(), ("units", "KFF"), ("units", "AMF"), ("step", "decide")])
    client.post(address, data=both)
    page = look(client, "/")
    assert "1 av 8 förvaltningar går över taket de närmaste åtta veckorna" in page.text
    rows, week_10 = rows_of(page), 15
    for name in ("Kultur- och fritidsförvaltningen", "Arbetsmarknadsförvaltningen"):
        assert "finns inte" not in {cell.label for cell in rows[name][:week_10]}
        assert {cell.label for cell in rows[name][week_10:]} == {"finns inte"}
    new = rows["Kultur och arbete"]
    assert {(cell.shown, cell.label) for cell in new[:week_10]} == {("", "finns inte")}
    assert "finns inte" not in {cell.label for cell in new[week_10:]}
    unit = look(client, "/enheter/KOA")
    assert "Enheten finns inte i dag." in unit.text
    assert 'class="key-figure' not in unit.html


def test_a_rename_shows_that_nothing_changes_in_the_load(demo: Flask) -> None:  # S1-27
    client = sign_in(demo.test_client(), "Portföljkoordinator")
    typed = {"unit": "KFF", "from_week": "v. 2 2027", "name": "Kultur"}
    page = step(client, "rename", look(client, f"{START}/rename"), "standing", **typed)
    assert "byter namn till Kultur från v. 2 2027" in page.text
    assert "Belastningen ändras inte." in page.text
    assert "Beslutat:" in step(client, "rename", page, "decide").text


def test_a_place_to_share_out_whose_number_is_far_too_long_is_no_place(demo: Flask) -> None:
    client = sign_in(demo.test_client(), "Portföljkoordinator")
    new = {"name_1": "Barn och skola", "code_1": "BOS", "name_2": "Utbildning", "code_2": "UTB"}
    typed = {"unit": "BUF", "from_week": "v. 2 2027", "staff-" + "9" * 5000: "2"}
    page = step(client, "split", look(client, f"{START}/split"), "standing", **typed, **new)
    assert (page.code, "initiativ berör enheten och följer med" in page.text) == (200, True)


def test_what_is_wrong_is_told_at_its_field_and_nothing_typed_is_lost(demo: Flask) -> None:
    client = sign_in(demo.test_client(), "Portföljkoordinator")
    typed = {"unit": "KFF", "from_week": "v. 40 2026", "parent": "SOC"}
    page = step(client, "move", look(client, f"{START}/move"), "standing", **typed)
    assert (page.code, "Veckan har redan varit." in page.text) == (422, True)
    assert page.boxes[f"{START}/move"]["unit"] == "KFF"
    assert client.get(f"{START}/finns-inte").status_code == 404


def test_only_those_who_shape_units_see_the_pages(demo: Flask) -> None:
    client = sign_in(demo.test_client(), "Socialchef")
    assert client.get(START).status_code == 403
    assert "Organisationen ändras" not in look(client, "/enheter").text


def split(client: FlaskClient, from_week: str) -> Screen:
    """Let the KFF become Fritid and Kultur from a week."""
    new = {"name_1": "Fritid", "code_1": "FRI", "name_2": "Kultur", "code_2": "KUL"}
    page = step(client, "split", look(client, f"{START}/split"), "standing", unit="KFF", from_week=from_week, **new)
    page = step(client, "split", page, "look")
    step(client, "split", page, "decide")
    return page


def test_what_is_looked_at_before_the_decision_shows_no_weeks_in_which_a_unit_does_not_exist(demo: Flask) -> None:
    page = split(sign_in(demo.test_client(), "Portföljkoordinator"), "v. 2 2027")
    assert "finns inte" in page.text


def test_a_unit_that_is_gone_is_not_offered_to_new_proposals(demo: Flask) -> None:  # S1-27
    client = sign_in(demo.test_client(), "Portföljkoordinator")
    assert "går därför inte att ångra" in split(client, "v. 48 2026").text
    offered = look(client, NEW).text
    assert "Fritid" in offered
    assert "Kultur- och fritidsförvaltningen" not in offered


OFFERED = (
    ("Kommundirektör", NEW),
    ("Kommundirektör", "/initiativ/FI-001/effektmal/0"),
    ("Kommundirektör", "/initiativ/FI-001/bedomning"),
    ("Kommundirektör", "/initiativ/FI-006/beslut?kind=complete"),
    ("Kommundirektör", "/koncept/1"),
    ("Administratör", "/mal/styrkort/nytt/area"),
)
"""Where something is laid on a unit, and by whom."""


def options(page: Screen) -> str:
    """What may be chosen or ticked on a page: its lists and boxes, without what its texts tell."""
    return " ".join(re.findall(r"<(?:option|label|th)\b.*?</", page.html, re.DOTALL))


@pytest.mark.parametrize(("function", "address"), OFFERED)
def test_nothing_new_is_laid_on_a_unit_that_is_gone_or_never_came(demo: Flask, function: str, address: str) -> None:
    client = sign_in(demo.test_client(), function)
    offered = options(look(client, address))
    assert "Kultur- och fritidsförvaltningen" in offered
    split(client, "v. 48 2026")
    offered = options(look(client, address))
    assert "Kultur- och fritidsförvaltningen" not in offered
    assert "Fritid" in offered


@pytest.mark.parametrize(("function", "address"), OFFERED)
def test_what_was_to_come_of_a_split_that_was_taken_back_is_offered_nowhere(
    demo: Flask, function: str, address: str
) -> None:
    client = sign_in(demo.test_client(), function)
    split(client, "v. 2 2027")
    number = units.reorganisations()[0].id
    current_session().rollback()
    send(client, f"{START}/{number}/angra", look(client, START).boxes[f"{START}/{number}/angra"])
    offered = options(look(client, address))
    assert "Kultur- och fritidsförvaltningen" in offered
    assert "Fritid" not in offered


def test_all_departments_are_those_that_are_there(demo: Flask) -> None:
    client = sign_in(demo.test_client(), "Portföljkoordinator")
    split(client, "v. 48 2026")
    typed = look(client, NEW).boxes["proposal"] | {"everyone.0": "1", "choose": "everyone"}
    boxes = send(client, "/initiativ/nytt", typed).boxes["proposal"]
    assert boxes["phases.0.impacts.FRI"] == "1"
    assert "phases.0.impacts.KFF" not in boxes


def test_a_goal_that_frees_something_in_a_unit_that_is_gone_still_says_so(demo: Flask) -> None:
    client = sign_in(demo.test_client(), "Portföljkoordinator")
    page = look(client, "/initiativ/FI-001/effektmal/0")
    written = {"change": "Färre köer", "for_whom": "Föräldrar", "benefit": "time", "hours": "10", "unit": "KFF"}
    send(client, "/initiativ/FI-001/effektmal/0", page.boxes["/initiativ/FI-001/effektmal/0"] | written)
    goal = current_session().scalars(select(EffectGoalRow.id).order_by(EffectGoalRow.id.desc())).first()
    current_session().rollback()
    split(client, "v. 48 2026")
    address = f"/initiativ/FI-001/effektmal/{goal}"
    assert look(client, address).boxes[address]["unit"] == "KFF"


def test_a_change_whose_week_has_come_is_told_to_be_too_late_to_take_back(demo: Flask) -> None:
    client = sign_in(demo.test_client(), "Portföljkoordinator")
    split(client, "v. 2 2027")
    page = look(client, START)
    address = next(one for one in page.boxes if one.endswith("/angra"))
    send(client, address, page.boxes[address])
    late = send(client, address, page.boxes[address])
    assert (late.code, "Det går inte längre att ångra." in late.text) == (200, True)
    assert "0 beslutade ändringar väntar" in late.text
