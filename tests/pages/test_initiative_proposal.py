"""Nytt förslag and Ändra: the answer beside the form, nothing typed lost, nobody's change overwritten unseen."""

import re

import pytest
from flask import Flask
from flask.testing import FlaskClient

from portfolio.base.db import current_session, transaction
from portfolio.base.weeks import parse_week
from portfolio.capacity.rules.calendar import Phase
from portfolio.initiatives.actions import editing
from portfolio.initiatives.models import Initiative
from portfolio.initiatives.queries.aims import aim_names_of
from portfolio.initiatives.queries.people import function_of
from portfolio.initiatives.queries.plans import phases_of
from portfolio.initiatives.queries.stored import code_exists, initiative_by_code
from portfolio.people.queries import find_person
from portfolio.scorecard.queries import scorecard
from portfolio.scorecard.rules import AimNames
from tests.cast import sign_in
from tests.make import CHAIR, NOW
from tests.pages.screen import Screen, look, send

pytestmark = pytest.mark.environment(PORTFOLIO_NOW="2026-11-23T08:00:00+01:00")

PLAN = {
    "phases.0.weeks": "4",
    "phases.0.impacts.KLF": "1",
    "phases.0.impacts.BUF": "1",
    "phases.1.weeks": "10",
    "phases.1.impacts.KLF": "1",
    "phases.1.impacts.BUF": "3",
    "phases.2.weeks": "6",
    "phases.2.impacts.BUF": "1",
    "start_week": "v. 2",
}


QUALITY = "Utveckla Luleå till Sveriges Kvalitetskommun"
LEADERS = "Chefer ska ges rätt förutsättningar för att utöva gott ledarskap"


@pytest.fixture
def member(demo: Flask) -> FlaskClient:
    """The Socialchef, who proposes."""
    return sign_in(demo.test_client(), "Socialchef")


def empty(client: FlaskClient) -> dict[str, str]:
    """The form of a new proposal as it opens."""
    return look(client, "/initiativ/nytt").boxes["proposal"]


def stored(code: str) -> Initiative:
    current_session().rollback()  # what was read before belongs to an older picture of the database
    return initiative_by_code(code)


def test_a_name_is_enough(member: FlaskClient) -> None:
    page = send(member, "/initiativ/nytt", empty(member) | {"title": "Ny växel"})
    assert "Tack. Ditt förslag har fått beteckningen FI-015." in page.text
    lacks = "Innan det kan starta behövs en projektägare och minst ett steg med antal veckor, eller ett skrivet skäl."
    assert lacks in page.text
    assert stored("FI-015").status == "proposed"


def test_whoever_works_beside_the_changes_is_offered_last_as_owner(member: FlaskClient) -> None:
    choices = look(member, "/initiativ/nytt").html.partition('id="f-owner"')[2].partition("</select>")[0]
    names = [name for name in re.findall(r'<option value="([^"]*)"', choices) if name]
    assert names[-3:] == ["Administratör", "Medarbetare", "Registrator"]
    assert names[0] == "Arbetsmarknadschef"


def test_every_field_is_kept(member: FlaskClient) -> None:
    texts = {
        "title": "Ny växel",
        "summary": "En växel för alla.",
        "why": "Kortare väntan.\nFör alla som ringer.",
        "if_we_wait": "Avtalet går ut.",
        "assignment_source": "ks",
        "owner": "Kommunikationschef",
        "diarienummer": "KLF 2026/491",
        "goal_area": QUALITY,
        "other_goal_areas.0": LEADERS,
        "programme": "Rum för möten",
        "must_finish_by": "2027-12-31",
        "risk_assessed_on": "2026-11-02",
        "consulted_on": "2026-11-23",
        "legal_duty": "on",
    }
    send(member, "/initiativ/nytt", empty(member) | texts | PLAN)
    one = stored("FI-015")
    assert (one.summary, one.why.splitlines(), one.if_we_wait) == (
        "En växel för alla.",
        ["Kortare väntan.", "För alla som ringer."],
        "Avtalet går ut.",
    )
    assert (one.assignment_source, one.diarienummer, one.legal_duty) == ("ks", "KLF 2026/491", True)
    assert aim_names_of([one], scorecard(), NOW)[one.id] == AimNames(QUALITY, (LEADERS,), "Rum för möten")
    assert function_of(one.owner_id) == "Kommunikationschef"
    assert (one.start_week, str(one.must_finish_by)) == (parse_week("2027-W02"), "2027-12-31")
    assert (str(one.risk_assessed_on), str(one.consulted_on)) == ("2026-11-02", "2026-11-23")
    assert phases_of(one) == (
        Phase("prepare", 4, {"KLF": 1, "BUF": 1}),
        Phase("implement", 10, {"KLF": 1, "BUF": 3}),
        Phase("reinforce", 6, {"BUF": 1}),
    )


def test_the_form_of_a_stored_initiative_sent_unchanged_changes_nothing(chair: FlaskClient) -> None:
    for code in ("FI-011", "FI-013", "FI-014"):
        before = phases_of(stored(code)), stored(code).start_week, stored(code).version
        form = look(chair, f"/initiativ/{code}/andra").boxes["proposal"]
        assert send(chair, f"/initiativ/{code}/andra", form).code == 200
        assert (phases_of(stored(code)), stored(code).start_week, stored(code).version) == before


