"""Bedöm: what one initiative gives and what it costs, each question with what its answers mean."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict

from flask import Response, request
from werkzeug.wrappers import Response as BaseResponse

from portfolio.base.db import transaction
from portfolio.base.errors import Invalid, Stale
from portfolio.base.time import today
from portfolio.capacity.rules.burden import burden_of
from portfolio.initiatives.models import Initiative
from portfolio.initiatives.pages.merging import changes_since
from portfolio.initiatives.pages.reading import names, seen_by
from portfolio.initiatives.queries.plans import phases_of
from portfolio.initiatives.queries.states import status_of
from portfolio.initiatives.rules.statuses import OPEN, STATUS_WORDS
from portfolio.outbox.queries import newest_seq
from portfolio.people.access import me, requires
from portfolio.people.rules import May, ensure, may_edit
from portfolio.priorities import actions, queries
from portfolio.priorities.pages.blueprint import priorities
from portfolio.priorities.rules.assessment import CRITERION_QUESTIONS, CRITERION_WORDS, GRADES, Assessment, Criterion
from portfolio.priorities.rules.sentences import in_groups, point_weeks
from portfolio.priorities.schemas import AssessmentForm
from portfolio.units import queries as units
from portfolio.web.clock import now
from portfolio.web.flashes import tell
from portfolio.web.forms import Errors, number_in, read
from portfolio.web.fragments import see, show

Values = Mapping[str, object]

UNKNOWN = ("", "Vet inte än", "Kan fyllas i senare.")
"""The answer of whoever cannot say."""


@priorities.get("/initiativ/<code>/bedomning")
@requires(May.EDIT_ALL, May.PROPOSE)
def assess(code: str) -> Response:
    """The form, with what is known so far."""
    initiative = _to_assess(code)
    known = queries.assessment_of(initiative.id)
    values = {**asdict(known), "cost": in_groups(known.cost), "yearly_cost": in_groups(known.yearly_cost)}
    return _page(initiative, values | _read_at(initiative), {})


@priorities.post("/initiativ/<code>/bedomning")
@requires(May.EDIT_ALL, May.PROPOSE)
def save(code: str) -> BaseResponse:
    """Keep the assessment."""
    typed = {name: request.form.get(name, "") for name in (*AssessmentForm().fields, "version", "seen")}
    try:
        _to_assess(code)
        given = Assessment(**read(AssessmentForm()))
        with transaction():
            actions.assess(code, given, version=number_in(typed["version"]), by=me(), now=now())
    except Invalid as error:
        return _page(_to_assess(code), typed, error.errors, status=422)
    except Stale:
        return _stale_page(_to_assess(code), typed)
    tell(f"Bedömningen av {code} är sparad.")
    return see("priorities.index")


def _to_assess(code: str) -> Initiative:
    """The initiative, for those who may assess it, and may read of it at all."""
    by = me()
    initiative = seen_by(by, code)
    ensure(may_edit(by, initiative.owner_id, initiative.proposer_id))
    return initiative


def _read_at(initiative: Initiative) -> dict[str, object]:
    """What tells later whether somebody else was first."""
    return {"version": initiative.version, "seen": newest_seq()}


def _stale_page(initiative: Initiative, typed: Mapping[str, str]) -> Response:
    """Somebody was first: say what has changed, and keep what was chosen for a second look."""
    called = names()
    told = [change.told(called) for change in changes_since(initiative.code, number_in(typed["seen"]) or 0)]
    changes = told or ["Initiativet har en ny version."]
    return _page(initiative, {**typed, **_read_at(initiative)}, {}, changes=changes, status=412)


def _page(
    initiative: Initiative, values: Values, errors: Errors, *, changes: Sequence[str] = (), status: int = 200
) -> Response:
    standing = status_of(initiative, now())
    impacts = [(phase.weeks, level) for phase in phases_of(initiative) for level in phase.impacts.values()]
    return show(
        "priorities/assess.html",
        status=status,
        initiative=initiative,
        values=values,
        errors=errors,
        changes=changes,
        over="" if standing in OPEN else STATUS_WORDS[standing],
        burden=point_weeks(burden_of(impacts)),
        payers=_payers(str(values["funded_by"])),
        questions=[(one.value, CRITERION_WORDS[one], CRITERION_QUESTIONS[one], _choices(one)) for one in Criterion],
    )


def _payers(chosen: str) -> list[tuple[str, str]]:
    every = units.living(today(now()), [chosen])
    return [(unit.code, unit.name) for unit in every if unit.parent_id is None]


def _choices(criterion: Criterion) -> list[tuple[str, str, str]]:
    grades = GRADES[criterion].items()
    return [*((str(grade), f"{grade} {one.word.capitalize()}", one.help) for grade, one in grades), UNKNOWN]
