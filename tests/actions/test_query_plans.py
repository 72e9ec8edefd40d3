"""What the gate reads follows what touches the plan, never how much the municipality has behind it."""

from collections.abc import Callable

import pytest
from flask import Flask

from portfolio.base.db import current_session, transaction
from portfolio.base.weeks import parse_week
from portfolio.capacity.actions.gate import verdict_under_lock
from portfolio.initiatives.decisions.undoing import undo
from portfolio.initiatives.queries import plans
from portfolio.initiatives.queries.stored import initiative_by_code
from portfolio.units.queries import ids_by_code
from tests.in_bulk import put_in, put_in_running
from tests.make import CHAIR, NOW, make_decision, make_initiative, make_unit
from tests.questions import Question, plan_of, questions, scanned

GROWING = {
    "initiative",
    "phase",
    "impact",
    "decision",
    "acknowledgement",
    "event",
    "commitment",
    "claim",
    "conflict",
    "granted_exception",
    "exception_cell",
}
"""The tables that grow with every initiative."""


@pytest.fixture
def plan(app: Flask) -> str:
    """A plan on one unit, in a municipality with 3,000 finished initiatives, and 3,000 that run elsewhere."""
    make_unit("KLF", limit=8, max_parallel=5)
    make_unit("KAN", parent="KLF", limit=5)
    make_unit("SOC", limit=9999)
    make_initiative("Kansliets flytt", status="ongoing", start="2026-W45", weeks=20, impacts={"KAN": 2})
    code = make_initiative("Nytt ärendesystem", start="2027-W02", impacts={"KLF": 2}, weeks=10)
    put_in(3000)
    put_in_running(3000, ids_by_code()["SOC"])
    return code


def check(code: str) -> list[Question]:
    """What one check of the plan asks."""
    with questions() as asked, transaction():
        found = plans.plan_of(initiative_by_code(code), NOW, start=parse_week("2027-W02"))
        assert verdict_under_lock(found, NOW).fits
    return asked


def start(code: str) -> list[Question]:
    """What one start with its gate asks and writes."""
    with questions() as asked:
        make_decision(code, "start", start_week="2027-W02")
    return asked


def take_back(code: str) -> list[Question]:
    """What it takes to undo a start."""
    decision = make_decision(code, "start", start_week="2027-W02").decision.id
    with questions() as asked, transaction():
        undo(decision, by=CHAIR, now=NOW)
    return asked


def test_what_fills_a_unit_is_found_by_its_index_on_unit_and_week(plan: str) -> None:
    met = [one for one in check(plan) if "claim.counts_to >=" in one.statement]
    current_session().rollback()
    assert len(met) == 2  # what is committed, and what is claimed
    for one in met:
        assert any("ix_claim_unit_id_counts_to" in step for step in plan_of(one)), plan_of(one)


@pytest.mark.parametrize("ask", [check, start, take_back])
def test_no_table_that_grows_is_read_from_end_to_end_to_decide_on_a_start(
    plan: str, ask: Callable[[str], list[Question]]
) -> None:
    asked = ask(plan)
    current_session().rollback()
    found = {one.statement: scanned(one) & GROWING for one in asked if one.looks}
    assert {statement: tables for statement, tables in found.items() if tables} == {}


def test_a_start_asks_as_many_questions_in_a_large_municipality_as_in_a_small_one(app: Flask) -> None:
    make_unit("KLF", limit=99)
    make_unit("SOC", limit=99)
    few = start(make_initiative("Den första", impacts={"KLF": 1}, weeks=30))
    for number in range(12):
        running = {"status": "ongoing", "start": "2026-W47", "weeks": 30, "owner": None}
        make_initiative(f"Nummer {number}", impacts={"KLF": 1}, **running)
    put_in(500)
    many = start(make_initiative("Den sista", impacts={"KLF": 1}, weeks=30))
    assert len(many) == len(few) <= 22
