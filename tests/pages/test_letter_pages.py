"""One's own letters, the link that ends the veckobrev, and the rules as an administrator sees them."""

import pytest
from flask import Flask
from flask.testing import FlaskClient
from itsdangerous import URLSafeSerializer
from sqlalchemy import select

from portfolio.base.db import current_session
from portfolio.outbox.models import EventRow
from portfolio.people.models import Absence
from portfolio.reminders.models import RuleSetting
from portfolio.reminders.rules.catalogue import RULES
from portfolio.reminders.rules.tokens import token_for
from tests.cast import look_again, person, sign_in, submit
from tests.make import NOW, make_demo

pytestmark = [
    pytest.mark.environment(PORTFOLIO_NOW=NOW.isoformat()),
    pytest.mark.parametrize("database_url", ["sqlite"], indirect=True),
]
SECRET = "only in tests"


@pytest.fixture
def demo(app: Flask) -> None:
    make_demo()


def text_of(client: FlaskClient, address: str) -> str:
    return client.get(address).get_data(as_text=True)


def rhythm_of(function: str) -> str:
    look_again()
    return person(function).letter_rhythm


def test_everybody_chooses_how_often_the_veckobrev_comes(demo: None, client: FlaskClient) -> None:
    visitor = sign_in(client, "Kanslichef")
    assert "Nästa veckobrev kan komma måndag 30 november." in text_of(visitor, "/mina-brev")
    assert submit(visitor, "/mina-brev", {"rhythm": "fortnightly"}).status_code == 303
    assert rhythm_of("Kanslichef") == "fortnightly"
    assert "Nästa veckobrev kan komma måndag 7 december." in text_of(visitor, "/mina-brev")
    submit(visitor, "/mina-brev", {"rhythm": "never"})
    assert "Du får inget veckobrev." in text_of(visitor, "/mina-brev")
    assert submit(visitor, "/mina-brev", {"rhythm": "daily"}).status_code == 422


def test_whoever_has_nothing_to_do_each_week_gets_no_veckobrev(demo: None, client: FlaskClient) -> None:
    assert "Din roll får inget veckobrev" in text_of(sign_in(client, "Registrator"), "/mina-brev")


def test_an_absence_has_days_and_perhaps_a_substitute(demo: None, client: FlaskClient) -> None:
    visitor = sign_in(client, "Kanslichef")
    days = {"first_day": "2026-12-01", "last_day": "2026-12-04"}
    substitute = person("Personalchef").id
    assert submit(visitor, "/mina-brev/borta", days | {"substitute": str(substitute)}).status_code == 303
    [row] = current_session().scalars(select(Absence)).all()
    assert row.substitute_id == substitute
    page = text_of(visitor, "/mina-brev")
    assert "1 december 2026 – 4 december 2026" in page
    assert "Ersättare: Personalchef" in page
    address = f"/mina-brev/borta/{row.id}/ta-bort"
    assert submit(sign_in(client.application.test_client(), "Socialchef"), address).status_code == 404
    assert submit(visitor, address).status_code == 303
    assert current_session().scalars(select(Absence)).all() == []


@pytest.mark.parametrize(
    ("days", "said"),
    [
        (("2026-12-04", "2026-12-01"), "Sista dagen ligger före första dagen."),
        (("2026-11-01", "2026-11-04"), "De dagarna har redan varit."),
        (("i morgon", "2026-12-04"), "Skriv datumet som år-månad-dag"),
        (("", ""), "Fyll i det här fältet."),
    ],
)
def test_days_that_cannot_be_are_told(demo: None, client: FlaskClient, days: tuple[str, str], said: str) -> None:
    form = dict(zip(("first_day", "last_day"), days, strict=True))
    response = submit(sign_in(client, "Kanslichef"), "/mina-brev/borta", form)
    assert response.status_code == 422
    assert said in response.get_data(as_text=True)


def test_a_substitute_must_be_allowed_to_read_what_the_letters_tell(demo: None, client: FlaskClient) -> None:
    days = {"first_day": "2026-12-01", "last_day": "2026-12-04"}
    visitor = sign_in(client, "Kanslichef")
    for wrong in (person("Medarbetare").id, person("Kanslichef").id, 9999):
        assert submit(visitor, "/mina-brev/borta", days | {"substitute": str(wrong)}).status_code == 422


