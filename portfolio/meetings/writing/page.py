"""The minutes as HTML. Our own page shows them by including meetings/_minutes.html with the same `document`."""

from functools import cache
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined, Template

from portfolio.meetings.rules.minutes import Minutes
from portfolio.meetings.writing.words import document_of

TEMPLATES = Path(__file__).parents[3] / "templates"
SHEETS = ("tokens.css", "minutes.css")
"""The style sheets of the PDF, below static/, in their order."""


def document_html(minutes: Minutes) -> str:
    """The whole document, which refers to nothing outside itself: a PDF is given its style sheets apart."""
    return _template().render(document=document_of(minutes))


@cache
def _template() -> Template:
    # An environment of its own: a document is also drawn where no request is, and needs nothing of the app.
    environment = Environment(
        loader=FileSystemLoader(TEMPLATES), autoescape=True, undefined=StrictUndefined, auto_reload=False
    )
    return environment.get_template("meetings/minutes_document.html")
