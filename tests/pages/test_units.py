"""Enheter och tak: who sets what a unit carries, what is confirmed, and what collides at once."""

import pytest
from flask import Flask
from flask.testing import FlaskClient

from portfolio.base.db import current_session
from portfolio.initiatives.rules.statuses import Status
from portfolio.people.rules import Role
from portfolio.units import queries as units
from portfolio.units.models import UnitRow
from tests.cast import form_token, sign_in
from tests.make import make_initiative, make_person, make_unit
from tests.pages.maps import points, rows_of
from tests.pages.screen import Screen, look, send

pytestmark = pytest.mark.environment(PORTFOLIO_NOW="2026-11-23T08:00:00+01:00")


@pytest.fixture
def social_chief(demo: Flask) -> FlaskClient:
    """The Socialchef, who answers for SOC."""
    return sign_in(demo.test_client(), "Socialchef")


def fill_in(client: FlaskClient, address: str, form: str, **fields: str) -> Screen:
    """Open a page, change some boxes of one of its forms and send it."""
    return send(client, form, look(client, address).boxes[form] | fields)


def unit_of(code: str) -> UnitRow:
    current_session().rollback()
    return units.unit_by_code(code)


def test_the_list_shows_the_tree_with_limits_and_the_worst_weeks_ahead(chair: FlaskClient) -> None:
    page = look(chair, "/enheter")
    assert page.text.index("Kommunledningsförvaltningen KLF") < page.text.index("Kansliet KAN")
    assert "Kansliet KAN Kontor, 24 medarbetare – 4" in page.text
    assert "Miljö- och byggnadsförvaltningen MBF Förvaltning 3 4 ■ Fullt" in page.text
    assert "Lägg till enhet" in page.links


def test_a_unit_shows_its_weeks_its_limits_and_what_it_is_asked_to_carry(chair: FlaskClient) -> None:
    page = look(chair, "/enheter/KLF")
    assert "7 av 8 den här veckan, utrymme 1" in page.text
    assert "Kommunledningsförvaltningen går över taket vecka 2–6: 7 av 6." in page.text
    assert points(rows_of(page)["Kansliet"][0]) == "3 av 4"
    assert page.boxes["/enheter/KLF"]["limit"] == "8"
    assert page.boxes["/enheter/KLF"]["max_parallel"] == ""
    assert page.text.index("Hur många förändringar klarar ni samtidigt?") < page.text.index("Tak i poäng per vecka")
    assert "Taket är det som ryms utöver den dagliga verksamheten." in page.text
    assert "FI-001 E-arkiv för hela kommunen Märkbar Kansliet v. 10 2027" in page.text


def test_a_chief_lowers_the_own_limit_and_sees_at_once_what_collides(social_chief: FlaskClient) -> None:
    page = fill_in(social_chief, "/enheter/SOC", "/enheter/SOC", limit="6")
    assert (
        "Taket för Socialförvaltningen är sparat. 4 initiativ krockar nu: FI-001, FI-002, FI-004 och FI-010."
        in page.text
    )
    assert "Socialförvaltningen går över taket vecka 5–8: 7 av 6." in page.text
    assert "Orsak: Socialförvaltningen ändrades" in page.text
    assert unit_of("SOC").limit == 6


def test_a_chief_cannot_touch_another_unit(social_chief: FlaskClient) -> None:
    assert "/enheter/BUF" not in look(social_chief, "/enheter/BUF").boxes
    token = {"csrf_token": form_token(social_chief)}
    fields = token | {"limit": "1", "max_parallel": "", "version": "1"}
    assert send(social_chief, "/enheter/BUF", fields).code == 403
    assert (
        send(social_chief, "/enheter/SOC/andra", token | {"name": "Soc", "kind": "bolag", "version": "1"}).code == 403
    )
    lowered = token | {"unit": "BUF", "from_week": "v. 5 2027", "to_week": "v. 6 2027", "limit": "1", "reason": "Nej"}
    assert send(social_chief, "/kalender/sankt-tak", lowered).code == 403
    assert unit_of("BUF").limit == 8


def test_a_medarbetare_reads_the_limits_and_changes_nothing(reader: FlaskClient) -> None:
    page = look(reader, "/enheter/SOC")
    assert "Tak i poäng per vecka 7" in page.text
    assert "/enheter/SOC" not in page.boxes
    assert send(reader, "/enheter/SOC", {"csrf_token": form_token(reader), "limit": "1", "version": "1"}).code == 403
    assert look(reader, "/enheter/ny").code == 403


def test_a_wrong_figure_is_told_at_the_field_and_nothing_typed_is_lost(social_chief: FlaskClient) -> None:
    page = fill_in(social_chief, "/enheter/SOC", "/enheter/SOC", limit="sju", max_parallel="3")
    assert page.code == 422
    assert "Skriv ett heltal, till exempel 4." in page.text
    assert (page.boxes["/enheter/SOC"]["limit"], page.boxes["/enheter/SOC"]["max_parallel"]) == ("sju", "3")
    assert (unit_of("SOC").limit, unit_of("SOC").max_parallel) == (7, None)


def test_a_figure_may_be_written_in_groups_of_three(chair: FlaskClient) -> None:
    for written in ("1 200", "1\u00a0200", "1\u202f200"):
        page = look(chair, "/enheter/SOC/andra")
        form = next(name for name, boxes in page.boxes.items() if "headcount" in boxes)
        send(chair, form, page.boxes[form] | {"headcount": written})
        assert unit_of("SOC").headcount == 1200
        send(chair, form, look(chair, "/enheter/SOC/andra").boxes[form] | {"headcount": "7"})
    refused = send(chair, form, look(chair, "/enheter/SOC/andra").boxes[form] | {"headcount": "1 2"})
    assert (refused.code, "Skriv ett heltal, till exempel 4." in refused.text) == (422, True)


