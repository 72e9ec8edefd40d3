"""HTML and our own style sheets become a tagged PDF, by WeasyPrint. Loaded by pdf.py when one is asked for."""

import logging
import os
from collections.abc import Sequence
from pathlib import Path

from weasyprint import CSS, HTML
from weasyprint.text.fonts import FontConfiguration
from weasyprint.urls import URLFetcher, URLFetcherResponse

STATIC = Path(__file__).parents[2] / "static"

# The sheets are the browser's too; each rule that is only for screens would be a warning at every PDF.
logging.getLogger("weasyprint").setLevel(logging.ERROR)
# The part of the font that a PDF carries would otherwise hold the second in which it was made.
os.environ.setdefault("SOURCE_DATE_EPOCH", "0")


class OwnFiles(URLFetcher):  # type: ignore[misc]  # it has no types
    """Fetches our own files below static/, such as the font, and nothing else: nothing of the network either."""

    def fetch(self, url: str, headers: dict[str, str] | None = None) -> URLFetcherResponse:
        """The file at an address; ValueError if it is not one of ours."""
        path = URLFetcherResponse(url).path
        # Not resolved: where the product is installed, vendor/ may be a link to a folder elsewhere.
        if path is None or not Path(os.path.normpath(path)).is_relative_to(STATIC):
            raise ValueError(f"not one of our own files: {url}")
        return super().fetch(url, headers)


def typeset(html: str, sheets: Sequence[str], identifier: str) -> bytes:
    """The PDF of a document, with style sheets from static/. The same input gives the same bytes."""
    fonts, own_files = FontConfiguration(), OwnFiles(allowed_protocols=("file",))
    styles = [CSS(filename=STATIC / name, url_fetcher=own_files, font_config=fonts) for name in sheets]
    page = HTML(string=html, url_fetcher=own_files)
    pdf: bytes = page.write_pdf(
        stylesheets=styles, font_config=fonts, pdf_variant="pdf/ua-1", pdf_identifier=identifier
    )
    return pdf
