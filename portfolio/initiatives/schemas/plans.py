"""A plan's phases, as they are sent and answered."""

from collections.abc import Sequence
from typing import Any

from marshmallow import ValidationError, fields, post_load, validate

from portfolio.capacity.rules.calendar import Phase
from portfolio.capacity.schemas import Json
from portfolio.initiatives.rules.plans import PHASE_WORDS
from portfolio.web.fields import MESSAGES, Choice, Form
from portfolio.web.strict import Number, View

LONGEST_PHASE = 520
LONGEST_PLAN = 1040
"""Weeks: twenty years, more than anyone can plan and little enough to search."""
MOST_PHASES = 20


class PhaseBody(Form):
    """A phase. `impacts` is {unit: 1 to 3, or null for not yet rated}; 0 is the same as to leave the unit out."""

    kind = Choice(tuple(PHASE_WORDS), required=True)
    weeks = Number(1, LONGEST_PHASE, required=True)
    impacts = fields.Dict(
        keys=fields.String(),
        values=Number(0, 3, allow_none=True),
        load_default=dict,
        error_messages=MESSAGES | {"invalid": "Skicka ett objekt med varje enhets påverkan."},
    )

    @post_load
    def _as_phase(self, data: dict[str, Any], **_: object) -> Phase:
        impacts = {unit: level for unit, level in data["impacts"].items() if level != 0}
        return Phase(data["kind"], data["weeks"], impacts)


class Phases(fields.List[Phase]):
    """A plan's phases in order."""

    default_error_messages = MESSAGES | {"invalid": "Skicka en lista med steg."}

    def __init__(self, **options: Any):
        """At most MOST_PHASES, together at most LONGEST_PLAN weeks."""
        too_many = f"Skicka högst {MOST_PHASES} steg."
        super().__init__(
            fields.Nested(PhaseBody), validate=validate.Length(max=MOST_PHASES, error=too_many), **options
        )

    def _deserialize(self, value: Any, attr: str | None, data: Any, **options: Any) -> list[Any]:
        phases: list[Any] = super()._deserialize(value, attr, data, **options)
        if sum(phase.weeks for phase in phases) > LONGEST_PLAN:
            raise ValidationError(f"Hela planen får vara högst {LONGEST_PLAN} veckor.")
        return phases


class PhaseView(View):
    """A phase of a plan; `weeks` without standstill."""

    kind = fields.String()
    weeks = fields.Integer()
    impacts = fields.Dict(keys=fields.String(), values=fields.Integer(allow_none=True))


def phases_view(phases: Sequence[Phase]) -> list[Json]:
    """Phases as PhaseView has them."""
    return [{"kind": phase.kind, "weeks": phase.weeks, "impacts": dict(phase.impacts)} for phase in phases]
