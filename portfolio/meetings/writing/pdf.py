"""The minutes as a PDF that a screen reader can read (PDF/UA-1): tagged, with language, title and author."""

import hashlib

from portfolio.meetings.rules.minutes import Minutes
from portfolio.meetings.writing.page import SHEETS, document_html


class PdfNotInstalled(Exception):
    """The machine lacks what PDFs are drawn with (docs/operations.md); the text tells people what to do instead."""

    def __init__(self) -> None:
        """Keep the sentence."""
        super().__init__("Servern kan inte göra pdf-filer än. Skriv ut sidan och välj att spara den som pdf.")


def document_pdf(minutes: Minutes) -> bytes:
    """The whole document; completed minutes give the same bytes each time. PdfNotInstalled if the machine cannot."""
    try:
        # Slow to load, and it needs libraries of the machine that not every server has.
        from portfolio.meetings.writing.typesetting import typeset
    except (ImportError, OSError) as missing:
        raise PdfNotInstalled from missing
    html = document_html(minutes)
    return typeset(html, SHEETS, hashlib.sha256(html.encode()).hexdigest()[:32])
