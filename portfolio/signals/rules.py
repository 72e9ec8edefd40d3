"""What a signal must hold, and who may take it away."""

import re
from collections.abc import Collection
from urllib.parse import urlsplit

from portfolio.base.errors import Invalid
from portfolio.base.text import listed
from portfolio.people.rules import Actor, May, may

_PARTED_CODE = re.compile(r"(?<![^\s,])([^\W\d_]+)\s+(?=\d+(?![^\s,]))")
LONGEST_TITLE, LONGEST_LINK, LONGEST_TEXT = 120, 500, 280
MOST_A_DAY = 20
"""How much one person tells the others in a day."""

NOT_HTTPS = "Skriv en hel adress som börjar med https://, eller lämna fältet tomt."

TOLD_ENOUGH = f"Du har berättat om {MOST_A_DAY} saker i dag, och fler går inte. Berätta resten i morgon."


def ensure_link(link: str) -> None:
    """Refuse with Invalid a link that is no whole https address; an empty one is none."""
    if link and not _is_https(link):
        raise Invalid({"link": [NOT_HTTPS]})


def _is_https(link: str) -> bool:
    try:
        parts = urlsplit(link)
    except ValueError:  # such as half an IPv6 address
        return False
    return parts.scheme == "https" and bool(parts.hostname) and not any(sign.isspace() for sign in link)


def codes_in(written: str) -> list[str]:
    """The initiatives that somebody has listed: `fi-003, FI 011` gives `FI-003` and `FI-011`."""
    whole = _PARTED_CODE.sub(r"\1-", written)
    return list(dict.fromkeys(word.upper() for word in whole.replace(",", " ").split()))


def ensure_known(codes: Collection[str], known: Collection[str]) -> None:
    """Refuse with Invalid initiatives that do not exist, named in the words of whoever wrote them."""
    strange = [code for code in codes if code not in known]
    if strange:
        told = f"Vi hittar inte {listed(strange)}. Skriv beteckningar, till exempel FI-003."
        raise Invalid({"initiatives": [told]})


def ensure_not_too_much(told_today: int) -> None:
    """Refuse with Invalid whoever has told so much today already that the others would no longer read it."""
    if told_today >= MOST_A_DAY:
        raise Invalid({"title": [TOLD_ENOUGH]})


def may_hide(by: Actor, author_id: int | None) -> bool:
    """Whether the actor may take a signal away: their own, and those who lead the meetings any."""
    return may(by, May.LEAD_MEETINGS) or (by.person_id is not None and by.person_id == author_id)
