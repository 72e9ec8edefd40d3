"""Telling the others what is worth knowing, on both databases."""

from datetime import datetime, timedelta

import pytest

from portfolio.base.db import transaction
from portfolio.base.errors import Invalid, NotFound, NotPermitted
from portfolio.outbox.queries import newest_event
from portfolio.people.rules import Actor, Role
from portfolio.signals.actions import hide, tell_of
from portfolio.signals.queries import newest, told_about
from portfolio.signals.rules import MOST_A_DAY, TOLD_ENOUGH
from tests.actions import stored
from tests.cast import actor
from tests.make import CHAIR, NOW, make_initiative

pytestmark = pytest.mark.usefixtures("app")


def told(title: str = "Ny språklag", *codes: str, link: str = "", by: Actor = CHAIR, now: datetime = NOW) -> int:
    with transaction():
        return tell_of(title, "Den gäller från juli.", link, codes, by=by, now=now)


# S3-07
def test_what_is_told_stands_first_with_the_initiatives_that_it_touches() -> None:
    one, other = make_initiative("E-arkiv"), make_initiative("Ny växel")
    told("Äldre")
    told("Ny språklag", one, other, link="https://skr.se")
    first, second = newest()
    assert (first.row.title, first.row.link, first.row.written_by) == ("Ny språklag", "https://skr.se", CHAIR.name)
    assert [about.title for about in first.about] == ["E-arkiv", "Ny växel"]
    assert (second.row.title, second.about) == ("Äldre", [])
    assert [row.title for row in told_about(stored.initiative(one).id)] == ["Ny språklag"]
    assert newest_event().type == "signal.told"


def test_a_signal_that_is_refused_leaves_nothing_behind() -> None:
    for refused in ({"link": "http://skr.se"}, {}):
        with pytest.raises(Invalid):
            told("Ny språklag", *([] if refused else ["FI-099"]), **refused)
    assert newest() == []


# S3-07
def test_every_member_tells_and_those_who_only_look_on_do_not() -> None:
    for role in Role:
        by = Actor("Någon", role)
        if role in (Role.ADMIN, Role.REGISTRAR, Role.READER, Role.AUDITOR):
            with pytest.raises(NotPermitted):
                told(by=by)
        else:
            told(by=by)


def test_nobody_tells_more_in_a_day_than_the_others_can_read() -> None:
    chief, other = actor("Socialchef"), actor("Kanslichef")
    for number in range(MOST_A_DAY):
        told(f"Nyhet {number}", by=chief)
    with pytest.raises(Invalid) as refused:
        told("En till", by=chief)
    assert refused.value.errors == {"title": [TOLD_ENOUGH]}
    told("En till", by=other)
    told("En till", by=chief, now=NOW + timedelta(days=1))


def test_its_author_and_the_coordinator_take_it_away_and_nobody_else() -> None:
    chief, other, coordinator = actor("Socialchef"), actor("Kanslichef"), actor("Portföljkoordinator")
    first, second = told(by=chief), told(by=chief)
    with pytest.raises(NotPermitted), transaction():
        hide(first, by=other, now=NOW)
    for signal_id, by in ((first, chief), (second, coordinator)):
        with transaction():
            hide(signal_id, by=by, now=NOW)
    assert newest() == []
    assert newest_event().type == "signal.hidden"
    with pytest.raises(NotFound), transaction():
        hide(first, by=chief, now=NOW)
