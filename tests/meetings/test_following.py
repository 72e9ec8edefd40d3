"""Whether a decision still is to be carried out, and whether an ärende still waits to be decided."""

from collections.abc import Collection
from datetime import date

import pytest

from portfolio.initiatives.rules.kinds import Kind
from portfolio.initiatives.rules.statuses import Status
from portfolio.meetings.rules.deciding import Basis, basis_told, decider, is_undecided
from portfolio.meetings.rules.following import is_open

DUE = date(2026, 12, 1)


@pytest.mark.parametrize(
    ("kind", "since", "status", "day", "expected"),
    [
        (Kind.START, (), Status.DECIDED, date(2027, 6, 1), True),
        (Kind.START, (), Status.ONGOING, DUE, False),
        (Kind.START, (Kind.PAUSE,), Status.PAUSED, DUE, False),
        (Kind.DEFER, (), Status.IN_PREPARATION, DUE, False),
        (Kind.NOTE, (), Status.ONGOING, DUE, False),
        (Kind.RETURN, (), Status.IN_PREPARATION, date(2027, 6, 1), True),
        (Kind.RETURN, (Kind.NOTE, Kind.RERANK), Status.IN_PREPARATION, DUE, True),
        (Kind.RETURN, (Kind.START,), Status.DECIDED, DUE, False),
        (Kind.PAUSE, (), Status.PAUSED, DUE, True),
        (Kind.PAUSE, (), Status.PAUSED, date(2026, 12, 2), False),
    ],
)
def test_a_decision_is_open_until_what_it_says_has_come(
    kind: Kind, since: Collection[Kind], status: Status, day: date, expected: bool
) -> None:
    assert is_open(kind, since, status, DUE, day) is expected


def test_a_decision_without_a_last_day_is_carried_out_at_once() -> None:
    assert not is_open(Kind.NOTE, (), Status.ONGOING, None, DUE)


@pytest.mark.parametrize(
    ("kind", "basis", "since", "status", "expected"),
    [
        (Kind.REFER, Basis.INTERNAL, (), Status.ONGOING, True),
        (Kind.REFER, Basis.INTERNAL, (Kind.DEFER, Kind.NOTE), Status.IN_PREPARATION, True),
        (Kind.REFER, Basis.INTERNAL, (Kind.REJECT,), Status.REJECTED, False),
        (Kind.START, Basis.PROPOSAL, (), Status.DECIDED, True),
        (Kind.START, Basis.INTERNAL, (), Status.DECIDED, False),
        (Kind.DEFER, Basis.INTERNAL, (), Status.IN_PREPARATION, True),
        (Kind.DEFER, Basis.INTERNAL, (), Status.ONGOING, False),
    ],
)
def test_an_arende_waits_until_somebody_has_settled_it(
    kind: Kind, basis: Basis, since: Collection[Kind], status: Status, expected: bool
) -> None:
    assert is_undecided(kind, basis, since, status) is expected


def test_a_delegationsbeslut_names_its_point_and_that_it_is_reported() -> None:
    told = "Delegationsbeslut, punkt 4.2 i delegationsordningen, anmäls till nämnd"
    assert basis_told(Basis.DELEGATED, "4.2") == told
    assert basis_told(Basis.INTERNAL, "") == "Internt ledningsbeslut (verkställighet)"
    assert basis_told("", "") == ""


def test_who_decides_is_told_once() -> None:
    for written in (
        "Räddningschef",
        "Räddningschef, efter samråd i gruppen",
        " Räddningschef efter samråd med ägaren",
    ):
        assert decider(written) == "Räddningschef"