def test_the_preview_says_whether_it_fits_and_writes_nothing(member: FlaskClient) -> None:
    form = empty(member) | PLAN
    answer = member.post("/initiativ/prova", data=form, headers={"HX-Request": "true", "HX-Target": "preview"})
    page = Screen(answer)
    assert "<form" not in page.html
    assert page.status == (
        "Ryms inte vecka 2. Kommunledningsförvaltningen skulle få 8 av 6 (vecka 2–6) och barn- och "
        "utbildningsförvaltningen 9 av 8 (vecka 6–10). Tidigast möjliga start är vecka 7."
    )
    assert ("Välj vecka 7", "choose", "start:2027-W07") in page.buttons
    assert "7 → blir ▲ 8 av 6" in page.text.replace("▲8", "▲ 8")
    assert not code_exists("FI-015")


def test_without_javascript_the_offered_week_is_chosen_by_a_press(member: FlaskClient) -> None:
    form = empty(member) | PLAN | {"title": "Ny växel", "why": "Kortare väntan"}
    page = send(member, "/initiativ/nytt", form | {"choose": "look"})
    chosen = send(member, "/initiativ/nytt", page.boxes["proposal"] | page.button("Välj vecka 7"))
    assert chosen.boxes["proposal"]["start_week"] == "v. 7 2027"
    assert chosen.boxes["proposal"]["why"] == "Kortare väntan"
    assert chosen.status.startswith("Ryms precis. Kommunledningsförvaltningen får 8 av 8, vecka 7–8.")
    assert not code_exists("FI-015")


# S0-07
def test_all_departments_are_filled_in_at_once(member: FlaskClient) -> None:
    form = empty(member) | {
        "phases.1.weeks": "4",
        "everyone.1": "1",
        "phases.1.impacts.SOC": "3",
        "choose": "everyone",
    }
    boxes = send(member, "/initiativ/nytt", form).boxes["proposal"]
    assert {unit: boxes[f"phases.1.impacts.{unit}"] for unit in ("KLF", "SOC", "RTJ", "KAN")} == {
        "KLF": "1",
        "SOC": "3",
        "RTJ": "1",
        "KAN": "",
    }


def test_a_step_more_is_one_press_away(member: FlaskClient) -> None:
    boxes = send(member, "/initiativ/nytt", empty(member) | {"choose": "step"}).boxes["proposal"]
    assert boxes["phases.3.kind"] == "implement"


BAD = {
    "title": ("", "Skriv vad som ska förändras."),
    "summary": ("x" * 281, "Skriv högst 280 tecken."),
    "start_week": ("hösten", "Skriv veckan, till exempel v. 7 eller v. 7 2027."),
    "must_finish_by": ("31/12", "Skriv datumet som år-månad-dag, till exempel 2027-02-15."),
    "risk_assessed_on": ("2026-11-24", "Skriv dagen då det gjordes. Den kan inte ligga framåt i tiden."),
    "consulted_on": ("i går", "Skriv datumet som år-månad-dag, till exempel 2027-02-15."),
    "phases.1.weeks": ("tio", "Skriv hur många veckor steget tar, till exempel 16."),
    "owner": ("Generaldirektör", "Välj en projektägare i listan."),
}


@pytest.mark.parametrize("name", BAD)
def test_whatever_is_wrong_is_told_at_its_field_and_nothing_typed_is_lost(member: FlaskClient, name: str) -> None:
    typed, message = BAD[name]
    form = empty(member) | PLAN | {"title": "Ny växel", "why": "Kortare väntan"} | {name: typed}
    page = send(member, "/initiativ/nytt", form)
    assert page.code == 422
    assert message in page.text
    assert [href for text, href in page.links.items() if text.endswith(f": {message}")] == [f"#f-{name}"]
    assert f'id="{name}-error"' in page.html
    kept = page.boxes["proposal"]
    if name != "owner":
        assert kept[name] == typed
    assert {box: kept[box] for box in PLAN if box != name} == {box: text for box, text in PLAN.items() if box != name}
    assert kept["why"] == "Kortare väntan"
    assert not code_exists("FI-015")


def test_impacts_in_a_step_without_weeks_are_asked_about(member: FlaskClient) -> None:
    form = empty(member) | PLAN | {"title": "Ny växel", "phases.0.weeks": ""}
    page = send(member, "/initiativ/nytt", form)
    assert page.code == 422
    assert 'id="phases.0.weeks-error"' in page.html


def test_an_unknown_unit_or_level_is_refused(member: FlaskClient) -> None:
    form = empty(member) | PLAN | {"title": "Ny växel"}
    assert send(member, "/initiativ/nytt", form | {"phases.1.impacts.XXX": "1"}).code == 422
    assert send(member, "/initiativ/nytt", form | {"phases.1.impacts.KLF": "7"}).code == 422


