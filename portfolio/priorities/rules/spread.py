"""The members' own orders of the open proposals, put together without names.

It is advice, never a vote: it says where the group should talk, not what it should decide. Nothing is told of
fewer than ANSWERS_NEEDED answers, and no new picture is drawn before CHANGES_NEEDED persons have changed theirs,
so that nobody's answer can be worked out from the difference between two pictures.
"""

from collections.abc import Iterable, Mapping, Sequence
from typing import NamedTuple

ANSWERS_NEEDED = 5
"""So many answers a figure is drawn from, at the least."""

CHANGES_NEEDED = 3
"""So many persons' answers part one picture from the next, at the least: more than the one who looks and one more."""


class Spread(NamedTuple):
    """What the answers say of one proposal: the middle place, and between which places half of the answers lie.

    The lowest and the highest quarter are left out, so that at least one answer lies beyond each end.
    """

    answers: int
    middle: int
    low: int
    high: int

    @property
    def width(self) -> int:
        """How far apart the answers are."""
        return self.high - self.low


def places_in(order: Sequence[int], open_ids: Iterable[int]) -> dict[int, int]:
    """Somebody's order as places among what is still open: {initiative's id: place}, 1 first, without gaps."""
    still_open = set(open_ids)
    return {key: place for place, key in enumerate((key for key in order if key in still_open), start=1)}


def spreads_of(answers: Iterable[Mapping[int, int]]) -> dict[int, Spread]:
    """The spread of every proposal that enough persons have placed, from each person's {initiative's id: place}."""
    placed: dict[int, list[int]] = {}
    for answer in answers:
        for key, place in answer.items():
            placed.setdefault(key, []).append(place)
    return {key: _spread(sorted(places)) for key, places in placed.items() if len(places) >= ANSWERS_NEEDED}


def _spread(places: Sequence[int]) -> Spread:
    number = len(places)
    cut = number // 4
    return Spread(number, places[(number - 1) // 2], places[cut], places[number - 1 - cut])


def is_drawn_anew(*, answers: int, changed: int, is_drawn: bool) -> bool:
    """Whether the picture is to be drawn: of enough answers, and never so that it differs by few from the one before.

    `changed` is the number of persons who have answered, changed or withdrawn since the picture that `is_drawn`.
    """
    return answers >= ANSWERS_NEEDED and (not is_drawn or changed >= CHANGES_NEEDED)


def is_shown(*, answers: int, is_drawn: bool) -> bool:
    """Whether anybody sees the picture; while too few answers are left it is put away."""
    return is_drawn and answers >= ANSWERS_NEEDED


def widest_first(spreads: Mapping[int, Spread], ranks: Mapping[int, int]) -> list[int]:
    """The proposals as they need the group's talk: störst spridning först, then the group's own order."""
    return sorted(spreads, key=lambda key: (-spreads[key].width, ranks[key]))
