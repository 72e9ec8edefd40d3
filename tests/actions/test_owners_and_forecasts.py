"""Whose an initiative is and when it will be done: both move the load while it counts (capacity kernel §2 and §4)."""

from datetime import datetime
from typing import Any

import pytest

from portfolio.base.db import current_session, transaction
from portfolio.base.errors import Invalid, OverCapacity
from portfolio.base.time import this_week
from portfolio.base.weeks import format_week
from portfolio.capacity.actions import settings
from portfolio.capacity.queries import whole_portfolio
from portfolio.capacity.rules.calendar import Phase
from portfolio.capacity.rules.load import fillers_of
from portfolio.initiatives.actions import editing
from portfolio.initiatives.jobs import keep_up_with_the_calendar
from tests.actions import stored
from tests.invariants import broken
from tests.make import (
    CHAIR,
    NOW,
    as_week,
    make_decision,
    make_demo,
    make_initiative,
    make_person,
    make_standstill,
    make_unit,
)

pytestmark = pytest.mark.usefixtures("app")

W05 = datetime.fromisoformat("2027-02-01T08:00:00+01:00")
W06 = datetime.fromisoformat("2027-02-08T08:00:00+01:00")


def edit(code: str, now: datetime = NOW, **fields: Any) -> None:
    """Change an initiative; `owner` is a function, `forecast_end_week` as people write it."""
    if "owner" in fields:
        fields["owner"] = fields["owner"] and make_person(fields["owner"])
    if "forecast_end_week" in fields:
        fields["forecast_end_week"] = as_week(fields["forecast_end_week"])
    with transaction():
        editing.edit(code, fields, version=None, by=CHAIR, now=now)


# --- Owners


def test_a_new_owner_of_what_counts_passes_the_gate() -> None:
    make_person("Kanslichef", max_owned=1)
    make_person("Skolchef", max_owned=2)
    mine = make_initiative(status="ongoing", start="2026-W45", weeks=8)
    theirs = make_initiative(status="ongoing", start="2026-W45", weeks=8, owner="Skolchef")
    with pytest.raises(OverCapacity):
        edit(theirs, owner="Kanslichef")
    assert stored.initiative(theirs).owner_id == make_person("Skolchef").id
    edit(mine, owner="Skolchef")
    edit(theirs, owner=None)
    edit(theirs, owner="Kanslichef")
    assert stored.told(theirs)[-2:] == ["initiative.owner_changed"] * 2
    assert broken(NOW) == []


def test_a_new_owner_of_what_does_not_count_is_never_refused() -> None:
    make_person("Kanslichef", max_owned=0)
    code = make_initiative(owner=None)
    edit(code, owner="Kanslichef")
    with pytest.raises(OverCapacity):
        make_decision(code, "start")


def test_an_owner_limit_holds_week_by_week() -> None:
    make_person("Kanslichef", max_owned=1)
    make_initiative(status="ongoing", start="2026-W45", weeks=8)
    code = make_initiative(weeks=4)
    make_decision(code, "start", start_week="2027-W01")
    third = make_initiative()
    with pytest.raises(OverCapacity):
        make_decision(third, "start", start_week="2027-W04")
    make_decision(third, "start", start_week="2027-W05")
    assert broken(NOW) == []


def test_a_new_owner_is_not_refused_because_the_unit_is_over_its_limit_already() -> None:
    make_unit("KLF", limit=1)
    code = make_initiative(status="ongoing", start="2026-W45", weeks=8, impacts={"KLF": 3})
    edit(code, owner="Skolchef")
    assert stored.told(code)[-1] == "initiative.owner_changed"


def test_a_new_owner_is_not_refused_because_a_standstill_has_come_over_the_decided_start() -> None:
    code = make_initiative(status="decided", start="2027-W08")
    make_standstill("2027-W08", "2027-W08")
    edit(code, owner="Skolchef")
    assert stored.told(code)[-1] == "initiative.owner_changed"


def test_a_lowered_owner_limit_is_always_allowed_and_tells_what_it_pushes_over() -> None:
    for _ in range(2):
        make_initiative(status="ongoing", start="2026-W47", weeks=3)
    owner = make_person("Kanslichef")
    with transaction():
        _, opened = settings.edit_person(owner.id, {"max_owned": 1}, version=owner.version, by=CHAIR, now=NOW)
        assert len(opened) == 2
    assert [(week, cause) for _, week, _, cause in stored.conflicts()] == [
        ("2026-W48", "person.edited"),
        ("2026-W49", "person.edited"),
    ]
    make_decision("FI-002", "cancel")
    assert stored.conflicts() == []
    assert broken(NOW) == []