def test_an_owner_edits_what_is_theirs_and_nothing_else(demo: Flask) -> None:
    kanslichef = sign_in(demo.test_client(), "Kanslichef")
    form = look(kanslichef, "/initiativ/FI-013/andra").boxes["proposal"] | {"summary": "Jämför oss med andra."}
    assert "FI-013 är sparat." in send(kanslichef, "/initiativ/FI-013/andra", form).text
    assert look(kanslichef, "/initiativ/FI-012/andra").code == 403
    assert send(kanslichef, "/initiativ/FI-012/andra", form).code == 403


def test_what_the_law_asks_for_before_a_decision_stands_on_the_page_and_in_the_history(chair: FlaskClient) -> None:
    form = look(chair, "/initiativ/FI-011/andra").boxes["proposal"]
    assert (form["risk_assessed_on"], form["consulted_on"]) == ("", "")
    page = send(
        chair, "/initiativ/FI-011/andra", form | {"risk_assessed_on": "2026-11-09", "consulted_on": "2026-11-20"}
    )
    assert "Riskbedömning inför ändring gjord 2026-11-09" in page.text
    assert "Samverkan enligt 11 § MBL gjord 2026-11-20" in page.text
    assert "Kommundirektören ändrade när riskbedömningen gjordes och när samverkan gjordes." in page.text
    form = look(chair, "/initiativ/FI-011/andra").boxes["proposal"]
    assert (form["risk_assessed_on"], form["consulted_on"]) == ("2026-11-09", "2026-11-20")
    assert "Samverkan enligt" not in send(chair, "/initiativ/FI-011/andra", form | {"consulted_on": ""}).text


def test_a_reader_proposes_nothing(reader: FlaskClient) -> None:
    assert look(reader, "/initiativ/nytt").code == 403


def test_the_registrator_sets_the_case_number_alone(demo: Flask) -> None:
    registrar = sign_in(demo.test_client(), "Registrator")
    form = look(registrar, "/initiativ/FI-001/andra").boxes["proposal"]
    assert "title" not in form
    send(registrar, "/initiativ/FI-001/andra", form | {"diarienummer": "KS 2026/100", "title": "Annat"})
    assert (stored("FI-001").diarienummer, stored("FI-001").title) == ("KS 2026/100", "E-arkiv för hela kommunen")


# S0-15
def test_a_counting_initiative_keeps_its_plan_and_takes_a_forecast(demo: Flask) -> None:
    kanslichef = sign_in(demo.test_client(), "Kanslichef")
    form = look(kanslichef, "/initiativ/FI-006/andra").boxes["proposal"]
    assert not any(name.startswith("phases") for name in form)
    page = send(kanslichef, "/initiativ/FI-006/andra", form | {"forecast_end_week": "v. 7 2027"})
    assert "Kanslichefen räknar med att initiativet blir klart vecka 7 2027." in page.text


def test_of_two_who_edit_the_second_sees_what_the_first_one_wrote(
    chair: FlaskClient, coordinator: FlaskClient
) -> None:
    form = look(chair, "/initiativ/FI-013/andra").boxes["proposal"]
    theirs = look(coordinator, "/initiativ/FI-013/andra").boxes["proposal"] | {"summary": "Ny text."}
    send(coordinator, "/initiativ/FI-013/andra", theirs)
    page = send(chair, "/initiativ/FI-013/andra", form | {"why": "Vi lär av andra."})
    assert page.code == 412
    assert "Initiativet ändrades nyss av någon annan" in page.text
    assert "Portföljkoordinatorn ändrade Kort sagt. Kort sagt: tomt blev ”Ny text.”." in page.text
    kept = page.boxes["proposal"]
    assert (kept["summary"], kept["why"]) == ("Ny text.", "Vi lär av andra.")
    send(chair, "/initiativ/FI-013/andra", kept)
    assert (stored("FI-013").summary, stored("FI-013").why) == ("Ny text.", "Vi lär av andra.")


def test_what_both_changed_stays_as_the_second_typed_it_until_they_decide(chair: FlaskClient) -> None:
    form = look(chair, "/initiativ/FI-013/andra").boxes["proposal"]
    with transaction():
        editing.edit("FI-013", {"summary": "Den andras."}, version=None, by=CHAIR, now=NOW)
    page = send(chair, "/initiativ/FI-013/andra", form | {"summary": "Min."})
    assert page.boxes["proposal"]["summary"] == "Min."
    assert stored("FI-013").summary == "Den andras."


def test_an_owner_without_room_is_refused_with_the_explanation(chair: FlaskClient, demo: Flask) -> None:
    form = look(chair, "/initiativ/FI-004/andra").boxes["proposal"]
    with transaction():
        for code in ("FI-003", "FI-005"):
            owner = find_person("Kanslichef")
            limited = {"owner": owner} if code == "FI-003" else {}
            editing.edit(code, limited, version=None, by=CHAIR, now=NOW)
    page = send(chair, "/initiativ/FI-004/andra", form | {"owner": "Kanslichef"})
    assert page.code == 409
    assert "Kanslichefen skulle äga 4 initiativ samtidigt, högst 3 går (vecka 48–4)." in page.status
