"""The pages that the law wants, and one that explains: open to anyone, linked from every page's footer."""

from datetime import date

from flask import Blueprint, Response

from portfolio.web.clock import settings
from portfolio.web.fragments import show
from portfolio.web.policy import public

about = Blueprint("about", __name__)

STATEMENT = {
    "service": "Förändringsportföljen",
    "compliance": "delvis förenlig",
    "shortcomings": (
        (
            "På en smal skärm visas belastningskartan som en lista per förvaltning.",
            "En tabell med 26 veckor får inte plats på 320 bildpunkter. Listan säger samma sak.",
        ),
        (
            "Vi har ännu inte låtit personer med olika hjälpmedel prova tjänsten.",
            "Provet är planerat före den första bedömningen utifrån.",
        ),
    ),
    "assessed_on": date(2026, 11, 16),
    "updated_on": date(2026, 11, 16),
    "method": "självskattning",
    "complaints": "https://www.digg.se/tdosanmalan",
}
"""The accessibility statement (law 2018:1937, MDFFS 2019:2). Change the dates when the service is assessed anew."""


@about.get("/tillganglighet")
@public
def accessibility() -> Response:
    """Tillgänglighetsredogörelse."""
    return show("web/accessibility.html", statement=STATEMENT, contact=settings().mail_from)


@about.get("/personuppgifter")
@public
def privacy() -> Response:
    """What is kept about whom, and why (GDPR article 13)."""
    return show("web/privacy.html", contact=settings().mail_from)


@about.get("/sa-fungerar-det")
@public
def how_it_works() -> Response:
    """The load map and the limit in plain words."""
    return show("web/how_it_works.html")
