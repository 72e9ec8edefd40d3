"""What is asked for in the steps: what changes, and what becomes of what stands there."""

from collections.abc import Mapping
from typing import Any

from werkzeug.datastructures import MultiDict

from portfolio.base.weeks import Week
from portfolio.capacity.pages.forms import read_period
from portfolio.reorganisation.rules import Kind, Merge, Move, NewUnit, Rename, Split, Wanted
from portfolio.reorganisation.schemas import FORMS

SHARE, STAFF, BELOW = "share-", "staff-", "below-"
"""Before the code of an initiative, the id of a person and the code of a unit below: to which of the two they go."""


def wanted_of(kind: Kind, sent: "MultiDict[str, str]", now: Week) -> tuple[Wanted, Week]:
    """What is asked for and from which week; Invalid, by field, for what cannot be read."""
    read = read_period(FORMS[kind](), sent, now)
    return _wanted(kind, read, sent), read["from_week"]


def _wanted(kind: Kind, read: Mapping[str, Any], sent: "MultiDict[str, str]") -> Wanted:
    match kind:
        case Kind.RENAME:
            return Rename(read["unit"], read["name"])
        case Kind.MOVE:
            return Move(read["unit"], read["parent"])
        case Kind.MERGE:
            new = NewUnit(read["code"], read["name"], read["limit"], read["max_parallel"])
            return Merge(tuple(read["units"]), new, read["parent"])
        case Kind.SPLIT:
            into = tuple(
                NewUnit(*(read[f"{name}_{number}"] for name in ("code", "name", "limit", "max_parallel")))
                for number in (1, 2)
            )
            return Split(read["unit"], into, **_given_to({"1": into[0].code, "2": into[1].code}, sent))


def _given_to(codes: Mapping[str, str], sent: "MultiDict[str, str]") -> dict[str, Any]:
    """What goes to which of the new units; what says neither 1 nor 2 is left to the rule (`Split`)."""
    chosen = [(name, codes[value]) for name, value in sent.items() if value in codes]
    return {
        "shares": {name.removeprefix(SHARE): (code,) for name, code in chosen if name.startswith(SHARE)},
        "staff": {
            int(name.removeprefix(STAFF)): code
            for name, code in chosen
            if name.startswith(STAFF) and name.removeprefix(STAFF).isdecimal()
        },
        "below": {name.removeprefix(BELOW): code for name, code in chosen if name.startswith(BELOW)},
    }
