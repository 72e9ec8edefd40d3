"""The minutes as HTML. Our own page shows them by including meetings/_minutes.html with the same `document`."""

from collections.abc import Sequence
from functools import cache
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined, Template

from portfolio.meetings.rules.minutes import Minutes
from portfolio.meetings.writing.words import document_of

TEMPLATES = Path(__file__).parents[3] / "templates"
SHEETS = ("tokens.css", "minutes.css")
"""The style sheets of the document, below static/, in their order."""


def document_html(minutes: Minutes, sheets: Sequence[str] = ()) -> str:
    """The whole document. `sheets` are addresses, such as `[asset(one) for one in SHEETS]` where it is served."""
    return _template().render(document=document_of(minutes), sheets=sheets)


@cache
def _template() -> Template:
    # An environment of its own: a document is also drawn where no request is, and needs nothing of the app.
    environment = Environment(
        loader=FileSystemLoader(TEMPLATES), autoescape=True, undefined=StrictUndefined, auto_reload=False
    )
    return environment.get_template("meetings/minutes_document.html")
