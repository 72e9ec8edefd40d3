"""A concept on one page, to print or to send as a file for Word: without anything about persons."""

from flask import Response

from portfolio.base.portfolio import the_portfolio
from portfolio.concepts import queries
from portfolio.concepts.models import ConceptRow
from portfolio.concepts.pages.blueprint import concepts
from portfolio.concepts.rules.sheet import HEADER, Sheet, origin_told, points_in, reuses_told, rows_of
from portfolio.concepts.writing import EFFORT, sheet_docx
from portfolio.people.access import requires
from portfolio.people.rules import May
from portfolio.web.files import WORD, download
from portfolio.web.fragments import show


@concepts.get("/koncept/<int:concept_id>/blad")
@requires(May.READ_DECIDED)
def sheet(concept_id: int) -> Response:
    """The page as it is printed."""
    row = queries.concept_row(concept_id)
    return show("concepts/sheet.html", row=row, sheet=sheet_of(row), header=HEADER, effort_heading=EFFORT)


@concepts.get("/koncept/<int:concept_id>.docx")
@requires(May.READ_DECIDED)
def export(concept_id: int) -> Response:
    """The same as a file for Word."""
    row = queries.concept_row(concept_id)
    return download(sheet_docx(sheet_of(row)), f"koncept-{row.id}.docx", WORD)


def sheet_of(row: ConceptRow) -> Sheet:
    """What stands on a concept's page."""
    efforts = queries.efforts_in(row.efforts)
    return Sheet(
        title=row.title,
        sender=the_portfolio().municipality,
        origin=origin_told(row.source, row.source_name),
        problem=row.problem,
        fits=row.fits,
        steps=points_in(row.steps),
        rows=rows_of(efforts),
        total=sum(one.weeks for one in efforts),
        pitfalls=points_in(row.pitfalls),
        reuses=reuses_told(queries.reuses().get(row.id, 0)),
    )
