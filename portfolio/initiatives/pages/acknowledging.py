"""Kvittera: the receiving chef confirms the impact on the own unit, corrects it, or objects."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import NamedTuple

from flask import Response, request
from werkzeug.wrappers import Response as BaseResponse

from portfolio.base.db import transaction
from portfolio.base.errors import Invalid, NotFound, OverCapacity, Stale
from portfolio.base.time import this_week
from portfolio.base.weeks import Week
from portfolio.capacity import queries as capacity
from portfolio.capacity.models import ConflictRow
from portfolio.capacity.pages.clashes import shown_clashes, tell_what_follows
from portfolio.capacity.rules.gate import Plan
from portfolio.initiatives.actions import acknowledging
from portfolio.initiatives.models import AcknowledgementRow, Initiative
from portfolio.initiatives.pages.blueprint import initiatives
from portfolio.initiatives.pages.forms import ObjectionForm
from portfolio.initiatives.pages.preview import Tried, doors_of, tried_plan
from portfolio.initiatives.pages.verdicts import heading_of_refusal
from portfolio.initiatives.queries.impacts import impacts_to_acknowledge
from portfolio.initiatives.queries.plans import end_week_of
from portfolio.initiatives.queries.triage import own_and_simple
from portfolio.initiatives.rules.plans import PHASE_WORDS
from portfolio.people.access import me, requires
from portfolio.people.rules import Actor, May, Role, may, may_acknowledge
from portfolio.units import queries as units
from portfolio.units.models import UnitRow
from portfolio.units.rules import chain_above
from portfolio.web.clock import now
from portfolio.web.forms import number_in, read
from portfolio.web.fragments import see, show

ANSWER_WORDS = {"confirmed": "Stämmer", "corrected": "Rättad", "objection": "Invändning"}
LEVELS = ("0", "1", "2", "3")
CHANGED = "{} har ändrats sedan du öppnade sidan. Läs planen en gång till och svara sedan."


class AskedPhase(NamedTuple):
    """One phase: its place, its length in weeks, and its impact on the unit (0 none, None not rated)."""

    position: int
    word: str
    weeks: int
    impact: int | None


class Asked(NamedTuple):
    """One initiative on one unit, as its chef is asked about it. `answer` is the one given, if any."""

    initiative: Initiative
    unit: UnitRow
    phases: Sequence[AskedPhase]
    end: Week | None
    answer: AcknowledgementRow | None

    @property
    def anchor(self) -> str:
        """The id of its place on the page."""
        return f"{self.initiative.code}-{self.unit.code}"

    @property
    def is_rated(self) -> bool:
        """Whether there is something to confirm: what nobody has rated cannot be right."""
        return all(phase.impact is not None for phase in self.phases)


class Troubled(NamedTuple):
    """The answer that could not be kept: which, what was typed, and why."""

    anchor: str
    typed: Mapping[str, str]
    errors: Mapping[str, Sequence[str]]
    refusal: str = ""
    tried: Tried | None = None


@initiatives.get("/kvittera")
@requires(May.ACKNOWLEDGE)
def acknowledge() -> Response:
    """What the receiving chef has not answered on the present plan, and what has been answered."""
    return _page(None)


@initiatives.post("/kvittera/<code>/<unit>")
@requires(May.ACKNOWLEDGE)
def answer(code: str, unit: str) -> BaseResponse:
    """Keep one answer. A correction that adds load to what counts passes the gate as any other path does."""
    kind, name = request.form.get("answer"), units.unit_by_code(unit).name
    keep = {"confirmed": _confirm, "corrected": _correct, "objection": _object}.get(kind or "")
    if keep is None:
        raise NotFound
    try:
        with transaction():
            done, opened = keep(code, unit, name)
    except Invalid as error:
        return _page(Troubled(f"{code}-{unit}", request.form, error.errors), status=422)
    except Stale:
        return _page(Troubled(f"{code}-{unit}", request.form, {}, CHANGED.format(code)), status=412)
    except OverCapacity as error:
        return _refused_page(f"{code}-{unit}", error)
    tell_what_follows(done, opened, now())
    return see("initiatives.acknowledge", alla="1" if "alla" in request.args else None)


def _confirm(code: str, unit: str, name: str) -> tuple[str, Sequence[ConflictRow]]:
    acknowledging.acknowledge(code, unit, version=_version(), by=me(), now=now())
    return f"Du har kvitterat påverkan av {code} på {name}.", ()


def _correct(code: str, unit: str, name: str) -> tuple[str, Sequence[ConflictRow]]:
    sent = {field: value for field, value in request.form.items() if field.startswith("phase-")}
    if not sent or not set(sent.values()) <= set(LEVELS):
        raise Invalid({"phase": ["Välj påverkan för varje steg."]})
    places = {number_in(field.removeprefix("phase-")): int(value) for field, value in sent.items()}
    levels = {place: level for place, level in places.items() if place is not None}
    opened = acknowledging.correct_impact(code, unit, levels, version=_version(), by=me(), now=now())
    return f"Påverkan av {code} på {name} är ändrad.", opened


def _object(code: str, unit: str, name: str) -> tuple[str, Sequence[ConflictRow]]:
    text = read(ObjectionForm())["text"]
    acknowledging.object_to(code, unit, text, version=_version(), by=me(), now=now())
    return f"Din invändning mot {code} på {name} är sparad. Den syns för alla som bereder och beslutar.", ()


def _version() -> int | None:
    return number_in(request.form.get("version"))


def _refused_page(anchor: str, error: OverCapacity) -> Response:
    """It does not fit: the explanation in place, worked out after the rollback, outside the lock."""
    assert isinstance(error.plan, Plan)
    tried = tried_plan(error.plan, doors_of(me(), choose=None), now())
    heading = heading_of_refusal(tried.answer, this_week(now())) if tried.answer else ""
    return _page(Troubled(anchor, request.form, {}, heading, tried), status=409)


def _page(trouble: Troubled | None, *, status: int = 200) -> Response:
    at, by = now(), me()
    everything = "alla" in request.args
    mine = units_received_by(by, everything=everything)
    asked = _asked(mine)
    return show(
        "initiatives/acknowledging.html",
        status=status,
        waiting=[one for one in asked if one.answer is None],
        answered=[one for one in asked if one.answer is not None],
        trouble=trouble,
        has_unit=bool(mine),
        everything=everything,
        may_see_all=by.role is Role.CHAIR,
        clashes=_clashes_on(mine, at),
        simple=own_and_simple(by.unit_id) if may(by, May.DECIDE_SIMPLE) and by.unit_id else [],
        answer_words=ANSWER_WORDS,
    )


def units_received_by(by: Actor, *, everything: bool) -> list[UnitRow]:
    """The units that a person receives changes for: their own and those below it, for the chair all on request."""
    rows, parents = units.all_units(), units.parents_by_id()
    above = {row.id: chain_above(row.id, parents) for row in rows}
    if not everything:
        return [row for row in rows if by.unit_id in above[row.id]]
    return [row for row in rows if may_acknowledge(by, above[row.id])]


def _asked(mine: Sequence[UnitRow]) -> list[Asked]:
    rows, calendar = {row.id: row for row in mine}, capacity.calendar()
    return [
        Asked(one, rows[unit_id], _phases(one, unit_id), end_week_of(one, calendar), given)
        for one, unit_id, given in impacts_to_acknowledge(list(rows))
    ]


def _phases(initiative: Initiative, unit_id: int) -> list[AskedPhase]:
    return [
        AskedPhase(
            phase.position,
            PHASE_WORDS[phase.kind],
            phase.weeks,
            next((row.impact for row in phase.impacts if row.unit_id == unit_id), 0),
        )
        for phase in initiative.phases
    ]


def _clashes_on(mine: Sequence[UnitRow], at: datetime) -> Sequence[object]:
    conflicts = capacity.open_conflicts(at, ConflictRow.unit_id.in_([row.id for row in mine]))
    return shown_clashes(conflicts, capacity.whole_portfolio(since=this_week(at)), at)
