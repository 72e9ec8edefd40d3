"""Text made comparable, so that search and import match what people mean and not how they spelled it; and lists."""

import unicodedata
from collections.abc import Sequence

NBSP = "\u00a0"
"""A space that does not break the line."""

# Letters that Unicode does not take apart into a plain letter and a mark.
_STROKED = str.maketrans({"ø": "o", "Ø": "O", "đ": "d", "Đ": "D", "ł": "l", "Ł": "L", "æ": "ae", "Æ": "AE"})

_LAST_LETTERS = str.maketrans("åäö", "{|}")  # the three signs after z, in the order of our alphabet


def fold(text: str) -> str:
    """Lower case, å ä ö and other accents as plain letters, every run of white space as one space.

    `fold("Språkstöd ") == "sprakstod"`. Folding a folded text changes nothing.
    """
    if text.isascii():
        return " ".join(text.lower().split())
    is_latin = max(text) < _PAST_LATIN
    return " ".join((text.translate(_PLAIN) if is_latin else _plain(text)).split())


def _plain(text: str) -> str:
    plain = unicodedata.normalize("NFKD", text.translate(_STROKED)).casefold()
    letters = (sign for sign in unicodedata.normalize("NFKD", plain) if not unicodedata.combining(sign))
    return "".join(letters).casefold()


_PAST_LATIN = "\u0180"
# Taking letters apart one by one is slow, and nearly every text has only these.
_PLAIN = {number: _plain(chr(number)) for number in range(ord(_PAST_LATIN))}


def quoted(text: str, limit: int = 60) -> str:
    """A text on one line in Swedish quotation marks, shortened to about `limit` signs, for messages."""
    line = " ".join(text.split())
    return f"”{line if len(line) <= limit else line[:limit].rstrip() + '…'}”"


def as_sentence(text: str) -> str:
    """A text on one line that ends as a sentence does: `Priset saknas.` also where somebody wrote no full stop."""
    line = " ".join(text.split())
    return f"{line}." if line and line[-1] not in ".!?…" else line


def shortened(text: str, limit: int) -> str:
    """A text of at most `limit` signs, on one line: cut after a whole word, with an ellipsis, where it is longer."""
    line = " ".join(text.split())
    if len(line) <= limit:
        return line
    whole_words = line[:limit].rpartition(" ")[0]
    return f"{(whole_words or line)[: limit - 1].rstrip()}…"


def lines_of(text: str) -> list[str]:
    """The lines of a text that have something on them."""
    return [line.strip() for line in text.splitlines() if line.strip()]


def listed(words: Sequence[str]) -> str:
    """`a, b och c`."""
    *most, last = words or [""]
    return f"{', '.join(most)} och {last}" if most else last


def out_of(value: int, bound: int | None) -> str:
    """`7 av 6`, with spaces that do not break; `7` where there is no bound."""
    return str(value) if bound is None else f"{value}{NBSP}av{NBSP}{bound}"


def phrases(text: str) -> tuple[str, ...]:
    """The folded phrases of a text that parts them with commas: a word list that is easy to add to."""
    return tuple(fold(phrase) for phrase in text.split(","))


FORMULA_SIGNS = ("=", "+", "-", "@", "\t", "\r", "\n")
"""A cell that begins with one of these can run as a formula when somebody opens the file."""

_UNSHOWN = dict.fromkeys([*range(32), 127], None) | {9: "\t", 10: "\n"}


def harmless(text: str) -> str:
    """The text as a spreadsheet shows it and nothing else: an apostrophe before whatever could be a formula."""
    shown = text.translate(_UNSHOWN)
    begins = text[:1] in {"\0", *FORMULA_SIGNS} or shown[:1] in FORMULA_SIGNS
    return f"'{shown}" if begins else shown


def alphabetical(text: str) -> str:
    """A key to sort by: å, ä and ö after z in this order, capitals and spare spaces aside."""
    return " ".join(text.casefold().split()).translate(_LAST_LETTERS)
