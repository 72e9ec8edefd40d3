"""What a reader meets in each form of the document: its words, and its structure as a screen reader gets it."""

import io
import re
from collections.abc import Iterator
from functools import cache
from html.parser import HTMLParser
from typing import Any

from docx import Document
from docx.document import Document as WordFile
from docx.oxml.ns import qn
from docx.table import Table
from docx.text.paragraph import Paragraph
from pypdf import PdfReader

from portfolio.meetings.writing.pdf import document_pdf

drawn_pdf = cache(document_pdf)
"""A PDF that several tests look at is drawn once."""


def pdf_of(made: bytes) -> PdfReader:
    """The PDF, opened."""
    return PdfReader(io.BytesIO(made))


def pdf_words(made: bytes) -> str:
    """What a PDF says, a page in each paragraph; where its lines break is nobody's business."""
    pages = (" ".join(page.extract_text().split()) for page in pdf_of(made).pages)
    return "\n\n".join(pages) + "\n"


def pdf_fonts(made: bytes) -> set[str]:
    """The fonts that a PDF is set in, without what tells that it carries only a part of them."""
    fonts = [one.get_object() for page in pdf_of(made).pages for one in page["/Resources"]["/Font"].values()]
    return {str(font["/BaseFont"]).partition("+")[2] for font in fonts}


def pdf_tags(made: bytes) -> list[str]:
    """The tags of a PDF in the order in which they are read, without the slash."""
    return list(_tags_below(pdf_of(made).root_object["/StructTreeRoot"]))


def _tags_below(element: Any) -> Iterator[str]:
    found = element.get_object()
    if not isinstance(found, dict):
        return
    if "/S" in found:
        yield str(found["/S"]).removeprefix("/")
    below = found.get("/K", ())
    for one in below.get_object() if hasattr(below, "get_object") else below:
        yield from _tags_below(one) if hasattr(one, "get_object") else ()


def word_file(made: bytes) -> WordFile:
    """The file for Word, opened."""
    return Document(io.BytesIO(made))


def word_lines(made: bytes) -> str:
    """What a file for Word says, a paragraph or a row of a table in each line, with the names of the styles."""
    return "\n".join(_lines(word_file(made))) + "\n"


def _lines(file: WordFile) -> Iterator[str]:
    for part in file.iter_inner_content():
        if isinstance(part, Table):
            yield from (" | ".join(cell.text for cell in row.cells) for row in part.rows)
        else:
            yield _told(part)
    yield from (_told(line) for line in file.sections[0].footer.paragraphs)


def _told(line: Paragraph) -> str:
    return f"{line.style.name if line.style else ''}: {line.text}"


def word_headings(made: bytes) -> list[int]:
    """The levels of the headings, in their order."""
    names = [one.style.name or "" for one in word_file(made).paragraphs if one.style]
    return [int(name.removeprefix("Heading ")) for name in names if name.startswith("Heading ")]


def repeated_rows(made: bytes) -> list[list[str]]:
    """The rows that are repeated on every page that the table comes to."""
    rows = [row for table in word_file(made).tables for row in table.rows]
    return [[cell.text for cell in row.cells] for row in rows if row._tr.find(f".//{qn('w:tblHeader')}") is not None]


def languages(made: bytes) -> set[str]:
    """The languages that the file's styles speak."""
    return {str(one.get(qn("w:val"))) for one in word_file(made).styles.element.iter(qn("w:lang"))}


class Heard(HTMLParser):
    """What a listener hears of a page: its language, its headings and the headers of its tables."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.lang, self.tags, self.scopes = "", [], []
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        self.lang = dict(attrs).get("lang") or self.lang
        self.scopes += [dict(attrs).get("scope")] if tag == "th" else []

    @property
    def headings(self) -> list[int]:
        return [int(tag[1]) for tag in self.tags if re.fullmatch("h[1-6]", tag)]
