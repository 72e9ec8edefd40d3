"""Looking back on what the product itself has recorded, on both databases."""

from datetime import datetime

import pytest

from portfolio.base.db import transaction
from portfolio.base.errors import NotFound, NotPermitted
from portfolio.effects import actions as effects
from portfolio.effects.rules.following import WHOLE, Answer, Given
from portfolio.effects.rules.goals import EffectGoal
from portfolio.outbox.queries import newest_event
from portfolio.people.rules import Actor, Role
from portfolio.reviews.actions import add_note, remove_note
from portfolio.reviews.queries import happened, initiatives_with_goals, notes_of, units_with_limits
from portfolio.reviews.rules.half_years import HalfYear
from portfolio.reviews.rules.hindsight import hindsights
from tests.make import CHAIR, NOW, make_decision, make_initiative, make_lowered_limit, make_unit

pytestmark = pytest.mark.usefixtures("app")

AUTUMN = HalfYear(2026, 2)


def at(day: str) -> datetime:
    return datetime.fromisoformat(f"{day}T09:00:00+01:00")


# S1-28, S1-13, S4-50
def test_the_events_of_the_product_itself_tell_what_a_half_year_came_to() -> None:
    make_unit("KLF", limit=9)
    code = make_initiative(impacts={"KLF": 1}, now=at("2026-11-02"))
    make_decision(code, "start", start_week="2026-W48", now=at("2026-11-12"))
    running = make_initiative(status="ongoing", start="2026-W40", impacts={"KLF": 1}, now=at("2026-11-02"))
    make_decision(running, "complete", now=at("2026-12-01"))
    given = {WHOLE: Given(Answer.PARTLY, "Kortare kö.")}
    with transaction():
        effects.follow_up(running, given, by=CHAIR, now=at("2026-12-01"))
    make_decision(running, "close", now=at("2026-12-02"))
    make_decision(make_initiative(impacts={"KLF": 1}, now=at("2026-11-02")), "reject", now=at("2026-12-03"))
    make_lowered_limit("KLF", "2027-W10", "2027-W11", limit=4)
    [found] = hindsights(happened(), at("2026-12-04"))
    assert (found.half_year, found.started, found.finished, found.stopped) == (AUTUMN, 1, 1, 1)
    assert (found.lead_days, found.closed_and_followed, found.limits_changed) == ((10, 31), 1, 1)


# S4-16
def test_how_many_have_a_limit_and_say_what_they_lead_to_is_asked_of_today() -> None:
    make_unit("KLF", limit=8)
    make_unit("KAN", parent="KLF", kind="kontor")
    make_unit("LBO", kind="bolag")
    with_goal = make_initiative()
    make_initiative(why="Kortare kö för den som söker.")
    with transaction():
        effects.write_goal(with_goal, EffectGoal("Kortare kö"), by=CHAIR, now=NOW)
    make_initiative(status="closed", why="Det är klart.")
    assert units_with_limits(NOW) == (1, 2)
    assert initiatives_with_goals() == (1, 2)


# S4-16
def test_what_was_changed_in_the_way_of_working_is_noted_by_those_who_lead_the_meetings() -> None:
    with transaction():
        add_note(AUTUMN, "Mötet har högst fyra beslut.", by=CHAIR, now=NOW)
    [note] = notes_of(AUTUMN)
    assert (note.text, note.written_by, notes_of(HalfYear(2026, 1))) == (
        "Mötet har högst fyra beslut.",
        CHAIR.name,
        [],
    )
    member = Actor("Socialchef", Role.MEMBER)
    with pytest.raises(NotPermitted), transaction():
        add_note(AUTUMN, "Något annat.", by=member, now=NOW)
    with pytest.raises(NotPermitted), transaction():
        remove_note(note.id, by=member, now=NOW)
    with transaction():
        remove_note(note.id, by=CHAIR, now=NOW)
    assert notes_of(AUTUMN) == []
    assert newest_event().type == "review.note_removed"
    with pytest.raises(NotFound), transaction():
        remove_note(note.id, by=CHAIR, now=NOW)
