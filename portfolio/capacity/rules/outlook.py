"""What is said above a load map: the one number, who goes over and when, and what cannot be known."""

from collections.abc import Sequence
from typing import NamedTuple

from portfolio.capacity.rules.load import Cell
from portfolio.capacity.rules.sentences import full_sentence, in_words, over_sentence

WEEKS = 26
"""How many weeks the map shows."""
HORIZON = 8
"""How many weeks ahead, the current one included, the one number counts."""
MOST_SENTENCES = 4
"""More than this above the map, and nobody reads it."""


class Outlook(NamedTuple):
    """A unit at the top of the tree: its cells from the current week on."""

    name: str
    kind: str
    cells: Sequence[Cell]


class KeyFigure(NamedTuple):
    """The one number of the map: `1 av 8` and what it counts. `kind` is ok, stop or watch."""

    number: str
    text: str
    kind: str


def key_figure(outlooks: Sequence[Outlook]) -> KeyFigure:
    """`1 av 8 förvaltningar går över taket de närmaste åtta veckorna`. Unknown is never counted as good.

    Only those that exist in some of these weeks are counted. Where no limit is set nothing can be over, which must
    not be read as calm: then that is the figure.
    """
    outlooks = [one for one in outlooks if _exists_soon(one)]
    if outlooks and not any(_has_limit(one) for one in outlooks):
        text = f"{_noun(outlooks)} har ett tak. Därför går det inte att säga om det blir för mycket någonstans"
        return KeyFigure(f"0 av {len(outlooks)}", text, "watch")
    soon = [outlook.cells[:HORIZON] for outlook in outlooks]
    over = sum(any(cell.level == "over" for cell in cells) for cells in soon)
    unknown = any(cell.level == "no_limit" or cell.unrated for cells in soon for cell in cells)
    text = f"{_noun(outlooks)} går över taket de närmaste {in_words(HORIZON)} veckorna"
    return KeyFigure(f"{over} av {len(outlooks)}", text, "stop" if over else "watch" if unknown else "ok")


def _exists_soon(outlook: Outlook) -> bool:
    return any(cell.level != "absent" for cell in outlook.cells[:HORIZON])


def _has_limit(outlook: Outlook) -> bool:
    """Whether some limit is set in any week that is not a standstill."""
    return any(cell.bounds.limit is not None or cell.bounds.max_parallel is not None for cell in outlook.cells)


def _noun(outlooks: Sequence[Outlook]) -> str:
    all_are = all(outlook.kind == "forvaltning" for outlook in outlooks)
    one = len(outlooks) == 1
    return ("förvaltning" if one else "förvaltningar") if all_are else ("enhet" if one else "enheter")


def summary(outlooks: Sequence[Outlook]) -> list[str]:
    """The sentences above the map: who goes over and when, the soonest first, then who is full.

    Those that the one number does not count, because they are not over within its weeks, begin with `Senare`.
    """
    found = [(from_week, one) for one in outlooks if (from_week := _over_from(one)) is not None]
    over = sorted(found, key=lambda pair: (pair[0], pair[1].name))
    said = [_told_over(one, from_week) for from_week, one in over]
    if not said:
        said = _calm(outlooks)
    left_out = max(0, len(said) - MOST_SENTENCES + 1)
    if left_out:
        later = " senare" if all(from_week >= HORIZON for from_week, _ in over[-left_out:]) else ""
        return [*said[:-left_out], f"Ytterligare {left_out} går över taket{later}. Se kartan."]
    full = [
        sentence
        for one in outlooks
        if all(cell.level != "over" for cell in one.cells)
        and (sentence := full_sentence(one.name, one.cells, HORIZON)) is not None
    ]
    return said + full[: MOST_SENTENCES - len(said)]


def _over_from(outlook: Outlook) -> int | None:
    """In how many weeks it is over its limit for the first time; None if it never is."""
    return next((at for at, cell in enumerate(outlook.cells) if cell.level == "over"), None)


def _told_over(outlook: Outlook, from_week: int) -> str:
    told = over_sentence(outlook.name, outlook.cells) or ""
    return told if from_week < HORIZON else f"Senare: {told}"


def _calm(outlooks: Sequence[Outlook]) -> list[str]:
    """That nobody goes over, said only of those for whom it can be known."""
    known = [one for one in outlooks if _has_limit(one)]
    if not known:
        return []
    soon = f"de närmaste {WEEKS} veckorna"
    if len(known) == len(outlooks):
        return [f"Ingen {_noun(outlooks[:1])} går över taket {soon}."]
    if len(known) == 1:
        return [f"Den enda som har ett tak går inte över det {soon}."]
    return [f"Ingen av de {len(known)} som har ett tak går över det {soon}."]


def unknowns(outlooks: Sequence[Outlook]) -> list[tuple[str, str]]:
    """What the map cannot know and so looks too good: sentences, each with what is missing, impacts or limits."""
    outlooks = [one for one in outlooks if _exists_soon(one)]
    unrated = sum(any(cell.unrated for cell in outlook.cells) for outlook in outlooks)
    without = sum(any(cell.level == "no_limit" for cell in outlook.cells) for outlook in outlooks)
    said = []
    if unrated:
        text = f"Påverkan är inte färdigbedömd i {unrated} av {len(outlooks)}. Belastningen kan vara högre."
        said.append((text, "impacts"))
    if without:
        text = f"{without} av {len(outlooks)} saknar tak. Där går det inte att säga om det är för mycket."
        said.append((text, "limits"))
    return said
