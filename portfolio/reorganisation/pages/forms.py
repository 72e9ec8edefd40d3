"""The shape of the steps: what changes, and what becomes of what stands there."""

from collections.abc import Mapping
from typing import Any

from marshmallow import fields
from werkzeug.datastructures import MultiDict

from portfolio.base.weeks import Week
from portfolio.capacity.pages.forms import UnitCode, read_period
from portfolio.capacity.schemas import CODE_LENGTH, MOST_PARALLEL, MOST_POINTS
from portfolio.reorganisation.rules import Kind, Merge, Move, NewUnit, Rename, Split, Wanted
from portfolio.web.fields import Form, Text, WeekField, WholeNumber
from portfolio.web.forms import number_in
from portfolio.web.weeks import WEEK_HELP

CHOOSE = {"required": "Välj i listan."}


class _From(Form):
    from_week = WeekField(required=True, error_messages={"invalid": WEEK_HELP, "required": WEEK_HELP})


class _OneUnit(_From):
    unit = Text(CODE_LENGTH, required=True, error_messages=CHOOSE)


class RenameForm(_OneUnit):
    """A new name."""

    name = Text(120, required=True)


class MoveForm(_OneUnit):
    """A new place; none is the top."""

    parent = Text(CODE_LENGTH, load_default=None)


class MergeForm(_From):
    """Several that become one."""

    units = fields.List(Text(CODE_LENGTH), load_default=list)
    code = UnitCode()
    name = Text(120, required=True)
    parent = Text(CODE_LENGTH, load_default=None)
    limit = WholeNumber(0, MOST_POINTS, load_default=None)
    max_parallel = WholeNumber(0, MOST_PARALLEL, load_default=None)


class SplitForm(_OneUnit):
    """One that becomes two."""

    code_1 = UnitCode()
    name_1 = Text(120, required=True)
    limit_1 = WholeNumber(0, MOST_POINTS, load_default=None)
    max_parallel_1 = WholeNumber(0, MOST_PARALLEL, load_default=None)
    code_2 = UnitCode()
    name_2 = Text(120, required=True)
    limit_2 = WholeNumber(0, MOST_POINTS, load_default=None)
    max_parallel_2 = WholeNumber(0, MOST_PARALLEL, load_default=None)


FORMS: Mapping[Kind, type[_From]] = {
    Kind.RENAME: RenameForm,
    Kind.MOVE: MoveForm,
    Kind.MERGE: MergeForm,
    Kind.SPLIT: SplitForm,
}

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
            number: code
            for name, code in chosen
            if name.startswith(STAFF) and (number := number_in(name.removeprefix(STAFF))) is not None
        },
        "below": {name.removeprefix(BELOW): code for name, code in chosen if name.startswith(BELOW)},
    }
