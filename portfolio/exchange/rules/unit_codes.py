"""A short code for a unit that only a list has named so far."""

import re
from collections.abc import Collection, Iterable
from itertools import count

from portfolio.base.text import fold

LONGEST_CODE = 12
"""Characters that a unit's code may have."""

_SMALL_WORDS = frozenset(["och", "i", "for", "av", "med", "and", "of", "the", "on", "in", "to"])
_KIND = re.compile(r"(?<=..)s?(?:forvaltningen|forvaltning|kontoret|kontor|avdelningen|namnden|enheten)$")
_SHORT = 5
"""A single word up to this length is taken for the short name that people already use."""


def codes_for(names: Iterable[str], taken: Collection[str]) -> dict[str, str]:
    """`{name: code}` for new units: capital letters and digits, unlike each other and all of `taken`."""
    used = {code.upper() for code in taken}
    codes: dict[str, str] = {}
    for name in names:
        codes[name] = _first_free(_short_name(name), used)
        used.add(codes[name])
    return codes


def _short_name(name: str) -> str:
    """DEFRA for "Defra", SOCIAL for "Socialförvaltningen", DFT for "Department for Transport"."""
    words = re.findall(r"[a-z0-9]+", fold(name))
    telling = [word for word in words if word not in _SMALL_WORDS] or words
    if not telling:
        return "ENHET"
    if len(telling) == 1:
        word = telling[0]
        return (word if len(word) <= _SHORT else _KIND.sub("", word))[:LONGEST_CODE].upper()
    initials = "".join(word[0] for word in (words if len(telling) == 2 else telling))
    return initials[:LONGEST_CODE].upper()


def _first_free(wanted: str, used: Collection[str]) -> str:
    if wanted not in used:
        return wanted
    numbered = (f"{wanted[: LONGEST_CODE - len(str(number))]}{number}" for number in count(2))
    return next(code for code in numbered if code not in used)
