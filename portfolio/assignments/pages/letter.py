"""Fråga tillbaka till uppdragsgivaren: the letter about what an assignment does not say, as text and for Word."""

from flask import Response

from portfolio.assignments import queries
from portfolio.assignments.pages.blueprint import assignments
from portfolio.assignments.rules.clarity import Letter, letter_of, unanswered
from portfolio.assignments.writing import letter_docx
from portfolio.base.errors import NotFound
from portfolio.base.time import today
from portfolio.initiatives.models import Initiative
from portfolio.initiatives.pages.reading import seen_by
from portfolio.initiatives.rules.proposals import POLITICAL
from portfolio.people.access import me, requires
from portfolio.people.rules import May
from portfolio.web.clock import now
from portfolio.web.files import WORD, download
from portfolio.web.fragments import show


@assignments.get("/initiativ/<code>/uppdrag/fraga")
@requires(May.READ)
def letter(code: str) -> Response:
    """The letter, to read and copy."""
    initiative = seen_by(me(), code)
    return show("assignments/letter.html", initiative=initiative, letter=_letter(initiative))


@assignments.get("/initiativ/<code>/uppdrag/fraga.docx")
@requires(May.READ)
def export(code: str) -> Response:
    """The letter as a file for Word."""
    initiative = seen_by(me(), code)
    return download(letter_docx(_letter(initiative)), f"{initiative.code}-fraga-tillbaka.docx", WORD)


def _letter(initiative: Initiative) -> Letter:
    """The letter; NotFound where nobody gave a political assignment, or everything has been answered."""
    assignment = queries.assignment_of(initiative)
    if assignment.source not in POLITICAL or not unanswered(assignment.answers):
        raise NotFound
    return letter_of(assignment, me().name, today(now()))
