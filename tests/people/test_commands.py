"""The commands that let the first people and programs in."""

import pytest
from flask.testing import FlaskClient, FlaskCliRunner
from sqlalchemy import update

from portfolio.base.db import transaction
from portfolio.outbox.models import EventRow
from portfolio.people import queries
from tests.cast import person, sign_in

ADD = ["person", "add", "kansli@kommunen.se", "--function", "Kanslichef", "--role", "owner"]


def test_a_person_is_added_and_the_link_stands_alone_on_the_last_line(
    runner: FlaskCliRunner, client: FlaskClient
) -> None:
    added = runner.invoke(args=ADD)
    assert added.exit_code == 0
    link = added.stdout.splitlines()[-1]
    assert link.startswith("http://127.0.0.1:5000/valkommen/")
    assert client.get(link).status_code == 200


@pytest.mark.environment(PORTFOLIO_BASE_URL="https://portfolj.kommunen.se")
def test_the_link_begins_with_the_address_that_people_use(runner: FlaskCliRunner) -> None:
    assert "https://portfolj.kommunen.se/valkommen/" in runner.invoke(args=ADD).stdout


def test_a_new_link_ends_the_earlier_one(runner: FlaskCliRunner, client: FlaskClient) -> None:
    first = runner.invoke(args=ADD).stdout.splitlines()[-1]
    second = runner.invoke(args=["person", "invite", "kanslichef"]).stdout.strip()
    assert [client.get(link).status_code for link in (first, second)] == [404, 200]


def test_a_person_is_deactivated_by_function_or_by_address(runner: FlaskCliRunner, client: FlaskClient) -> None:
    runner.invoke(args=ADD)
    sign_in(client, "Kanslichef")
    assert runner.invoke(args=["person", "deactivate", "KANSLI@kommunen.se"]).exit_code == 0
    assert client.get("/logga-in").status_code == 200
    gone = runner.invoke(args=["person", "deactivate", "Kanslichef"])
    assert (gone.exit_code, gone.stdout) == (1, "")
    assert gone.stderr == "Det finns ingen aktiv person med funktionen eller adressen Kanslichef.\n"


def test_persons_are_listed(runner: FlaskCliRunner) -> None:
    runner.invoke(args=ADD)
    person("Revisor")
    assert runner.invoke(args=["person", "list"]).stdout.splitlines() == [
        "Kanslichef\towner\t-\tkansli@kommunen.se",
        "Revisor\tauditor\t-\t-",
    ]


@pytest.mark.parametrize(
    ("arguments", "exit_code", "said"),
    [
        (["person", "add", "kansli", "--function", "X", "--role", "owner"], 1, "email: Skriv en e-postadress"),
        ([*ADD, "--unit", "XYZ"], 1, "unit: Det finns ingen enhet med koden XYZ."),
        (["person", "add", "a@b.se", "--role", "owner"], 2, "Missing option '--function'"),
        (["person", "add", "a@b.se", "--function", "X", "--role", "king"], 2, "'king' is not one of"),
        (["token", "revoke", "nothing"], 1, "Det finns ingen token nothing som gäller."),
        (["token", "create", "T"], 2, "Missing option '--role'"),
    ],
)
def test_what_cannot_be_done_is_said_on_stderr(
    runner: FlaskCliRunner, arguments: list[str], exit_code: int, said: str
) -> None:
    result = runner.invoke(args=arguments)
    assert (result.exit_code, result.stdout) == (exit_code, "")
    assert said in result.stderr
    if exit_code == 1:
        assert len(result.stderr.splitlines()) == 1
    assert queries.is_empty()


def test_a_token_stands_alone_on_the_last_line_and_is_never_shown_again(runner: FlaskCliRunner) -> None:
    created = runner.invoke(args=["token", "create", "ärendesystemet", "--role", "chair"])
    secret = created.stdout.splitlines()[-1]
    assert len(secret) == 43
    listed = runner.invoke(args=["token", "list"]).stdout
    assert listed == f"ärendesystemet\tchair\t{secret[:8]}…\tgäller\n"
    assert runner.invoke(args=["token", "revoke", "ärendesystemet"]).exit_code == 0
    assert "återkallad" in runner.invoke(args=["token", "list"]).stdout
    assert queries.good_token(secret) is None


def test_a_changed_event_is_found_out(runner: FlaskCliRunner) -> None:
    person("Kanslichef")
    person("Revisor")
    assert runner.invoke(args=["audit", "verify"]).stdout == "Händelseloggen håller: 2 händelser.\n"
    with transaction() as session:
        session.execute(update(EventRow).where(EventRow.seq == 1).values(text=EventRow.text + " "))
    found = runner.invoke(args=["audit", "verify"])
    assert (found.exit_code, found.stdout) == (1, "")
    assert found.stderr == "Händelseloggen håller inte från händelse 1: den är ändrad eller borttagen.\n"
