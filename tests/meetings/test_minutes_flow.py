"""The minutes of one meeting: from the draft to the document that nobody changes, and who is told of it.

The documents stand in golden/. After a change that is meant: delete the file, run the test, and read what it wrote.
"""

from collections.abc import Callable
from datetime import date, timedelta

import pytest
from flask import Flask
from sqlalchemy import select

from portfolio.base.db import current_session, transaction
from portfolio.base.errors import Invalid, NotAllowedNow, NotPermitted
from portfolio.base.text import NBSP
from portfolio.initiatives.decisions.undoing import undo
from portfolio.initiatives.models import Initiative
from portfolio.initiatives.rules.kinds import Kind
from portfolio.initiatives.rules.statuses import Status
from portfolio.initiatives.rules.undoing import MINUTED
from portfolio.meetings.actions import arranging, holding
from portfolio.meetings.actions.minutes import Correction
from portfolio.meetings.models import MinutesRow
from portfolio.meetings.queries.completed import document_in, entries, for_everybody
from portfolio.meetings.queries.meetings import on
from portfolio.meetings.queries.not_now import set_aside
from portfolio.meetings.rules.agenda import NO_TIME
from portfolio.meetings.rules.deciding import Ground
from portfolio.meetings.rules.minutes import Minutes, Participant
from portfolio.meetings.writing.docx import document_docx
from portfolio.meetings.writing.page import document_html
from portfolio.people.models import Person
from portfolio.people.rules import Actor, Role
from portfolio.planning import actions as trials
from tests.actions import stored
from tests.invariants import broken
from tests.make import CHAIR, NOW, make_decision, make_demo
from tests.meetings import held
from tests.meetings.reading import drawn_pdf, pdf_words, word_lines
from tests.meetings.test_minutes_as_documents import GOLDEN

MEMBER = Actor("Socialchef", Role.MEMBER, 2)
FORMS: dict[str, Callable[[Minutes], str]] = {
    ".html": document_html,
    ".txt": lambda minutes: pdf_words(drawn_pdf(minutes)),
    "_docx.txt": lambda minutes: word_lines(document_docx(minutes)),
}


@pytest.fixture
def demo(app: Flask) -> Flask:
    """The demo municipality, before its meeting."""
    make_demo()
    return app


@pytest.fixture
def meeting_held(app: Flask) -> Flask:
    """The same after its meeting, whose minutes nobody has completed."""
    held.make_meeting_held()
    return app


def version(number: int) -> MinutesRow:
    current_session().rollback()
    return current_session().scalars(select(MinutesRow).where(MinutesRow.version == number)).one()


def copy_for_everybody(number: int = 1) -> Minutes:
    row = version(number)
    return for_everybody(document_in(row), row.meeting_id, held.AFTERWARDS)


def decisions(minutes: Minutes) -> dict[str, str]:
    return {item.code: item.decision for item in minutes.items}


def with_a_trial(code: str) -> int:
    """A trial in which an initiative is paused; its id."""
    with transaction():
        trial_id = trials.create("Våren", by=held.COORDINATOR, now=held.BEGINS).id
        trials.set_move(trial_id, code, Kind.PAUSE, trials.Wish(), by=held.COORDINATOR, now=held.BEGINS)
    return trial_id


@pytest.mark.parametrize("form", FORMS)
def test_what_the_meeting_decided_stands_in_every_form(meeting_held: Flask, form: str) -> None:
    held.complete()
    path, text = GOLDEN / f"held{form}", FORMS[form](copy_for_everybody())
    if not path.exists():
        path.write_text(text, "utf-8")
        pytest.fail(f"{path.name} is new: read it")
    assert text == path.read_text("utf-8")


def test_a_start_at_the_meeting_changes_the_answer_for_the_next_item(demo: Flask) -> None:
    make_decision("FI-013", "prepare")
    held.begin()
    held.decide("FI-011", "start", week="2027-W07")
    told = {item.codes[0]: item.sentence for item in held.the_agenda().items if item.codes}
    assert told["FI-013"].endswith(f"Tidigast vecka{NBSP}13.")


def test_the_meeting_leaves_the_portfolio_whole_and_what_it_had_no_time_for_deferred(meeting_held: Flask) -> None:
    assert broken(NOW) == []
    deferred = [item.code for item in held.draft().items if item.reason == NO_TIME]
    assert deferred == ["FI-010", "FI-003"]
    assert held.draft().ended_at == held.ENDS


def test_a_meeting_that_is_held_the_day_before_its_hour_ends_after_it_began(demo: Flask) -> None:
    early = held.BEGINS - timedelta(days=1)
    held.begin(early + timedelta(hours=4))
    held.end(early + timedelta(hours=5))
    minutes = held.draft()
    assert (minutes.starts_at, minutes.ended_at) == (early + timedelta(hours=4), early + timedelta(hours=5))


