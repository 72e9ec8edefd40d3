"""A concept as a file for Word: one page to send to another municipality."""

from collections.abc import Sequence

from docx import Document as new_file
from docx.document import Document as File

from portfolio.base.text import several_lines
from portfolio.base.word_styles import SENDER, UNDATED, WEIGHTY, mark_as_header, name_table, packed, prepare
from portfolio.concepts.rules.sheet import HEADER, Sheet

EFFORT = "Så mycket kraft tar det"


def sheet_docx(sheet: Sheet) -> bytes:
    """The whole page; the same concept gives the same bytes each time."""
    file = new_file()
    prepare(file)
    title, sender = several_lines(sheet.title), several_lines(sheet.sender)
    told = file.core_properties
    told.title, told.author, told.last_modified_by = title[:255], sender[:255], ""
    told.created = told.modified = UNDATED.replace(tzinfo=None)
    told.language, told.comments = "sv-SE", ""
    file.add_paragraph(f"Förändringskoncept · {sender}", SENDER)
    file.add_heading(title, 1)
    file.add_paragraph(f"Prövat i: {several_lines(sheet.origin)}. {sheet.reuses}")
    _add_text(file, "Problemet", sheet.problem)
    _add_text(file, "När passar det?", sheet.fits)
    _add_points(file, "Så gör ni", sheet.steps, "List Number")
    _add_effort(file, sheet)
    _add_points(file, "Fallgropar", sheet.pitfalls, "List Bullet")
    return packed(file)


def _add_text(file: File, heading: str, text: str) -> None:
    if text:
        file.add_heading(heading, 2)
        file.add_paragraph(several_lines(text))


def _add_points(file: File, heading: str, points: Sequence[str], style: str) -> None:
    if points:
        file.add_heading(heading, 2)
    for point in points:
        file.add_paragraph(several_lines(point), style)


def _add_effort(file: File, sheet: Sheet) -> None:
    if not sheet.rows:
        return
    file.add_heading(EFFORT, 2)
    drawn = file.add_table(rows=1, cols=len(HEADER), style="Table Grid")
    name_table(drawn, EFFORT)
    mark_as_header(drawn.rows[0])
    for cell, name in zip(drawn.rows[0].cells, HEADER, strict=True):
        cell.paragraphs[0].add_run(name, WEIGHTY)
    for row in sheet.rows:
        for cell, text in zip(drawn.add_row().cells, row, strict=True):
            cell.paragraphs[0].add_run(text)
    file.add_paragraph(f"Tillsammans {sheet.total} veckor, utan uppehåll. Påverkan är högst den som anges.")
