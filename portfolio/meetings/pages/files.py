"""The minutes as files: html, pdf, Word and json."""

import json
from collections.abc import Callable, Mapping
from functools import lru_cache

from flask import Response

from portfolio.meetings.rules.minutes import Minutes, as_json
from portfolio.meetings.writing.docx import document_docx
from portfolio.meetings.writing.page import document_html
from portfolio.meetings.writing.pdf import document_pdf
from portfolio.web.files import WORD, download

DRAWN_KEPT = 16
"""So many drawn pdf files a process keeps: drawing takes seconds, and whoever may read may ask again and again."""

FORMS: Mapping[str, tuple[str, Callable[[Minutes], bytes]]] = {
    "html": ("text/html", lambda minutes: document_html(minutes).encode()),
    "pdf": ("application/pdf", lru_cache(maxsize=DRAWN_KEPT)(document_pdf)),
    "docx": (WORD, document_docx),
    "json": ("application/json", lambda minutes: json.dumps(as_json(minutes), ensure_ascii=False, indent=1).encode()),
}
"""What each kind of file is, and how it is made."""


def as_file(minutes: Minutes, kind: str) -> Response:
    """The file, named after the minutes and their version. PdfNotInstalled if the machine cannot make a pdf."""
    mimetype, made = FORMS[kind]
    draft = "" if minutes.completed_at is not None else "-utkast"
    name = f"{minutes.number.replace(' ', '-')}{draft}-version-{minutes.version}.{kind}"
    return download(made(minutes), name, mimetype)