def test_a_meeting_that_somebody_began_too_early_but_that_was_held_at_its_hour_has_that_hour(demo: Flask) -> None:
    held.begin(held.BEGINS - timedelta(hours=20))
    held.end(held.BEGINS + timedelta(minutes=40))
    assert held.draft().starts_at == held.BEGINS


def test_the_draft_follows_the_meeting_while_it_goes_on(demo: Flask) -> None:
    held.begin()
    assert held.draft(held.BEGINS).items == ()
    held.decide("FI-012", "start", week="2027-W10")
    told = decisions(held.draft(held.BEGINS))
    assert told == {
        "FI-012": f"Kommundirektören beslutar, efter samråd i ledningsgruppen, att FI-012 startar vecka{NBSP}10 2027."
    }
    with transaction():
        holding.undo_item(held.DAY, "proposal/FI-012", by=held.COORDINATOR, now=held.BEGINS)
    assert held.draft(held.BEGINS).items == ()


def test_a_decision_is_told_as_it_was_taken_whatever_happens_to_the_initiative_later(meeting_held: Flask) -> None:
    before = decisions(held.draft())["FI-011"]
    make_decision("FI-011", "start", start_week="2027-W20", now=held.AFTERWARDS)
    assert decisions(held.draft())["FI-011"] == before
    assert f"vecka{NBSP}7 2027" in before


def test_what_goes_on_is_not_among_what_is_not_done_now_though_a_question_about_it_was_deferred(
    meeting_held: Flask,
) -> None:
    told = [(one.code, one.what) for one in held.draft().not_now]
    assert told == [("FI-013", "Bordlagt till 15 december 2026"), ("FI-014", "Avslaget")]


def test_what_the_meeting_had_no_time_for_is_nobodys_decision_and_nobodys_choice(demo: Flask) -> None:
    held.begin()
    held.end()
    draft = held.draft()
    assert {item.decision for item in draft.items} == {"Punkten hanns inte med och tas upp 1 december 2026."}
    for item in draft.items:
        assert (item.reason, item.due, item.basis) == (NO_TIME, date(2026, 12, 1), "")
        assert item.responsible
    assert draft.not_now == ()
    assert {one.initiative.code for one in set_aside(frozenset(Status), held.AFTERWARDS)} == {"FI-009"}


def test_information_is_noted_and_not_decided(demo: Flask) -> None:
    held.begin()
    held.decide("FI-003", "note")
    held.decide("FI-014", "reject")
    assert decisions(held.draft())["FI-003"] == "Kommundirektören noterar informationen om FI-003. Inget ändras."
    assert {one.code: one.reason_label for one in held.draft().items} == {"FI-003": "Anteckning", "FI-014": "Skäl"}


def test_each_decision_stands_with_the_question_that_was_asked(demo: Flask) -> None:
    with transaction():
        arranging.add_item(held.DAY, "FI-008", "Ska vi byta leverantör?", by=held.COORDINATOR, now=NOW)
    held.begin()
    for code in ("FI-010", "FI-003", "FI-012", "FI-008"):
        held.decide(code, "note")
    asked = {item.code: item.question for item in held.draft().items}
    assert asked["FI-010"].startswith("Krock: Kommunledningsförvaltningen går över taket")
    assert asked["FI-003"] == "Projektägaren ber om hjälp: ”Vi saknar jurist i december.”"
    assert asked["FI-012"] == f"Förslag: Ryms vecka{NBSP}10."
    assert asked["FI-008"] == "Tillagd: Ska vi byta leverantör?"


def test_what_became_an_item_by_its_decision_had_no_question(demo: Flask) -> None:
    held.begin()
    trial_id = with_a_trial("FI-007")
    with transaction():
        trials.apply(trial_id, "Vi är överens.", by=held.COORDINATOR, now=held.BEGINS)
    assert [(item.code, item.question) for item in held.draft().items] == [("FI-007", "")]


def test_in_a_municipality_whose_chair_is_a_kommunchef_the_kommunchef_decides(demo: Flask) -> None:
    with transaction() as session:
        chair = session.scalars(select(Person).where(Person.role == Role.CHAIR)).one()
        chair.function = "Kommunchef"
    held.begin()
    trial_id = with_a_trial("FI-007")
    with transaction():
        trials.apply(trial_id, "Vi är överens.", by=held.COORDINATOR, now=held.BEGINS)
    held.decide("FI-014", "note")
    held.decide("FI-012", "start", week="2027-W10")
    told = decisions(held.draft(held.BEGINS))
    assert told["FI-014"] == "Kommunchefen noterar informationen om FI-014. Inget ändras."
    assert {told[code].partition(",")[0] for code in ("FI-007", "FI-012")} == {"Kommunchefen beslutar"}


