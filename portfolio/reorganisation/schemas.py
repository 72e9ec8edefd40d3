"""The shape of each change of the organisation."""

from collections.abc import Mapping

from marshmallow import fields

from portfolio.capacity.pages.forms import UnitCode
from portfolio.capacity.schemas import CODE_LENGTH, MOST_PARALLEL, MOST_POINTS
from portfolio.reorganisation.rules import Kind
from portfolio.web.fields import Form, Text, WeekField, WholeNumber
from portfolio.web.weeks import WEEK_HELP

CHOOSE = {"required": "Välj i listan."}


class FromForm(Form):
    """From which week."""

    from_week = WeekField(required=True, error_messages={"invalid": WEEK_HELP, "required": WEEK_HELP})


class OneUnitForm(FromForm):
    """The same of one unit."""

    unit = Text(CODE_LENGTH, required=True, error_messages=CHOOSE)


class RenameForm(OneUnitForm):
    """A new name."""

    name = Text(120, required=True)


class MoveForm(OneUnitForm):
    """A new place; none is the top."""

    parent = Text(CODE_LENGTH, load_default=None)


class MergeForm(FromForm):
    """Several that become one."""

    units = fields.List(Text(CODE_LENGTH), load_default=list)
    code = UnitCode()
    name = Text(120, required=True)
    parent = Text(CODE_LENGTH, load_default=None)
    limit = WholeNumber(0, MOST_POINTS, load_default=None)
    max_parallel = WholeNumber(0, MOST_PARALLEL, load_default=None)


class SplitForm(OneUnitForm):
    """One that becomes two."""

    code_1 = UnitCode()
    name_1 = Text(120, required=True)
    limit_1 = WholeNumber(0, MOST_POINTS, load_default=None)
    max_parallel_1 = WholeNumber(0, MOST_PARALLEL, load_default=None)
    code_2 = UnitCode()
    name_2 = Text(120, required=True)
    limit_2 = WholeNumber(0, MOST_POINTS, load_default=None)
    max_parallel_2 = WholeNumber(0, MOST_PARALLEL, load_default=None)


FORMS: Mapping[Kind, type[FromForm]] = {
    Kind.RENAME: RenameForm,
    Kind.MOVE: MoveForm,
    Kind.MERGE: MergeForm,
    Kind.SPLIT: SplitForm,
}
