"""What is tried of a plan, and what the gate says of it."""

from marshmallow import fields, validate

from portfolio.base.weeks import format_week
from portfolio.capacity.rules.gate import Conflict
from portfolio.capacity.rules.ways import AskException, Move, Pause, Reduce, Way
from portfolio.capacity.schemas import CODE_LENGTH, Json
from portfolio.initiatives.queries.gate import Answer
from portfolio.initiatives.schemas.dates import written_week
from portfolio.initiatives.schemas.plans import Phases, phases_view
from portfolio.web.fields import MESSAGES, Form, Text
from portfolio.web.openapi import Problem
from portfolio.web.strict import IsoWeek, View

MOST_WITHOUT = 500


class TryBody(Form):
    """What to try in place of the initiative's own plan, and which other initiatives to think away."""

    start_week = IsoWeek(load_default=None, allow_none=True)
    phases = Phases(load_default=None, allow_none=True)
    without = fields.List(
        Text(CODE_LENGTH),
        load_default=list,
        validate=validate.Length(max=MOST_WITHOUT, error=f"Skicka högst {MOST_WITHOUT} beteckningar."),
        error_messages=MESSAGES | {"invalid": "Skicka en lista med beteckningar."},
    )


class TryConflictView(View):
    """One cell that the plan would push over a limit. `unit` is null and `person` an id for an owner's limit.

    `before` is without the plan and `after` with it. `binding` is false where the limit is preliminary.
    """

    unit = fields.String(allow_none=True)
    person = fields.Integer(allow_none=True)
    week = IsoWeek()
    measure = fields.String(validate=validate.OneOf(("load", "parallel", "owner")))
    before = fields.Integer()
    after = fields.Integer()
    limit = fields.Integer()
    binding = fields.Boolean()
    reason = fields.String(allow_none=True)
    filled_by = fields.List(fields.String())


class AlternativeView(View):
    """A way forward: which fields it has beside `kind` and `misses_finish` depends on `kind`.

    `move` and `pause` have `start_week` and `end_week`; `pause` has `codes` and `paused`; `reduce` has them and
    `phase` (1 is the first), `unit`, `from`, `to` and the whole `phases` to send; `exception` has `fingerprint`,
    `first_week` and `valid_to_week`.
    """

    kind = fields.String(validate=validate.OneOf(("move", "reduce", "pause", "exception")))
    misses_finish = fields.Boolean()


class TryView(View):
    """What the gate says of a plan. `unrated` is the number of touched cells with an impact that nobody has rated.

    `bound_by` is a cell that forbids the week before `earliest_start`, null when the wished week fits.
    `start_refused` tells that the start week itself cannot be one.
    """

    verdict = fields.String(validate=validate.OneOf(("fits", "fits_exactly", "warns", "does_not_fit")))
    start_week = IsoWeek()
    end_week = IsoWeek(allow_none=True)
    start_refused = fields.String(allow_none=True, validate=validate.OneOf(("past", "standstill")))
    conflicts = fields.List(fields.Nested(TryConflictView))
    limit_missing = fields.List(fields.String())
    unrated = fields.Integer()
    earliest_start = IsoWeek(allow_none=True)
    bound_by = fields.Nested(TryConflictView, allow_none=True)
    alternatives = fields.List(fields.Nested(AlternativeView))
    fingerprint = fields.String()


class OverCapacity(Problem, TryView):
    """The gate refuses: the problem with the body of a try."""


def try_view(answer: Answer) -> Json:
    """An answer of the gate as TryView has it."""
    plan, verdict, earliest = answer.plan, answer.verdict, answer.earliest
    stretches = plan.laid_out(answer.portfolio.calendar).stretches
    return {
        "verdict": verdict.kind,
        "start_week": format_week(plan.start),
        "end_week": format_week(stretches[-1].last) if stretches else None,
        "start_refused": verdict.refused_start,
        "conflicts": [_conflict_view(conflict) for conflict in verdict.conflicts],
        "limit_missing": list(verdict.limit_missing),
        "unrated": verdict.unrated,
        "earliest_start": written_week(earliest.week),
        "bound_by": None if earliest.bound_by is None else _conflict_view(earliest.bound_by),
        "alternatives": [_way_view(way) for way in answer.ways],
        "fingerprint": answer.fingerprint,
    }


def _conflict_view(conflict: Conflict) -> Json:
    return {
        "unit": conflict.unit,
        "person": conflict.person,
        "week": format_week(conflict.week),
        "measure": conflict.measure,
        "before": conflict.before,
        "after": conflict.after,
        "limit": conflict.limit,
        "binding": conflict.binding,
        "reason": conflict.reason,
        "filled_by": list(conflict.filled_by),
    }


def _way_view(way: Way) -> Json:
    told: Json = {"misses_finish": way.misses_finish}
    if not isinstance(way, AskException):
        told |= {"start_week": format_week(way.start), "end_week": format_week(way.end)}
    match way:
        case Move():
            bound_by = None if way.bound_by is None else _conflict_view(way.bound_by)
            return {"kind": "move", **told, "bound_by": bound_by}
        case Reduce():
            change = {"phase": way.phase + 1, "unit": way.unit, "from": way.from_impact, "to": way.to_impact}
            return {"kind": "reduce", **told, **change, "phases": phases_view(way.phases)}
        case Pause():
            paused = [
                {"code": one.code, "resume_week": written_week(one.resumes), "weeks_later": one.weeks_later}
                for one in way.paused
            ]
            return {"kind": "pause", **told, "codes": [one.code for one in way.paused], "paused": paused}
        case AskException():
            weeks = {"first_week": format_week(way.first), "valid_to_week": format_week(way.valid_to)}
            return {"kind": "exception", **told, **weeks, "fingerprint": way.fingerprint}
