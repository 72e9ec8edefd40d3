"""Proposing and changing initiatives: what is stored, who may, and nobody overwrites another's change unseen."""

import json
from collections.abc import Mapping
from datetime import date
from typing import Any

import pytest

from portfolio.base.db import current_session, transaction
from portfolio.base.errors import Invalid, NotAllowedNow, NotFound, NotPermitted, Stale
from portfolio.base.weeks import parse_week
from portfolio.capacity.rules.calendar import Phase
from portfolio.initiatives.actions import editing, proposing
from portfolio.initiatives.queries.filters import Filter, initiatives
from portfolio.people.queries import actor_of
from portfolio.people.rules import Actor, Role
from tests.actions import stored
from tests.invariants import broken
from tests.make import CHAIR, NOW, make_decision, make_initiative, make_person, make_unit

pytestmark = pytest.mark.usefixtures("app")


def propose(fields: Mapping[str, Any], by: Actor = CHAIR) -> str:
    """Propose; the code of the new initiative."""
    with transaction():
        return proposing.propose(fields, by=by, now=NOW).code


def edit(code: str, fields: Mapping[str, Any], by: Actor = CHAIR, version: int | None = None) -> None:
    """Change an initiative."""
    with transaction():
        editing.edit(code, fields, version=version, by=by, now=NOW)


def test_a_title_is_enough_and_nothing_is_filled_in() -> None:
    code = propose({"title": "Nytt ärendesystem"})
    one = stored.initiative(code)
    assert (one.code, one.status, one.rank, one.version) == ("FI-001", "proposed", 1, 1)
    assert (one.owner_id, one.start_week, one.phases, one.must_finish_by) == (None, None, [], None)
    assert stored.told(code) == ["initiative.proposed"]
    assert broken(NOW) == []


def test_codes_are_given_in_order_and_never_twice() -> None:
    assert propose({"title": "Ett"}) == "FI-001"
    assert propose({"title": "Fem", "code": "FI-005"}) == "FI-005"
    assert propose({"title": "Sex"}) == "FI-006"
    assert propose({"title": "Med egen beteckning", "code": "SOC-2027"}) == "SOC-2027"
    assert propose({"title": "Sju"}) == "FI-007"
    with pytest.raises(Invalid) as refused:
        propose({"title": "Igen", "code": "FI-005"})
    assert list(refused.value.errors) == ["code"]
    assert propose({"title": "Åtta"}) == "FI-008"
    assert broken(NOW) == []


def test_a_unit_that_does_not_exist_is_told_at_the_phases_and_nothing_is_stored() -> None:
    with pytest.raises(Invalid) as refused:
        propose({"title": "Nytt", "phases": [Phase("implement", 3, {"FINNSINTE": 1})]})
    assert list(refused.value.errors) == ["phases"]
    with pytest.raises(NotFound):
        stored.initiative("FI-001")


def test_who_may_propose() -> None:
    for role in Role:
        try:
            propose({"title": f"Från {role}"}, by=Actor("Någon", role))
        except NotPermitted:
            assert role in (Role.DELEGATE, Role.ADMIN, Role.REGISTRAR, Role.READER, Role.AUDITOR)
        else:
            assert role in (Role.CHAIR, Role.MEMBER, Role.OWNER, Role.RECEIVER, Role.COORDINATOR)


def test_a_proposal_is_changed_by_its_proposer_its_owner_and_those_who_may_change_all() -> None:
    proposer, owner = (actor_of(make_person(function)) for function in ("Skolchef", "Kanslichef"))
    code = propose({"title": "Nytt", "owner": make_person("Kanslichef")}, by=proposer)
    for by in (proposer, owner, Actor("Portföljkoordinator", Role.COORDINATOR), CHAIR):
        edit(code, {"summary": f"Enligt {by.name}"}, by=by)
    for role in (Role.MEMBER, Role.OWNER, Role.RECEIVER, Role.ADMIN, Role.REGISTRAR, Role.READER):
        with pytest.raises(NotPermitted):
            edit(code, {"summary": "Någon annans"}, by=Actor("Någon annan", role))
    edit(code, {"diarienummer": "KS 2026/17"}, by=Actor("Registrator", Role.REGISTRAR))
    assert stored.initiative(code).diarienummer == "KS 2026/17"


def test_a_change_keeps_what_was_before_and_after() -> None:
    code = propose({"title": "Nytt", "must_finish_by": date(2027, 6, 30)})
    edit(code, {"title": "Nyare", "legal_duty": True, "must_finish_by": None})
    assert json.loads(stored.newest(code).data)["changes"] == {
        "title": ["Nytt", "Nyare"],
        "legal_duty": [False, True],
        "must_finish_by": ["2027-06-30", None],
    }


def test_a_change_that_changes_nothing_leaves_no_trace() -> None:
    code = propose({"title": "Nytt"})
    edit(code, {"title": "Nytt", "summary": "", "start_week": None})
    assert stored.told(code) == ["initiative.proposed"]
    assert stored.initiative(code).version == 1


def test_the_plan_is_free_until_it_is_decided() -> None:
    make_unit("KLF")
    code = make_initiative(impacts={"KLF": 1})
    edit(code, {"start_week": parse_week("2027-W10"), "phases": [Phase("prepare", 2, {"KLF": 3})]})
    assert stored.plan(code) == ("2027-W10", [2])
    make_decision(code, "start")
    for status_changing in ("pause", "cancel"):
        with pytest.raises(NotAllowedNow):
            edit(code, {"phases": []})
        make_decision(code, status_changing)
    with pytest.raises(NotAllowedNow) as refused:
        edit(code, {"start_week": parse_week("2027-W12")})
    assert refused.value.status == "cancelled"
    edit(code, {"title": "Namnet får ändras"})


def test_what_somebody_else_has_changed_is_not_overwritten() -> None:
    code = propose({"title": "Nytt"})
    edit(code, {"title": "Nyare"}, version=1)
    with pytest.raises(Stale) as refused:
        edit(code, {"title": "Äldre"}, version=1)
    assert refused.value.current == 2
    assert stored.initiative(code).title == "Nyare"


def test_search_finds_what_people_mean_and_follows_every_change() -> None:
    code = propose({"title": "Språkstöd på Östermalm", "summary": "Åtgärd"})
    propose({"title": "Något annat"})
    for text in ("sprakstod", "ÖSTERMALM", "ostermalm sprak", "åtgärd", "fi-001"):
        assert found(text) == [code]
    edit(code, {"title": "Läslust"})
    assert found("sprakstod") == []
    assert found("laslust") == [code]
    assert found("100 %_") == []


def found(text: str) -> list[str]:
    """The codes of the initiatives that a search finds."""
    current_session().rollback()
    return [one.code for one in current_session().scalars(initiatives(Filter(text=text)))]
