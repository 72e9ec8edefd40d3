"""How long proposals wait, on the start page of those who prepare the decisions."""

import pytest
from flask.testing import FlaskClient

from portfolio.base.db import transaction
from portfolio.people.rules import Actor, Role
from portfolio.reminders.actions import set_rule
from portfolio.reminders.rules.catalogue import Setting
from tests.make import NOW, make_decision
from tests.pages.screen import look

pytestmark = pytest.mark.environment(PORTFOLIO_NOW=NOW.isoformat())


# S1-13, S4-22
def test_the_coordinator_sees_at_once_how_long_an_answer_takes_and_what_has_waited_longest(
    coordinator: FlaskClient,
) -> None:
    start = look(coordinator, "/").text
    assert "Inget förslag har fått besked det senaste halvåret." in start
    assert "väntat: 28 dagar." in start
    assert "6 över 14 dagar" in start
    make_decision("FI-013", "reject")
    page = look(coordinator, "/").text
    assert "28 dagar i median det senaste halvåret." in page
    assert "5 över 14 dagar" in page


# S1-13
@pytest.mark.parametrize(("limit", "is_late"), [(20, True), (40, False)])
def test_how_long_is_too_long_is_for_the_municipality_to_say(
    coordinator: FlaskClient, limit: int, is_late: bool
) -> None:
    with transaction():
        set_rule("decision_waits", Setting(True, limit, "07:30"), by=Actor("Administratör", Role.ADMIN), now=NOW)
    assert (f"6 över {limit} dagar" in look(coordinator, "/").text) is is_late


def test_nobody_else_has_it_on_their_start_page(reader: FlaskClient) -> None:
    assert "Från förslag till besked" not in look(reader, "/").text
