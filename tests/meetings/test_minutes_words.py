"""What the minutes say where the example says something else."""

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from portfolio.base.text import several_lines
from portfolio.meetings.rules.minutes import Minutes, Participant
from portfolio.meetings.writing.parts import Block, Section
from portfolio.meetings.writing.words import attribution, document_of
from tests.meetings.examples import DRAFT, FULL


def told(minutes: Minutes) -> str:
    """Everything that the document says, a text in each line."""
    document = document_of(minutes)
    blocks = [*document.opening, *(block for section in document.sections for block in below(section))]
    return "\n".join([document.reference, *(line for block in blocks for line in lines(block))])


def below(section: Section) -> list[Block]:
    return [*section.blocks, *(block for part in section.parts for block in below(part))]


def lines(block: Block) -> list[str]:
    if block.kind == "facts":
        return [f"{fact.label}: {fact.text}" for fact in block.facts]
    if block.kind == "table":
        return [" | ".join(row) for row in block.rows]
    return [block.text] if block.kind == "sentence" else list(block.lines)


@pytest.mark.parametrize(
    ("decision_maker", "group", "sentence"),
    [
        ("Kommundirektör", "Ledningsgruppen", "Kommundirektören beslutar, efter samråd i ledningsgruppen, att x."),
        ("Socialchef", "KLG", "Socialchefen beslutar, efter samråd i KLG, att x."),
        ("Controller", "gruppen", "Controllern beslutar, efter samråd i gruppen, att x."),
        ("Kommunsekreterare", "Gruppen", "Kommunsekreteraren beslutar, efter samråd i gruppen, att x."),
        ("Chef för kansliet", "Ledning", "Chef för kansliet beslutar, efter samråd i ledning, att x."),
    ],
)
def test_a_decision_is_somebodys_after_talking_it_over(decision_maker: str, group: str, sentence: str) -> None:
    assert attribution(decision_maker, group, "x.") == sentence


def test_a_meeting_past_midnight_tells_both_days() -> None:
    late = replace(FULL, ended_at=datetime(2026, 11, 24, 23, 30, tzinfo=UTC))
    assert "Tid: tisdag 24 november 2026 kl.\u00a008.30 till onsdag 25 november 2026 kl.\u00a000.30" in told(late)


def test_times_are_those_of_the_clocks_in_sweden() -> None:
    summer = replace(DRAFT, starts_at=datetime(2026, 6, 30, 22, 30, tzinfo=UTC))
    assert "Tid: onsdag 1 juli 2026 kl.\u00a000.30" in told(summer)


@pytest.mark.parametrize(("withheld_count", "words"), [(1, "1 punkt"), (3, "3 punkter")])
def test_what_is_kept_out_is_told(withheld_count: int, words: str) -> None:
    assert f"{words} lämnas ut efter särskild prövning." in told(
        replace(DRAFT, withheld_count=withheld_count, items=())
    )


def test_a_meeting_without_items_says_so() -> None:
    assert "Inga punkter behandlades." in told(replace(DRAFT, items=()))


def test_a_draft_of_a_correction_is_both() -> None:
    draft = replace(FULL, completed_at=None, completed_by="")
    assert document_of(draft).reference == "Norrsunda kommun, LG 2026-11-24, version\u00a02, utkast"
    assert "Utkast. Innehållet kan ändras tills anteckningarna är färdigställda." in told(draft)
    assert "Version\u00a02, rättelse: " in told(draft)
    assert "Färdigställda: Nej, det här är ett utkast" in told(draft)


def test_a_new_version_without_a_reason_still_says_that_it_is_one() -> None:
    assert "Version\u00a02 ersätter den tidigare." in told(replace(FULL, correction=""))


def test_completed_by_nobody_known_has_its_day_only() -> None:
    assert "Färdigställda: onsdag 25 november 2026 kl.\u00a013.15" in told(replace(FULL, completed_by=""))


def test_who_was_there_and_had_somebody_beside_them_is_not_told_as_absent() -> None:
    both = replace(DRAFT, participants=(Participant("Socialchef", True, "Avdelningschef"),))
    sections = [part.heading for section in document_of(both).sections for part in section.parts]
    assert sections[:2] == ["Närvarande", "Ersättare"]


def test_lines_that_somebody_wrote_are_kept_and_gaps_are_closed() -> None:
    assert several_lines(" a\r\nb\rc\u2028d\n\n\n\n\ne \x00") == "a\nb\nc\nd\n\ne"
