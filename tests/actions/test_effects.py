"""What is left behind when an initiative is over."""

from datetime import date, timedelta

import pytest

from portfolio.base.db import current_session, transaction
from portfolio.base.errors import Invalid
from portfolio.initiatives import decisions
from portfolio.initiatives.models import HandoverRow, LessonRow
from portfolio.initiatives.rules import Handover, Lesson
from tests.actions import stored
from tests.make import CHAIR, NOW, make_decision, make_initiative, make_unit

pytestmark = pytest.mark.usefixtures("app")

LESSON = Lesson("Fråga personalen först.", tag="trust", useful=True, use="Alla som inför ett nytt system.")


def running() -> str:
    make_unit("KOF", limit=8)
    return make_initiative("Meröppna bibliotek", status="ongoing", start="2026-W46", impacts={"KOF": 1})


def rows(model: type[LessonRow] | type[HandoverRow]) -> list[dict[str, object]]:
    """Everything that is stored of one kind, without what numbers it."""
    current_session().rollback()
    left_out = ("id", "initiative_id", "decision_id", "unit_id", "created_at")
    found = current_session().query(model).all()
    return [
        {key: value for key, value in vars(row).items() if key[0] != "_" and key not in left_out} for row in found
    ]


def test_a_completion_leaves_a_lesson_and_somebody_who_takes_over_and_an_undo_takes_both_back() -> None:
    code = running()  # S2-18 S3-01 S0-10
    taken = Handover(ends=False, unit="KOF", function="Bibliotekschef", on=date(2027, 2, 1))
    done = make_decision(code, "complete", reason="Fler lånar.", lesson=LESSON, handover=taken)
    assert rows(LessonRow) == [{"text": LESSON.text, "tag": "trust", "useful": True, "use": LESSON.use}]
    assert rows(HandoverRow) == [{"ends": False, "function": "Bibliotekschef", "on_day": date(2027, 2, 1)}]
    with transaction():
        decisions.undo(done.decision.id, by=CHAIR, now=NOW + timedelta(seconds=10))
    assert (rows(LessonRow), rows(HandoverRow)) == ([], [])
    make_decision(code, "complete", lesson=LESSON, handover=Handover(ends=True, unit="KOF", function="Ingen"))
    assert rows(HandoverRow) == [{"ends": True, "function": "", "on_day": None}]


@pytest.mark.parametrize("kind", ["complete", "cancel"])
def test_where_no_lesson_is_sent_the_reason_is_kept_as_the_lesson(kind: str) -> None:  # S3-01 S3-16
    make_decision(running(), kind, reason="Det fanns inget behov.")
    assert rows(LessonRow) == [{"text": "Det fanns inget behov.", "tag": None, "useful": None, "use": ""}]
    assert rows(HandoverRow) == []


def test_a_closing_that_is_not_whole_says_so_at_every_box_and_changes_nothing() -> None:
    code = running()
    somewhere = Handover(ends=False, unit="XYZ", function="Chef", on=date(2027, 2, 1))
    with pytest.raises(Invalid) as refused:
        make_decision(code, "complete", reason="", lesson=Lesson(""), handover=somewhere)
    assert set(refused.value.errors) == {"reason", "lesson.text", "handover.unit"}
    assert refused.value.errors["reason"] == ["Skriv vad effekten blev hittills."]
    assert stored.status(code) == "ongoing"
