"""Motivated exceptions: for exactly the conflicts that the chair has seen, and for a while (capacity kernel §5)."""

from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import pytest

from portfolio.base.db import transaction
from portfolio.base.errors import Invalid, NotAllowedNow, NotPermitted, OverCapacity
from portfolio.base.weeks import parse_week
from portfolio.capacity.actions.exceptions import Ground
from portfolio.capacity.queries import exception_covers, exceptions_in_force
from portfolio.capacity.rules.ways import AskException
from portfolio.initiatives.decisions.asked import Asked
from portfolio.initiatives.decisions.taking import decide
from portfolio.initiatives.decisions.undoing import undo
from portfolio.initiatives.jobs import keep_up_with_the_calendar
from portfolio.initiatives.queries.decisions import decisions_of
from portfolio.initiatives.queries.gate import answer
from portfolio.initiatives.queries.plans import plan_of
from portfolio.initiatives.rules.kinds import Kind
from portfolio.people.rules import Actor, Role
from tests.actions import stored
from tests.invariants import broken
from tests.make import CHAIR, NOW, make_decision, make_initiative, make_lowered_limit, make_unit

pytestmark = pytest.mark.usefixtures("app")

W11 = datetime.fromisoformat("2027-03-15T08:00:00+01:00")


def crowded() -> str:
    """KLF carries 3 and has 2; the initiative given back wants 2 more in weeks 2 to 5."""
    make_unit("KLF", limit=3)
    make_initiative("Det som redan pågår", status="ongoing", start="2026-W45", weeks=20, impacts={"KLF": 2})
    return make_initiative("Det som inte kan vänta", impacts={"KLF": 2})


def offered(code: str) -> AskException:
    """The exception that the gate offers for the wished week."""
    one = stored.initiative(code)
    [way] = [way for way in answer(plan_of(one, NOW), NOW).ways if isinstance(way, AskException)]
    return way


def ground(code: str, **changes: Any) -> Ground:
    """What the chair writes for the offered exception."""
    way = offered(code)
    full = Ground(
        "Lagen gäller nu", "Vikarie i kansliet", "Vi backar", "Chefen är med", way.valid_to, way.fingerprint
    )
    return replace(full, **changes)


def test_an_exception_lets_exactly_its_conflicts_through() -> None:
    code = crowded()
    make_decision(code, "start", exception=ground(code))
    assert stored.load("KLF", "2027-W02", "2027-W06") == [4, 4, 4, 4, 2]
    assert stored.conflicts() == []
    assert stored.told(code)[-2:] == ["exception.granted", "initiative.started"]
    assert decisions_of(stored.initiative(code).id)[0].exception_id is not None
    assert broken(NOW) == []


def test_an_exception_that_is_not_needed_is_not_granted() -> None:
    code = crowded()
    asked = ground(code)
    make_decision("FI-001", "complete")
    make_decision(code, "start", exception=asked)
    assert stored.told(code)[-1:] == ["initiative.started"]
    assert exception_covers(NOW) == {}


def test_an_exception_for_other_conflicts_than_those_that_were_read_is_refused_as_stale() -> None:
    code = crowded()
    read = ground(code)
    make_lowered_limit("KLF", "2027-W02", "2027-W02", limit=2)
    with pytest.raises(OverCapacity):
        make_decision(code, "start", exception=read)
    assert stored.status(code) == "in_preparation"
    make_decision(code, "start", exception=ground(code))
    assert stored.status(code) == "decided"


def test_an_exception_that_ends_before_the_conflicts_or_after_eight_weeks_is_told_which_weeks_it_may_end() -> None:
    code = crowded()
    for valid_to in ("2027-W04", "2027-W10"):
        with pytest.raises(Invalid) as refused:
            make_decision(code, "start", exception=ground(code, valid_to=parse_week(valid_to)))
        [message] = refused.value.errors["exception.valid_to_week"]
        assert "2027-W05 till 2027-W09" in message
    make_decision(code, "start", exception=ground(code, valid_to=parse_week("2027-W05")))
    assert stored.status(code) == "decided"


def test_conflicts_that_span_more_than_eight_weeks_cannot_be_excepted() -> None:
    make_unit("KLF", limit=3)
    make_initiative(status="ongoing", start="2026-W45", weeks=30, impacts={"KLF": 2})
    code = make_initiative(weeks=9, impacts={"KLF": 2})
    found = answer(plan_of(stored.initiative(code), NOW), NOW)
    assert not any(isinstance(way, AskException) for way in found.ways)
    asked = Ground("Nu", "Vikarie", "Vi backar", "Med", parse_week("2027-W10"), found.fingerprint)
    with pytest.raises(Invalid) as refused:
        make_decision(code, "start", exception=asked)
    assert list(refused.value.errors) == ["exception.valid_to_week"]


def test_only_the_chair_grants_an_exception() -> None:
    code = crowded()
    asked = Asked(Kind.START, "Vi vill", exception=ground(code))
    for role in set(Role) - {Role.CHAIR}:
        with pytest.raises(NotPermitted):
            _decide(code, asked, Actor("Någon annan", role))
    assert exception_covers(NOW) == {}