def test_two_who_change_the_same_limit_never_overwrite_each_other_unseen(
    social_chief: FlaskClient, chair: FlaskClient
) -> None:
    mine = look(social_chief, "/enheter/SOC").boxes["/enheter/SOC"]
    fill_in(chair, "/enheter/SOC", "/enheter/SOC", limit="9")
    page = send(social_chief, "/enheter/SOC", mine | {"limit": "5"})
    assert page.code == 412
    assert "Någon annan har just sparat 9 här." in page.text
    assert page.boxes["/enheter/SOC"]["limit"] == "5"
    assert unit_of("SOC").limit == 9
    send(social_chief, "/enheter/SOC", page.boxes["/enheter/SOC"])
    assert unit_of("SOC").limit == 5


def test_a_limit_that_others_set_is_preliminary_until_its_chief_confirms_it(app: Flask) -> None:
    make_unit("SOC", limit=2, confirmed=False)
    make_initiative(status=Status.ONGOING, start="2026-W48", impacts={"SOC": 3})
    make_person("Socialchef", role=Role.MEMBER, unit="SOC")
    chief = sign_in(app.test_client(), "Socialchef")
    page = look(chief, "/enheter/SOC")
    assert (
        "Taket är preliminärt. Det varnar, men stoppar inget, tills förvaltningschefen har bekräftat det."
        in page.text
    )
    assert "krock" not in page.text
    coordinator = sign_in(app.test_client(), "Portföljkoordinator")
    assert "/enheter/SOC/bekrafta" not in look(coordinator, "/enheter/SOC").boxes
    confirmed = fill_in(chief, "/enheter/SOC", "/enheter/SOC/bekrafta")
    assert "Taket för Förvaltningen SOC är bekräftat och gäller från och med nu." in confirmed.text
    assert "Förvaltningen SOC går över taket vecka 48–51: 3 av 2." in confirmed.text
    assert unit_of("SOC").limits_confirmed


def test_the_first_limit_that_a_coordinator_sets_is_preliminary(app: Flask) -> None:
    make_unit("SOC")
    coordinator = sign_in(app.test_client(), "Portföljkoordinator")
    page = fill_in(coordinator, "/enheter/SOC", "/enheter/SOC", max_parallel="3")
    assert "Preliminärt" in page.text
    assert (unit_of("SOC").max_parallel, unit_of("SOC").limits_confirmed) == (3, False)


def test_a_limit_is_suggested_by_size_and_state_and_saved_by_nobody_but_the_chief(social_chief: FlaskClient) -> None:
    page = look(social_chief, "/enheter/SOC?antal=300&vakanser=on&chefer=on")
    assert "Förslag: tak 4. Ändra om det behövs och spara." in page.text
    assert page.boxes["/enheter/SOC"]["limit"] == "4"
    assert unit_of("SOC").limit == 7
    assert look(social_chief, "/enheter/SOC?antal=många").boxes["/enheter/SOC"]["limit"] == "7"


def test_a_unit_is_added_moved_and_ended(coordinator: FlaskClient) -> None:
    fields = {"code": "vat", "name": "VA-kontoret", "kind": "kontor", "parent": "SBF", "max_parallel": "2"}
    page = fill_in(coordinator, "/enheter/ny", "/enheter/ny", **fields)
    assert "VA-kontoret är tillagd." in page.text
    assert page.links["Stadsbyggnadsförvaltningen"] == "/enheter/SBF"
    added = unit_of("VAT")
    assert (added.max_parallel, added.limits_confirmed) == (2, False)
    address = "/enheter/VAT/andra"
    moved = fill_in(coordinator, address, address, parent="MBF", valid_to="2026-11-22", name="VA och avfall")
    assert moved.links["Miljö- och byggnadsförvaltningen"] == "/enheter/MBF"
    assert "Enheten finns inte i dag." in moved.text
    assert "1 enhet som inte finns i dag" in look(coordinator, "/enheter").text


@pytest.mark.parametrize(
    ("fields", "told"),
    [
        ({"code": "KLF", "name": "Klf", "kind": "kontor"}, "Beteckningen används redan. Välj en annan."),
        (
            {"code": "A B", "name": "Ab", "kind": "kontor"},
            "Skriv bokstäver och siffror utan mellanslag, till exempel BUF.",
        ),
        ({"code": "AB", "name": "", "kind": "kontor"}, "Fyll i det här fältet."),
        ({"code": "AB", "name": "Ab", "kind": "kontor", "parent": "NIX"}, "Enheten NIX finns inte."),
    ],
)
def test_a_unit_that_cannot_be_added_is_told_why_and_keeps_what_was_typed(
    coordinator: FlaskClient, fields: dict[str, str], told: str
) -> None:
    page = fill_in(coordinator, "/enheter/ny", "/enheter/ny", **fields)
    assert page.code == 422
    assert told in page.text
    assert page.boxes["/enheter/ny"]["code"] == fields["code"]


def test_moving_a_kontor_moves_its_load_and_tells_what_collides(coordinator: FlaskClient) -> None:
    page = fill_in(coordinator, "/enheter/KAN/andra", "/enheter/KAN/andra", parent="MBF")
    assert "Kansliet är sparad." in page.text
    assert "initiativ krockar nu: FI-001" in page.text
    assert points(rows_of(look(coordinator, "/"))["Miljö- och byggnadsförvaltningen"][0]) == "6 av 4"


def test_a_unit_cannot_lie_below_itself(coordinator: FlaskClient) -> None:
    page = fill_in(coordinator, "/enheter/KLF/andra", "/enheter/KLF/andra", parent="KAN")
    assert page.code == 422
    assert "Enheten kan inte ligga under sig själv." in page.text
