"""What the ledningsgrupp talks about. The agenda builds itself: what the portfolio needs is a candidate, what
the coordinator has done with it is kept, and the two together are the items.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from enum import StrEnum

NOT_BEGUN, ANOTHER_GOES_ON = "meeting_not_begun", "another_meeting_goes_on"
OVER, DECIDED, HELD_BACK = "meeting_over", "item_decided", "item_held_back"
TOO_EARLY, TOO_LATE = "too_early", "too_late"
"""Why something cannot be done now, as refusals name it: the two last, it is too long before the meeting to begin it,
or too long after its end to take that back. No status of an initiative is called the same.
"""


class Matter(StrEnum):
    """Why something is on the agenda, in the order in which the group takes them: what deviates comes first."""

    COLLISION = "collision"
    HELP = "help"
    DRAGGING = "dragging"
    REVIEW = "review"
    EXCEPTION = "exception"
    RETURNING = "returning"
    ADDED = "added"
    PROPOSAL = "proposal"


MATTER_WORDS = {
    Matter.COLLISION: "Krock",
    Matter.HELP: "Ber om hjälp",
    Matter.DRAGGING: "Drar över",
    Matter.REVIEW: "Avstämning",
    Matter.EXCEPTION: "Undantag löper ut",
    Matter.RETURNING: "Kommer tillbaka",
    Matter.ADDED: "Tillagd",
    Matter.PROPOSAL: "Förslag",
}

ITS_OWN = frozenset({Matter.RETURNING, Matter.ADDED, Matter.PROPOSAL})
"""The matters that are about an initiative itself. The others are about something that it is part of, and come back
by themselves for as long as that stands.
"""

NO_TIME = "Mötet hann inte ta upp frågan."
"""The reason of a deferral that nobody chose: the meeting ended before it came to the item."""

MOST_DECISIONS = 4
"""How many items a meeting of twenty minutes has time to decide; those after them are deferred when it ends."""

MOST_QUESTIONS = 10
"""How many questions one person asks before a meeting."""
ASKED_ENOUGH = f"Du har ställt {MOST_QUESTIONS} frågor till mötet. Ta bort någon av dem, eller ställ resten på mötet."


class Change(StrEnum):
    """What has happened to an item since the agenda was frozen (ändrat efter utskick)."""

    NEW = "new"
    CHANGED = "changed"
    HELD_BACK = "held_back"
    GONE = "gone"


@dataclass(frozen=True, slots=True)
class Candidate:
    """Something that the portfolio needs the group for.

    `key` names the matter for good, such as `proposal/FI-011`. `codes` are the initiatives that it can be decided
    on, the likeliest first. `sentence` tells the consequence. `missing` is what an initiative lacks, in words.
    """

    key: str
    matter: Matter
    codes: tuple[str, ...]
    sentence: str
    missing: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Kept:
    """An item as the meeting keeps it. `sentence` is what the frozen agenda said, empty before that.

    `change` is what has happened to an item apart from what it says: NEW if it came after the freezing, GONE once its
    initiative is over. `sent_out` is whether it stood on the agenda when that was frozen; None before that.
    """

    key: str
    matter: Matter
    codes: tuple[str, ...]
    sentence: str
    position: int
    held_back: bool = False
    decided: bool = False
    change: Change | None = None
    sent_out: bool | None = None


@dataclass(frozen=True, slots=True)
class Item:
    """A point of the agenda. `said` is the sentence as it was sent out, where it has changed since."""

    key: str
    matter: Matter
    codes: tuple[str, ...]
    sentence: str
    missing: tuple[str, ...] = ()
    held_back: bool = False
    decided: bool = False
    change: Change | None = None
    said: str = ""

    @property
    def waits(self) -> bool:
        """Whether the group still has to decide it."""
        return not (self.decided or self.held_back or self.change is Change.GONE)


def built(candidates: Iterable[Candidate], kept: Iterable[Kept], *, frozen: bool) -> list[Item]:
    """The whole agenda: what is kept in its order, then what has come since, by matter.

    What is no longer needed disappears from an open agenda; a frozen one says that it has gone. Somebody who puts an
    initiative on the agenda asks about it whatever else there is to decide on it itself: that is one item, not two.
    """
    in_order = sorted(kept, key=lambda one: one.position)
    wanted, asked_about = _taken_up_with_what_is_added(candidates, in_order)
    items = []
    for one in in_order:
        candidate = wanted.pop(one.key, None)
        if one.key in asked_about and not one.decided:
            items.append(_as_sent_out(_asked_about(one, asked_about[one.key]), one))
        elif one.matter is Matter.ADDED or one.decided:
            items.append(_as_sent_out(_as_kept(one), one))
        elif candidate is not None:
            items.append(_as_sent_out(_met(candidate, one, frozen=frozen), one))
        elif frozen:
            items.append(replace(_as_kept(one), change=Change.GONE))
    order = list(Matter)
    new = sorted(wanted.values(), key=lambda one: order.index(one.matter))
    return [*items, *(_new(one, frozen=frozen) for one in new)]


def _taken_up_with_what_is_added(
    candidates: Iterable[Candidate], kept: Sequence[Kept]
) -> tuple[dict[str, Candidate], dict[str, Candidate]]:
    """The candidates that are items of their own, by key, and those that something added takes up, by its key."""
    taken_up = [one for one in kept if one.matter is Matter.ADDED and not one.held_back and one.change != Change.GONE]
    added = {one.codes: one.key for one in taken_up}
    own, asked_about = {}, {}
    for one in candidates:
        if one.matter in ITS_OWN and one.codes in added:
            asked_about[added[one.codes]] = one
        else:
            own[one.key] = one
    return own, asked_about


def _asked_about(one: Kept, candidate: Candidate) -> Item:
    item = _as_kept(one)
    return replace(item, sentence=f"{one.sentence} {candidate.sentence}", missing=candidate.missing)


def _as_kept(one: Kept) -> Item:
    return Item(one.key, one.matter, one.codes, one.sentence, (), one.held_back, one.decided, one.change)


def _new(one: Candidate, *, frozen: bool) -> Item:
    change = Change.NEW if frozen else None
    return Item(one.key, one.matter, one.codes, one.sentence, one.missing, change=change)


def _met(one: Candidate, kept: Kept, *, frozen: bool) -> Item:
    item = replace(_new(one, frozen=False), held_back=kept.held_back)
    if frozen and (not kept.sentence or kept.change is Change.NEW):
        return replace(item, change=Change.NEW)
    if frozen and kept.sentence != one.sentence:
        return replace(item, change=Change.CHANGED, said=kept.sentence)
    return item


def _as_sent_out(item: Item, one: Kept) -> Item:
    """The item, marked where it was held back or taken up after the freezing: whoever has the agenda on paper sees it
    neither come nor go.
    """
    if one.sent_out is None or item.decided or item.change is Change.GONE:
        return item
    if item.held_back:
        return replace(item, change=Change.HELD_BACK if one.sent_out else None, said="")
    return item if one.sent_out else replace(item, change=Change.NEW, said="")


def not_settled(candidates: Iterable[Candidate], settled: Mapping[str, date], day: date) -> list[Candidate]:
    """Those that no earlier meeting has decided: what still stands when the last day of its decision has come
    (`settled`, by key) is taken up again.
    """
    return [one for one in candidates if one.key not in settled or settled[one.key] <= day]


def moved(keys: Sequence[str], key: str, place: int) -> list[str]:
    """The keys with one of them moved to `place`, 1 first; places beyond the ends mean the ends."""
    others = [one for one in keys if one != key]
    at = max(0, min(place - 1, len(others)))
    return [*others[:at], key, *others[at:]]