def _decide(code: str, asked: Asked, by: Actor) -> None:
    with transaction():
        decide(code, asked, by=by, now=NOW)


def test_what_pushes_an_excepted_cell_still_higher_is_a_conflict_again() -> None:
    code = crowded()
    make_decision(code, "start", exception=ground(code))
    make_initiative("En lista lästes in", status="ongoing", start="2027-W03", weeks=2, impacts={"KLF": 1})
    assert stored.conflict_weeks("KLF") == ["2027-W03", "2027-W04"]
    assert {cause for *_, cause in stored.conflicts()} == {"initiative.imported"}
    make_decision("FI-003", "cancel")
    assert stored.conflicts() == []
    assert broken(NOW) == []


def test_an_exception_covers_nothing_once_its_initiative_no_longer_fills_the_cell() -> None:
    code = crowded()
    make_decision(code, "start", exception=ground(code))
    make_decision(code, "cancel")
    make_initiative("En lista lästes in", status="ongoing", start="2027-W02", weeks=2, impacts={"KLF": 2})
    assert stored.conflict_weeks("KLF") == ["2027-W02", "2027-W03"]


def test_an_exception_does_not_follow_its_initiative_to_other_weeks_nor_stay_behind() -> None:
    code = crowded()
    make_decision(code, "start", exception=ground(code))
    make_decision(code, "rescope", start_week="2027-W20")
    make_initiative("En lista lästes in", status="ongoing", start="2027-W02", weeks=2, impacts={"KLF": 2})
    assert stored.conflict_weeks("KLF") == ["2027-W02", "2027-W03"]


def test_undoing_the_start_ends_its_exception() -> None:
    code = crowded()
    outcome = make_decision(code, "start", exception=ground(code))
    with transaction():
        undo(outcome.decision.id, by=CHAIR, now=NOW + timedelta(seconds=30))
    assert stored.status(code) == "in_preparation"
    assert stored.load("KLF", "2027-W02", "2027-W02") == [2]
    assert exception_covers(NOW) == {}
    assert broken(NOW) == []


def test_an_exception_can_be_granted_for_a_wider_frame_and_for_a_resumption() -> None:
    code = crowded()
    make_decision(code, "start", start_week="2027-W20")
    way = answer(plan_of(stored.initiative(code), NOW, start=parse_week("2027-W02")), NOW).ways[-1]
    assert isinstance(way, AskException)
    asked = Ground("Lagen", "Vikarie", "Vi backar", "Med", way.valid_to, way.fingerprint)
    make_decision(code, "rescope", start_week="2027-W02", exception=asked)
    assert stored.plan(code) == ("2027-W02", [4])
    assert stored.told(code)[-2:] == ["exception.granted", "initiative.rescoped"]
    make_decision(code, "pause")
    make_decision(code, "resume", start_week="2027-W02", exception=asked)
    assert stored.told(code)[-2:] == ["exception.granted", "initiative.resumed"]
    assert broken(NOW) == []


def test_an_exception_ends_with_its_last_week_and_what_then_drags_on_over_the_limit_is_an_open_conflict() -> None:
    code = crowded()
    make_decision(code, "start", exception=ground(code))
    keep_up_with_the_calendar(W11 - timedelta(weeks=2))
    assert not {"exception.expired", "exception.ended"} & set(stored.told(code))
    keep_up_with_the_calendar(W11)
    assert stored.told(code)[-2:] == ["initiative.dragging_noted", "exception.expired"]
    causes = {week: cause for _, week, _, cause in stored.conflicts(W11)}
    assert causes["2027-W11"] == "initiative.dragging_noted"
    assert exception_covers(W11) == {}
    assert broken(W11) == []


def test_an_exception_ends_at_once_with_the_initiative_that_it_was_granted_for() -> None:
    code = crowded()
    make_decision(code, "start", exception=ground(code))
    make_decision(code, "cancel")
    assert exceptions_in_force(NOW) == []
    keep_up_with_the_calendar(W11)
    assert stored.told(code)[-2:] == ["initiative.cancelled", "exception.ended"]


def test_an_exception_ends_when_what_it_was_granted_for_is_within_the_limit() -> None:
    code = crowded()
    make_decision(code, "start", exception=ground(code))
    assert len(exceptions_in_force(NOW)) == 1
    make_decision("FI-001", "cancel")
    assert exceptions_in_force(NOW) == []
    assert stored.told(code)[-1] == "exception.ended"


def test_an_excepted_start_cannot_be_undone_after_thirty_seconds() -> None:
    code = crowded()
    outcome = make_decision(code, "start", exception=ground(code))
    with pytest.raises(NotAllowedNow):
        _undo(outcome.decision.id, NOW + timedelta(seconds=31))


def _undo(decision: int, now: datetime) -> None:
    with transaction():
        undo(decision, by=CHAIR, now=now)