def test_one_click_ends_the_veckobrev_without_signing_in(demo: None, client: FlaskClient) -> None:
    """Fault EM-5: a mail program posts without a cookie, a form or a token of ours (RFC 8058)."""
    address = f"/avbestall/{token_for(person('Kanslichef').id, SECRET)}"
    response = client.post(address, data={"List-Unsubscribe": "One-Click"})
    assert response.status_code == 200
    assert "Veckobrevet är avbeställt" in response.get_data(as_text=True)
    assert rhythm_of("Kanslichef") == "never"
    events = current_session().scalars(select(EventRow).where(EventRow.type == "person.edited")).all()
    assert client.post(address).status_code == 200
    look_again()
    assert len(current_session().scalars(select(EventRow).where(EventRow.type == "person.edited")).all()) == len(
        events
    )


def test_a_scanner_that_reads_the_link_changes_nothing(demo: None, client: FlaskClient) -> None:
    """Fault EM-3."""
    address = f"/avbestall/{token_for(person('Kanslichef').id, SECRET)}"
    for _ in range(2):
        assert client.head(address).status_code == 200
        assert "Vill du avbeställa veckobrevet?" in text_of(client, address)
    assert rhythm_of("Kanslichef") == "weekly"


def test_a_forged_link_and_one_for_another_purpose_are_refused_with_the_same_words(
    demo: None, client: FlaskClient, app: Flask
) -> None:
    """Fault EM-7."""
    mine = person("Kanslichef").id
    other = URLSafeSerializer(SECRET, salt="välj lösenord").dumps(mine)
    wrong = ["ett-ord", token_for(mine, "another secret"), str(other), token_for(9999, SECRET)]
    pages = {client.post(f"/avbestall/{token}").get_data(as_text=True) for token in wrong}
    assert len({page.split("<main")[1] for page in pages}) == 1
    assert {client.open(f"/avbestall/{one}", method=how).status_code for one in wrong for how in ("GET", "POST")} == {
        400
    }
    assert rhythm_of("Kanslichef") == "weekly"


def form_of_rules(**changes: str) -> dict[str, str]:
    fields: dict[str, str] = {}
    for name, rule in RULES.items():
        fields |= {f"{name}-active": "on", f"{name}-days": str(rule.days), f"{name}-time": "07.30"}
    return {name: value for name, value in (fields | changes).items() if value != "-"}


def test_the_administrator_sets_each_rule_and_the_log_tells(demo: None, client: FlaskClient) -> None:
    visitor = sign_in(client, "Administratör")
    page = text_of(visitor, "/paminnelser")
    assert all(rule.title in page and rule.sample[:30] in page for rule in RULES.values())
    fields = form_of_rules(**{"report_due-days": "2", "report_due-time": "8.15", "collision-active": "-"})
    assert submit(visitor, "/paminnelser", fields).status_code == 303
    rows = {row.name: row for row in current_session().scalars(select(RuleSetting))}
    assert set(rows) == {"report_due", "collision"}
    assert (rows["report_due"].days, rows["report_due"].time, rows["collision"].active) == (2, "08:15", False)
    assert f"{len(RULES) - 1} av {len(RULES)}" in text_of(visitor, "/paminnelser")
    told = current_session().scalars(select(EventRow.data).where(EventRow.type == "settings.changed")).all()
    assert any('"report_due.days": [1, 2]' in data for data in told)


def test_what_no_rule_can_follow_is_told_at_its_field_and_nothing_is_saved(demo: None, client: FlaskClient) -> None:
    visitor = sign_in(client, "Administratör")
    fields = form_of_rules(**{"report_due-days": "hundra", "collision-time": "kl sju", "start_soon-days": "7"})
    response = submit(visitor, "/paminnelser", fields)
    page = response.get_data(as_text=True)
    assert response.status_code == 422
    assert 'id="report_due-days-error"' in page
    assert 'id="collision-time-error"' in page
    assert current_session().scalars(select(RuleSetting)).all() == []


def test_the_administrator_sees_how_a_letter_would_look_for_somebody(demo: None, client: FlaskClient) -> None:
    visitor, chief = sign_in(client, "Administratör"), person("Skolchef").id
    page = text_of(visitor, f"/paminnelser?regel=report_due&person={chief}")
    assert "Så här skulle brevet se ut för Skolchef" in page
    assert "FI-008 Språkstöd i förskolan" in page
    empty = text_of(visitor, f"/paminnelser?regel=exception_expires&person={chief}")
    assert "Just nu finns det inget att berätta för Skolchef" in empty
    for odd in ("regel=finns-inte&person=1", "regel=report_due&person=99999", "regel=report_due&person=x"):
        assert visitor.get(f"/paminnelser?{odd}").status_code == 200
