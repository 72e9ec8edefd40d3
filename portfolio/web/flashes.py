"""What was just done, told on the next page, with Ångra while it lasts."""

from collections.abc import Iterator
from typing import TypedDict

from flask import session

KEY = "flashes"


class Undo(TypedDict):
    """A button that takes it back: the address it posts to, its words and for how many seconds it is there."""

    action: str
    label: str
    seconds: int


class Link(TypedDict):
    """Where one can read more: its words and its address."""

    label: str
    href: str


class Flash(TypedDict):
    """One sentence. `kind` is ok, info, watch or stop."""

    kind: str
    text: str
    undo: Undo | None
    link: Link | None


def tell(text: str, *, kind: str = "ok", undo: Undo | None = None, link: Link | None = None) -> None:
    """Have a sentence shown on the next page that this visitor sees."""
    session[KEY] = [*session.get(KEY, []), Flash(kind=kind, text=text, undo=undo, link=link)]


def told() -> Iterator[Flash]:
    """The sentences waiting to be shown; each is taken away as the page shows them, not before."""
    yield from session.pop(KEY, [])


def is_telling() -> bool:
    """Whether a sentence waits to be shown on this page."""
    return bool(session.get(KEY))
