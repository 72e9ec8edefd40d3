"""The minutes as a file for Word, in Word's own headings, lists and tables, so that a screen reader finds its way."""

from datetime import UTC

from docx import Document as new_file
from docx.document import Document as File
from docx.text.paragraph import Paragraph

from portfolio.base.word_styles import (
    FACT,
    LABEL,
    NOTICE,
    NUMBER_OF_PAGES,
    PAGE_NUMBER,
    SENDER,
    UNDATED,
    WEIGHTY,
    add_field,
    mark_as_header,
    name_table,
    packed,
    prepare,
)
from portfolio.meetings.rules.minutes import Minutes
from portfolio.meetings.writing.parts import Block, Document, Fact, Section, Table
from portfolio.meetings.writing.words import document_of


def document_docx(minutes: Minutes) -> bytes:
    """The whole document; the same minutes give the same bytes each time."""
    document, file = document_of(minutes), new_file()
    prepare(file)
    _describe(file, document)
    _add_footer(file, document.reference)
    file.add_paragraph(" · ".join(line for line in document.sender if line), SENDER)
    file.add_heading(document.heading, 1)
    for block in document.opening:
        _add_block(file, block)
    for section in document.sections:
        _add_section(file, section, level=2)
    return packed(file)


def _describe(file: File, document: Document) -> None:
    made_at = (document.made_at or UNDATED).astimezone(UTC).replace(tzinfo=None, microsecond=0)
    told = file.core_properties
    told.title, told.author, told.last_modified_by = document.title[:255], document.author[:255], ""
    told.created = told.modified = made_at
    told.language, told.revision, told.comments = "sv-SE", document.version, ""


def _add_footer(file: File, reference: str) -> None:
    line = file.sections[0].footer.paragraphs[0]
    line.add_run(f"{reference}\tSida ")
    add_field(line, PAGE_NUMBER)
    line.add_run(" av ")
    add_field(line, NUMBER_OF_PAGES)


def _add_section(file: File, section: Section, level: int) -> None:
    file.add_heading(section.heading, level)
    for block in section.blocks:
        _add_block(file, block)
    for part in section.parts:
        _add_section(file, part, level + 1)


def _add_block(file: File, block: Block) -> None:
    if block.kind == "sentence":
        file.add_paragraph(block.text, NOTICE if block.noticed else None)
    elif block.kind == "facts":
        for number, fact in enumerate(block.facts, 1):
            line = file.add_paragraph(style=FACT)
            line.paragraph_format.keep_with_next = number < len(block.facts)
            _add_fact(line, fact)
    elif block.kind == "lines":
        for text in block.lines:
            file.add_paragraph(text, "List Bullet")
    else:
        _add_table(file, block)


def _add_fact(line: Paragraph, fact: Fact) -> None:
    line.add_run(fact.label, LABEL)
    line.add_run("\t")
    line.add_run(fact.text, WEIGHTY if fact.weighty else None)


def _add_table(file: File, table: Table) -> None:
    drawn = file.add_table(rows=1, cols=len(table.header), style="Table Grid")
    name_table(drawn, table.name)
    mark_as_header(drawn.rows[0])
    for cell, name in zip(drawn.rows[0].cells, table.header, strict=True):
        cell.paragraphs[0].add_run(name, WEIGHTY)
    for row in table.rows:
        for number, (cell, text) in enumerate(zip(drawn.add_row().cells, row, strict=True)):
            cell.paragraphs[0].add_run(text, None if number else WEIGHTY)
