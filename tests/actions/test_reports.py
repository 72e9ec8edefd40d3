"""Who may tell how an initiative goes, what is kept of it, and what follows from it."""

import json
from datetime import timedelta

import pytest
from flask import Flask

from portfolio.base.db import current_session, transaction
from portfolio.base.errors import Invalid, NotAllowedNow, NotPermitted
from portfolio.base.weeks import parse_week
from portfolio.capacity.queries import open_conflicts
from portfolio.initiatives.actions import editing
from portfolio.initiatives.models import Initiative
from portfolio.initiatives.queries.stored import initiative_by_code
from portfolio.initiatives.rules.reported import ReportState
from portfolio.initiatives.rules.statuses import Status
from portfolio.outbox.queries import history_of
from portfolio.overview.checks import breached_invariants
from portfolio.people.rules import Actor
from portfolio.reports import actions
from portfolio.reports.queries import reports_of
from portfolio.reports.rules import Given
from tests.cast import CAST, actor, look_again, person
from tests.make import CHAIR, NOW, make_initiative, make_unit

IN_A_WEEK = NOW + timedelta(days=7)


@pytest.fixture
def running(app: Flask) -> str:
    """An ongoing initiative of the Kanslichef's, for whom the Projektledare reports."""
    make_unit("KLF", limit=4)
    for function in CAST:
        person(function)
    code = make_initiative(status="ongoing", start="2026-W46", weeks=6, impacts={"KLF": 2})
    delegate = person("Projektledare")
    with transaction():
        editing.edit(code, {"delegate": delegate}, version=None, by=CHAIR, now=NOW)
    return code


def report(code: str, state: str, by: Actor = CHAIR, **more: object) -> Initiative:
    """Give a report; the initiative as it is afterwards."""
    now = more.pop("now", NOW)
    with transaction():
        actions.report(code, Given(ReportState(state), **more), by=by, now=now)  # type: ignore[arg-type]
    look_again()
    return initiative_by_code(code)


def events(code: str) -> list[tuple[str, dict[str, object]]]:
    """What has happened, newest first."""
    return [(row.type, json.loads(row.data)) for row in history_of(f"initiative/{code}")]


def test_a_report_is_kept_with_its_event_and_is_the_state_from_now_on(running: str) -> None:
    found = report(running, "watch", actor("Kanslichef"), text="Vi tar in en konsult.")
    assert (found.reported_state, found.reported_at) == ("watch", NOW)
    [row] = reports_of(found.id)
    assert (row.state, row.text, row.reported_by) == ("watch", "Vi tar in en konsult.", "Kanslichef")
    assert events(running)[0] == (
        "initiative.status_reported",
        {
            "initiative": running,
            "report": row.id,
            "state": "watch",
            "shown": "watch",
            "text": "Vi tar in en konsult.",
            "forecast": None,
        },
    )


def test_nothing_new_makes_the_former_state_fresh(running: str) -> None:
    report(running, "needs_decision", text="Välj leverantör.", help="Vi behöver en jurist.")
    found = report(running, "nothing_new", now=IN_A_WEEK)
    assert (found.reported_state, found.reported_at) == ("needs_decision", IN_A_WEEK)
    assert found.help_needed == "Vi behöver en jurist."
    kind, data = events(running)[0]
    assert (kind, data["state"], data["shown"]) == ("initiative.status_reported", "nothing_new", "needs_decision")


def test_asking_for_help_is_a_fact_of_its_own(running: str) -> None:
    found = report(running, "on_track", help="Vi saknar jurist i december.")
    assert found.help_needed == "Vi saknar jurist i december."
    kind, data = events(running)[0]
    assert (kind, data["text"]) == ("initiative.help_requested", "Vi saknar jurist i december.")
    assert report(running, "on_track").help_needed == ""


def test_what_is_refused_leaves_nothing_behind(running: str) -> None:
    before = len(events(running))
    for state in ("watch", "nothing_new"):
        with pytest.raises(Invalid):
            report(running, state)
        look_again()
    assert reports_of(initiative_by_code(running).id) == []
    assert len(events(running)) == before


def test_a_forecast_that_is_a_slip_of_the_pen_undoes_the_whole_report(running: str) -> None:
    with pytest.raises(Invalid) as refused:
        report(running, "on_track", forecast=parse_week("2050-W01"))
    assert list(refused.value.errors) == ["forecast_end_week"]
    look_again()
    assert initiative_by_code(running).reported_at is None


@pytest.mark.parametrize("function", CAST)
def test_the_owner_the_delegate_the_coordinator_and_the_chair_may_report(running: str, function: str) -> None:
    if function in ("Kommundirektör", "Kanslichef", "Projektledare", "Portföljkoordinator"):
        assert report(running, "on_track", actor(function)).reported_state == "on_track"
    else:
        with pytest.raises(NotPermitted):
            report(running, "on_track", actor(function))


@pytest.mark.parametrize("status", list(Status))
def test_only_what_is_decided_runs_or_is_paused_is_reported_on(app: Flask, status: Status) -> None:
    code = make_initiative(status=status, start="2027-W02")
    if status in (Status.DECIDED, Status.ONGOING, Status.PAUSED):
        assert report(code, "on_track").reported_state == "on_track"
    else:
        with pytest.raises(NotAllowedNow):
            report(code, "on_track")


def test_a_later_forecast_moves_the_load_at_once_and_is_never_refused(running: str) -> None:
    make_initiative(status="ongoing", start="2027-W02", weeks=4, impacts={"KLF": 3})
    with transaction():
        given = Given(ReportState.WATCH, "Leveransen är sen.", forecast=parse_week("2027-W03"))
        _, opened = actions.report(running, given, by=actor("Projektledare"), now=NOW)
        weeks = [row.week for row in opened]
    look_again()
    assert weeks == [parse_week("2027-W02"), parse_week("2027-W03")]
    assert initiative_by_code(running).forecast_end_week == parse_week("2027-W03")
    assert {row.cause for row in open_conflicts(NOW)} == {"initiative.forecast_reported"}


def test_an_earlier_forecast_changes_nothing_in_the_load(running: str) -> None:
    make_initiative(status="ongoing", start="2026-W48", weeks=4, impacts={"KLF": 3})
    before = [(row.week, row.value) for row in open_conflicts(NOW)]
    assert before
    report(running, "on_track", forecast=parse_week("2026-W49"))
    assert [(row.week, row.value) for row in open_conflicts(NOW)] == before


def test_a_report_is_a_new_version_of_the_initiative(running: str) -> None:
    before = initiative_by_code(running).version
    assert report(running, "on_track").version == before + 1


def test_the_owner_appoints_who_reports_in_their_place(running: str) -> None:
    owner = actor("Kanslichef")
    with transaction():
        editing.edit(running, {"delegate": None}, version=None, by=owner, now=NOW)
    assert current_session().get_one(Initiative, initiative_by_code(running).id).delegate_id is None
    kind, data = events(running)[0]
    assert (kind, data["changes"]) == ("initiative.edited", {"delegate": ["Projektledare", None]})
    with pytest.raises(NotPermitted):
        report(running, "on_track", actor("Projektledare"))


def test_the_check_of_the_data_finds_a_state_that_nobody_has_reported(running: str) -> None:
    report(running, "watch", text="Vi tar in en konsult.")
    report(running, "nothing_new", now=IN_A_WEEK)
    assert list(breached_invariants(IN_A_WEEK)) == []
    with transaction():
        initiative_by_code(running).reported_state = "on_track"
    assert list(breached_invariants(IN_A_WEEK)) == [f"{running} visar ett annat läge än den senaste lägesrapporten."]
