"""What stands around every page (templates/base.html): the menu, the banner, the footer, our own files."""

import hashlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from pathlib import Path

from flask import Flask, current_app, request, url_for
from sqlalchemy.exc import SQLAlchemyError

from portfolio.base.portfolio import the_portfolio
from portfolio.base.time import STOCKHOLM, real_now
from portfolio.outbox.queries import alarming
from portfolio.outbox.rules import has_stopped
from portfolio.web.clock import now, settings
from portfolio.web.filters import long_day
from portfolio.web.flashes import told

MEETING = (
    ("Dagordning", "meetings.following"),
    ("Prioritering", "priorities.index"),
    ("Prova en plan", "planning.index"),
    ("Anteckningar", "meetings.minutes_list"),
    ("Det här gör vi inte nu", "meetings.not_now"),
    ("Värt att veta", "signals.index"),
    ("Portföljen i backspegeln", "reviews.index"),
)
"""The pages of the ledningsgrupp's meeting: before it, in it and after it."""

ADMINISTRATION = (
    ("Läs in", "exchange.upload"),
    ("Personer", "people.index"),
    ("Inställningar", "units.settings"),
    ("Påminnelser", "reminders.rules"),
    ("Utskick", "letters.index"),
)
"""The pages for those who see to the product, not for the meeting."""

MENU: Sequence[tuple[str, str | Sequence[tuple[str, str]]]] = (
    ("Belastning", "overview.load_map"),
    ("Hos oss", "workplaces.changes"),
    ("Initiativ", "initiatives.index"),
    ("Mötet", MEETING),
    ("Mål", "goals.index"),
    ("Lärdomar", "concepts.index"),
    ("Nytt förslag", "initiatives.begin"),
    ("Bedöm påverkan", "initiatives.rating"),
    ("Kvittera", "initiatives.acknowledge"),
    ("Enheter och tak", "units.index"),
    ("Uppehåll och sänkta tak", "units.calendar"),
    ("Administration", ADMINISTRATION),
)
"""The menu: pages, and groups of pages that open. Each visitor sees those that they may visit."""

FOOTER = (
    ("Så fungerar det", "about.how_it_works"),
    ("Tillgänglighet", "about.accessibility"),
    ("Personuppgifter", "about.privacy"),
)


@dataclass(frozen=True, slots=True)
class Link:
    """A link of the menu or the footer; `current` if it leads to this very page."""

    label: str
    href: str
    current: bool


@dataclass(frozen=True, slots=True)
class Group:
    """Links of the menu that open together; `current` if this page is one of theirs or belongs to them."""

    label: str
    links: Sequence[Link]
    current: bool


@dataclass(frozen=True, slots=True)
class Banner:
    """A line above every page. `kind` is demo, or stop or watch where somebody must do something."""

    kind: str
    text: str


def surround(app: Flask) -> None:
    """Give every page its frame."""
    app.jinja_env.globals["asset"] = asset
    app.context_processor(_surroundings)


def asset(name: str) -> str:
    """The address of a file of ours, with its contents' hash: it may be kept for a year, and a change shows."""
    assert current_app.static_folder is not None
    return url_for("static", filename=name, v=_fingerprint(current_app.static_folder, name))


def menu(may_visit: Callable[[str], bool]) -> list[Link | Group]:
    """The menu with those endpoints that this visitor may visit; a group with none of them is left out."""
    found: list[Link | Group] = []
    for label, to in MENU:
        if isinstance(to, str):
            found += [_link(label, to)] if may_visit(to) else []
            continue
        links = [_link(name, endpoint) for name, endpoint in to if may_visit(endpoint)]
        found += [Group(label, links, any(link.current for link in links) or _belongs_to(to))] if links else []
    return found


def _belongs_to(group: Sequence[tuple[str, str]]) -> bool:
    """Whether this page, such as a meeting, is of a kind that only the links of this group lead to."""
    nouns = {to.partition(".")[0] for _, to in MENU if isinstance(to, str)}
    return request.blueprint in {to.partition(".")[0] for _, to in group} - nouns


def alarm() -> Banner | None:
    """Tells whoever administers the product what somebody must see to at once; None while all goes by itself.

    A clock that has never run is missed in production only.
    """
    at = real_now()
    age, dead = alarming(at)
    if has_stopped(age) and (age is not None or settings().production):
        since = (
            "Klockan har inte startats än"
            if age is None
            else f"Klockan har stannat: den gick senast {_told(at - age)}"
        )
        todo = "Starta den på servern: flask --app wsgi clock run"
        return Banner("stop", f"{since}. Inga brev skickas förrän den går igen. {todo}")
    if dead:
        what = "En händelse har" if dead == 1 else f"{dead} händelser har"
        return Banner("watch", f"{what} inte kommit fram. Se varför på servern: flask --app wsgi outbox status")
    return None


def _told(moment: datetime) -> str:
    at = moment.astimezone(STOCKHOLM)
    return f"{long_day(at)} kl. {at:%H.%M}"


@cache
def _fingerprint(folder: str, name: str) -> str:
    path = Path(folder, name)
    return hashlib.sha256(path.read_bytes()).hexdigest()[:12] if path.is_file() else "missing"


def _link(label: str, endpoint: str) -> Link:
    return Link(label, url_for(endpoint), request.endpoint == endpoint)


def _surroundings() -> dict[str, object]:
    """What base.html shows; without a database it shows less, so that the page about the problem can be drawn."""
    links = [_link(label, endpoint) for label, endpoint in FOOTER]
    try:
        portfolio = the_portfolio()
        banner = _demo_banner() if portfolio.demo_calendar else None
    except SQLAlchemyError:
        return {"footer_links": links}
    return {
        "municipality": portfolio.municipality,
        "banner": banner,
        "flashes": told(),
        "footer_links": links,
    }


def _demo_banner() -> Banner:
    stands_at = long_day(now())
    text = f"Demoläge – alla initiativ är påhittade. Inga brev skickas. Demokalendern står på {stands_at}."
    return Banner("demo", text)