def test_what_fell_away_before_the_meeting_came_to_it_is_told_as_such(demo: Flask) -> None:
    held.begin()
    make_decision("FI-012", "start", start_week="2027-W10", now=held.BEGINS)
    assert held.draft(held.BEGINS).outdated == ("FI-012 Gemensam larmcentral: Förslag",)
    held.end()
    assert held.draft().outdated == ("FI-012 Gemensam larmcentral: Förslag",)
    assert "FI-012" not in decisions(held.draft())


# --- Items that are kept out until their ärende is decided


def test_a_withheld_item_is_counted_and_neither_it_nor_its_reason_stands_in_the_general_copy(
    meeting_held: Flask,
) -> None:
    held.complete()
    whole, general = document_in(version(1)), copy_for_everybody()
    assert "FI-013" in decisions(whole)
    assert "FI-013" in {one.code for one in whole.not_now}
    assert general.withheld_count == 1
    assert "FI-013" not in document_html(general)
    assert [item.number for item in general.items] == [1, 2, 3, 4, 6]


def test_a_withheld_item_appears_by_itself_once_its_arende_is_decided(meeting_held: Flask) -> None:
    held.complete()
    make_decision("FI-013", "note", now=held.AFTERWARDS)
    assert copy_for_everybody().withheld_count == 1
    make_decision("FI-013", "reject", now=held.AFTERWARDS)
    assert copy_for_everybody().withheld_count == 0
    assert copy_for_everybody() == document_in(version(1))


def test_a_withheld_item_whose_decision_was_regretted_stays_kept_out(meeting_held: Flask) -> None:
    """The document still has it, and nothing says that its ärende is decided."""
    held.complete()
    with transaction() as session:
        row = session.scalars(select(Initiative).where(Initiative.code == "FI-013")).one()
        held.regret(row.id, held.AFTERWARDS)
    assert copy_for_everybody().withheld_count == 1


# --- Completing and correcting


def test_minutes_are_completed_once_and_only_after_the_meeting(demo: Flask) -> None:
    held.begin()
    with pytest.raises(Invalid, match="Avsluta mötet först"):
        held.complete()
    held.end()
    held.complete()
    with pytest.raises(NotAllowedNow):
        held.complete()
    assert stored.told(f"meeting/{held.DAY}").count("minutes.completed") == 1


def test_only_who_leads_meetings_completes_or_corrects(meeting_held: Flask) -> None:
    with pytest.raises(NotPermitted):
        held.complete(by=MEMBER)
    held.complete()
    with pytest.raises(NotPermitted):
        held.correct(Correction("Fel plats", place="Sessionssalen"), by=MEMBER)


def test_completed_minutes_stay_as_they_were_whatever_happens(meeting_held: Flask) -> None:
    held.complete()
    before = version(1).document
    make_decision("FI-011", "pause", now=held.AFTERWARDS)
    make_decision("FI-013", "reject", now=held.AFTERWARDS)
    with transaction() as session:
        session.scalars(select(Initiative).where(Initiative.code == "FI-012")).one().title = "Något annat"
    held.correct(Correction("Platsen var fel.", place="Sessionssalen"), by=CHAIR)
    assert version(1).document == before
    assert [document_in(version(number)).place for number in (1, 2)] == ["", "Sessionssalen"]


def test_a_correction_is_a_new_version_that_says_why_and_changes_no_decision(meeting_held: Flask) -> None:
    held.complete()
    first = document_in(version(1))
    make_decision("FI-011", "pause", now=held.AFTERWARDS)
    there = [Participant("Kommundirektör", True), Participant("Socialchef", False, "Avdelningschef")]
    remarks = {3: "Skolchefen anmäler en avvikande mening."}
    later = held.AFTERWARDS + timedelta(days=1)
    held.correct(
        Correction("Närvaron var fel.", there, secretary="Registrator", remarks=remarks), by=CHAIR, now=later
    )
    after = document_in(version(2))
    assert (after.version, after.correction, after.completed_by) == (2, "Närvaron var fel.", "Kommundirektör")
    assert (after.completed_at, after.secretary, after.participants) == (later, "Registrator", tuple(there))
    assert after.items[2].remark == remarks[3]
    assert decisions(after) == decisions(first)
    told = stored.told(f"meeting/{held.DAY}")
    assert told.count("minutes.completed") == 2


