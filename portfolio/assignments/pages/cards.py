"""What an initiative's own page tells of its assignment and groundwork."""

from collections.abc import Callable, Sequence
from datetime import date
from typing import NamedTuple

from portfolio.assignments import queries
from portfolio.assignments.pages.blueprint import assignments
from portfolio.assignments.pages.reading import may_write
from portfolio.assignments.rules.clarity import QUESTIONS, answered
from portfolio.assignments.rules.groundwork import (
    GROUNDWORK_WORDS,
    LEAD_WORDS,
    TYPE_WORDS,
    ChangeLead,
    ChangeType,
    Groundwork,
)
from portfolio.base.time import long_date, today
from portfolio.initiatives.models import Initiative
from portfolio.initiatives.queries.triage import lies_unclear
from portfolio.initiatives.rules.proposals import POLITICAL
from portfolio.initiatives.rules.statuses import COUNTING, FINISHED, UNDECIDED, Status
from portfolio.initiatives.rules.triage import TriageClass
from portfolio.web.clock import now


class Cards(NamedTuple):
    """`answers` are (question, answer) of a political assignment, `facts` (term, text) of the groundwork.

    `lacks` is what a decision lacks of it, in words, without the sorting, which has a card of its own.
    `review_overdue` tells that a complex initiative runs without its review. Of what has been carried through nobody
    is asked for anything more.
    """

    paragraph: str
    is_political: bool
    unclear: bool
    answered: int
    answers: Sequence[tuple[str, str]]
    facts: Sequence[tuple[str, str]]
    lacks: Sequence[str]
    review_overdue: str
    may_ask_back: bool
    may_write: bool


@assignments.app_context_processor
def _offered() -> dict[str, Callable[[Initiative], Cards]]:
    """For templates/initiatives/show.html, which lies below this noun and cannot ask it."""
    return {"assignment_cards": cards_of}


def cards_of(initiative: Initiative) -> Cards:
    """What there is to tell of an initiative's assignment and groundwork."""
    assignment, groundwork = queries.assignment_of(initiative), queries.groundwork_of(initiative.id)
    is_over, is_political = initiative.status in {*FINISHED, Status.CANCELLED}, assignment.source in POLITICAL
    lacks = queries.lacking_for(initiative, groundwork, now()) if initiative.status in UNDECIDED else []
    return Cards(
        paragraph=assignment.paragraph,
        is_political=is_political,
        unclear=lies_unclear(initiative),
        answered=answered(assignment.answers),
        answers=[(QUESTIONS[name], answer) for name, answer in assignment.answers.items()],
        facts=_facts(groundwork),
        lacks=[GROUNDWORK_WORDS[word] for word in lacks if word != "triage"],
        review_overdue=_overdue(initiative, groundwork.review_on),
        may_ask_back=is_political and not is_over and answered(assignment.answers) < len(QUESTIONS),
        may_write=may_write(initiative) and not is_over,
    )


def _facts(found: Groundwork) -> list[tuple[str, str]]:
    review = "" if found.review_on is None else f"{long_date(found.review_on)} {found.review_on.year}"
    pairs = [
        ("Hur deltar de som berörs?", found.participation),
        ("Nästa avstämning", review),
        ("Varför en enda förvaltning", found.breadth_reason),
        ("Förändringsledare", LEAD_WORDS[ChangeLead(found.change_lead)] if found.change_lead else ""),
        ("Förändringstyp", TYPE_WORDS[ChangeType(found.change_type)] if found.change_type else ""),
    ]
    return [(term, text) for term, text in pairs if text]


def _overdue(initiative: Initiative, review_on: date | None) -> str:
    """What is wrong with the review of something complex that runs; empty where it lies ahead."""
    if initiative.triage_class != TriageClass.COMPLEX or initiative.status not in COUNTING:
        return ""
    if review_on is None:
        return "Ingen avstämning är bestämd. Det som är komplext stäms av minst var åttonde vecka."
    if review_on < today(now()):
        return f"Avstämningen skulle ha gjorts {long_date(review_on)}. Stäm av och bestäm nästa dag."
    return ""