def test_the_municipality_s_own_owner_limit_holds_for_everybody_without_one() -> None:
    for _ in range(3):
        make_initiative(status="ongoing", start="2026-W47", weeks=2)
    assert stored.conflicts() == []
    with transaction():
        settings.change_settings({"max_owned": 2}, by=CHAIR, now=NOW)
    assert [(week, cause) for _, week, _, cause in stored.conflicts()] == [("2026-W48", "settings.changed")]
    assert broken(NOW) == []


# --- Forecasts and dragging on


def test_a_later_forecast_counts_from_the_moment_it_is_reported_and_is_never_refused() -> None:
    make_unit("KLF", limit=3)
    code = make_initiative(status="ongoing", start="2026-W48", weeks=4, impacts={"KLF": 2})
    other = make_initiative(impacts={"KLF": 2})
    make_decision(other, "start")
    edit(code, forecast_end_week="2027-W03")
    assert stored.load("KLF", "2026-W51", "2027-W05") == [2, 2, 2, 2, 4, 4, 2, 2]
    assert [(week, cause) for _, week, _, cause in stored.conflicts()] == [
        ("2027-W02", "initiative.forecast_reported"),
        ("2027-W03", "initiative.forecast_reported"),
    ]
    assert broken(NOW) == []


def test_a_forecast_that_is_taken_back_or_earlier_changes_nothing_but_its_own_conflicts() -> None:
    make_unit("KLF", limit=3)
    code = make_initiative(status="ongoing", start="2026-W48", weeks=4, impacts={"KLF": 2})
    make_decision(make_initiative(impacts={"KLF": 2}), "start")
    edit(code, forecast_end_week="2027-W03")
    with pytest.raises(Invalid):
        edit(code, forecast_end_week="2026-W47")
    edit(code, forecast_end_week="2026-W49")
    assert stored.load("KLF", "2026-W48", "2026-W52") == [2, 2, 2, 2, 0]
    assert stored.conflicts() == []
    edit(code, forecast_end_week=None)
    assert stored.told(code)[-3:] == ["initiative.forecast_reported"] * 3
    assert broken(NOW) == []


def test_a_new_frame_leaves_the_old_forecast_behind() -> None:
    make_unit("KLF", limit=3)
    code = make_initiative(status="ongoing", start="2026-W48", weeks=4, impacts={"KLF": 2})
    edit(code, forecast_end_week="2027-W10")
    make_decision(code, "rescope", phases=(Phase("implement", 5, {"KLF": 2}),))
    assert stored.load("KLF", "2026-W51", "2027-W01") == [2, 2, 0, 0]
    assert broken(NOW) == []


def test_what_drags_on_loads_its_unit_for_eight_more_weeks_until_a_forecast_ends_it() -> None:
    """Golden answer 10, through the actions and the clock."""
    make_demo()
    keep_up_with_the_calendar(W05)
    keep_up_with_the_calendar(W06)
    assert "initiative.dragging_noted" in stored.told("FI-006")
    assert share_of("FI-006", "KLF", W06) == stored.weeks_from("2027-W06", 9)
    with transaction():
        editing.edit("FI-006", {"forecast_end_week": as_week("2027-W07")}, version=None, by=CHAIR, now=W06)
    assert share_of("FI-006", "KLF", W06) == ["2027-W06", "2027-W07"]
    assert broken(W06) == []


def share_of(code: str, unit: str, now: datetime) -> list[str]:
    """The weeks from the current one in which an initiative fills a unit."""
    current_session().rollback()
    portfolio, week = whole_portfolio(), this_week(now)
    weeks = range(week, week + 20)
    return [format_week(one) for one in weeks if code in fillers_of(portfolio, unit, one, week)]


def test_what_is_completed_or_planned_anew_no_longer_drags_on() -> None:
    make_unit("KLF", limit=9)
    done, again = (make_initiative(status="ongoing", start="2026-W40", weeks=4, impacts={"KLF": 1}) for _ in range(2))
    keep_up_with_the_calendar(NOW)
    assert stored.load("KLF", "2026-W48", "2027-W04") == [2] * 9 + [0]
    make_decision(done, "complete")
    make_decision(again, "rescope", phases=(Phase("implement", 10, {"KLF": 1}),))
    assert stored.load("KLF", "2026-W48", "2026-W51") == [1, 1, 0, 0]
    assert broken(NOW) == []