@pytest.mark.parametrize(
    ("correction", "wrong"),
    [
        (Correction(" ", place="Sessionssalen"), "varför"),
        (Correction("Fel plats", place=""), "Inget är ändrat"),
        (Correction("Fel", remarks={99: "Jäv"}), "ingen punkt 99"),
    ],
    ids=["no reason", "no change", "no such item"],
)
def test_a_correction_needs_a_reason_and_something_to_correct(
    meeting_held: Flask, correction: Correction, wrong: str
) -> None:
    held.complete()
    with pytest.raises(Invalid, match=wrong):
        held.correct(correction)


def test_a_draft_is_not_corrected_but_written(meeting_held: Flask) -> None:
    with pytest.raises(NotAllowedNow):
        held.correct(Correction("Fel plats", place="Sessionssalen"))


def test_who_was_there_is_noted_until_the_minutes_are_completed(meeting_held: Flask) -> None:
    there = [Participant("Socialchef", False, "Avdelningschef")]
    for _ in range(2):
        held.note(*there, place="Sessionssalen")
    assert (held.draft().participants, held.draft().place) == (tuple(there), "Sessionssalen")
    assert stored.told(f"meeting/{held.DAY}").count("meeting.participants_noted") == 1
    held.complete()
    with pytest.raises(NotAllowedNow):
        held.note()
    current_session().rollback()
    assert on(held.DAY, held.AFTERWARDS).row is not None


def test_what_completed_minutes_tell_of_is_not_taken_back_and_everything_else_is(demo: Flask) -> None:
    """All at one moment, as where the calendar stands still."""
    held.begin()
    minuted = held.decide("FI-012", "start", week="2027-W10").decision.id
    held.end(held.BEGINS)
    beside = make_decision("FI-001", "note", now=held.BEGINS).decision.id
    held.complete(now=held.BEGINS)
    later = make_decision("FI-002", "note", now=held.BEGINS).decision.id
    with pytest.raises(NotAllowedNow) as refused, transaction():
        undo(minuted, by=CHAIR, now=held.BEGINS)
    assert (refused.value.status, stored.status("FI-012")) == (MINUTED, "decided")
    for decision_id in (beside, later):
        with transaction():
            undo(decision_id, by=CHAIR, now=held.BEGINS)


# --- What is still to be done


def open_codes(now: object = held.AFTERWARDS) -> list[str]:
    current_session().rollback()
    [entry] = entries(now)  # type: ignore[arg-type]
    return [one.item.code for one in entry.actions if one.open]


def test_a_decision_is_open_until_it_is_carried_out(meeting_held: Flask) -> None:
    held.complete()
    assert open_codes() == ["FI-011", "FI-012", "FI-014"]
    make_decision("FI-012", "cancel", now=held.AFTERWARDS)
    assert open_codes() == ["FI-011", "FI-014"]


def test_what_was_to_be_completed_is_late_once_its_last_day_has_passed(demo: Flask) -> None:
    held.begin()
    held.decide("FI-014", "return", until=date(2026, 12, 1), due=date(2026, 12, 1))
    held.end()
    held.complete()
    [entry] = entries(held.AFTERWARDS + timedelta(days=40))
    assert [one.item.code for one in entry.actions if one.late] == ["FI-014"]


def test_minutes_are_found_by_code_diarienummer_and_words_but_not_by_what_is_withheld(meeting_held: Flask) -> None:
    with transaction() as session:
        session.scalars(select(Initiative).where(Initiative.code == "FI-012")).one().diarienummer = "RN 2026/31"
    held.complete()
    found = {
        text: len(entries(held.AFTERWARDS, text)) for text in ("fi-012", "RN2026/31", "larmcentral", "jäv", "x9")
    }
    assert found == {"fi-012": 1, "RN2026/31": 1, "larmcentral": 1, "jäv": 1, "x9": 0}
    assert entries(held.AFTERWARDS, "jämförelsetjänst") == []


def test_a_motivated_exception_stands_with_its_figures_weeks_and_reason(demo: Flask) -> None:
    held.begin()
    held.decide_with_an_exception("FI-011", "2027-W05", date(2027, 1, 15))
    told = held.draft(held.BEGINS).items[0].exception.replace(NBSP, " ")
    assert "Kommunledningsförvaltningen får gå till" in told
    assert "Motivering: Avtalet går ut." in told
    assert "Undantaget gäller till och med vecka" in told


def test_the_minutes_name_no_ground_that_was_not_given(demo: Flask) -> None:
    held.begin()
    held.decide("FI-012", "start", week="2027-W10", ground=Ground(maker="Räddningschefen"))
    [item] = held.draft(held.BEGINS).items
    assert item.decision.startswith("Räddningschefen beslutar, efter samråd i ledningsgruppen, att")
    assert item.basis == "Internt ledningsbeslut (verkställighet)"
