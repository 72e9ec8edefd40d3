"""The pages that the law wants, and one that explains: open to anyone, linked from every page's footer."""

from dataclasses import dataclass
from datetime import date

from flask import Blueprint, Response, redirect, request
from werkzeug.wrappers import Response as BaseResponse

from portfolio.base.portfolio import the_portfolio
from portfolio.web.fragments import show
from portfolio.web.frame import asset
from portfolio.web.policy import public

about = Blueprint("about", __name__)


SCREENS = ("1", "2", "3")
"""What whoever signs in for the first time is shown, a screen at a time: no more than this."""


@dataclass(frozen=True, slots=True)
class Statement:
    """What an accessibility statement must tell (law 2018:1937, MDFFS 2019:2)."""

    service: str
    compliance: str
    """Exactly helt förenlig, delvis förenlig or inte förenlig."""
    shortcomings: tuple[tuple[str, str], ...]
    """What is not accessible, and why."""
    assessed_on: date
    updated_on: date
    method: str
    complaints: str
    """Where one complains to the authority."""


STATEMENT = Statement(
    service="Förändringsportföljen",
    compliance="delvis förenlig",
    shortcomings=(
        (
            "På en smal skärm visas belastningskartan som en lista per förvaltning.",
            "En tabell med 26 veckor får inte plats på 320 bildpunkter. Listan säger samma sak.",
        ),
        (
            "Vi har ännu inte låtit personer med olika hjälpmedel prova tjänsten.",
            "Hittills har vi granskat den själva, med verktyg och med tangentbord.",
        ),
    ),
    assessed_on=date(2026, 11, 22),
    updated_on=date(2026, 11, 22),
    method="självskattning",
    complaints="https://www.digg.se/tdosanmalan",
)
"""Change it, and its dates, whenever the service is assessed anew."""


@about.get("/tillganglighet")
@public
def accessibility() -> Response:
    """Tillgänglighetsredogörelse. Hindrances are told to the shared mailbox; what mail is sent from nobody reads."""
    return show("web/accessibility.html", statement=STATEMENT, contact=the_portfolio().contact)


@about.get("/personuppgifter")
@public
def privacy() -> Response:
    """What is kept about whom, and why (GDPR article 13)."""
    return show("web/privacy.html", contact=the_portfolio().contact)


@about.get("/sa-fungerar-det")
@public
def how_it_works() -> Response:
    """The load map and the limit in plain words: all of it, or `?bild=1` to 3, as at the first sign-in."""
    asked = request.args.get("bild", "")
    screen = int(asked) if asked in SCREENS else None
    return show("web/how_it_works.html", screen=screen, screens=len(SCREENS))


@about.get("/favicon.ico")
@public
def favicon() -> BaseResponse:
    """The icon, where a browser looks for it on its own: beside JSON or a text file."""
    return redirect(asset("favicon.svg"))
