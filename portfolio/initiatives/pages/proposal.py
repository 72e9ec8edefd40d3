"""Nytt förslag and Ändra: one form, with the answer to "does it fit?" beside it while it is filled in."""

from collections.abc import Callable, Container, Mapping, Sequence
from datetime import timedelta
from typing import Any, NamedTuple

from flask import Response, request
from werkzeug.wrappers import Response as BaseResponse

from portfolio.base.db import transaction
from portfolio.base.errors import Invalid, NotPermitted, OverCapacity, Stale
from portfolio.base.time import long_date, this_week, today
from portfolio.capacity.rules.gate import Plan
from portfolio.initiatives.actions import editing, proposing
from portfolio.initiatives.models import Initiative
from portfolio.initiatives.pages import drafts
from portfolio.initiatives.pages.blueprint import initiatives
from portfolio.initiatives.pages.drafts import Values
from portfolio.initiatives.pages.forms import CaseNumberForm, FactsForm, ProposalForm, RunningForm
from portfolio.initiatives.pages.merging import changes_since, merged
from portfolio.initiatives.pages.preview import Tried, doors_of, tried, tried_plan
from portfolio.initiatives.pages.reading import names, seen_by
from portfolio.initiatives.pages.triage import answers_in
from portfolio.initiatives.pages.verdicts import heading_of_refusal
from portfolio.initiatives.queries.aims import aim_names_of
from portfolio.initiatives.queries.people import function_of
from portfolio.initiatives.queries.plans import phases_of
from portfolio.initiatives.queries.states import status_of
from portfolio.initiatives.rules.proposals import PROMISED_DAYS, SOURCE_WORDS
from portfolio.initiatives.rules.statuses import COUNTING, UNDECIDED
from portfolio.initiatives.rules.triage import TRIAGE_QUESTIONS, suggestion_told
from portfolio.outbox.queries import newest_seq
from portfolio.people import queries as people
from portfolio.people.access import me, requires
from portfolio.people.rules import BESIDE_THE_WORK, May, may, may_edit
from portfolio.scorecard.queries import scorecard
from portfolio.scorecard.rules import AIM_FIELDS, AimNames, GoalKind
from portfolio.units import queries as units
from portfolio.units.models import UnitRow
from portfolio.units.rules import UnitKind
from portfolio.web.clock import now
from portfolio.web.fields import Form
from portfolio.web.flashes import tell
from portfolio.web.forms import Errors, check, number_in
from portfolio.web.fragments import see, show


@initiatives.get("/initiativ/nytt")
@requires(May.PROPOSE)
def new() -> Response:
    """An empty proposal, with what has been answered to sort it."""
    answered = {name: request.args[name] for name in TRIAGE_QUESTIONS if name in request.args}
    return new_page(drafts.blank() | answered)


@initiatives.post("/initiativ/nytt")
@requires(May.PROPOSE)
def propose() -> BaseResponse:
    """Send the proposal; or, by one of the preview's buttons, change it and look again."""
    return take_in(proposing.propose)


class FilledIn(NamedTuple):
    """What a proposal was filled in from: what that is called, the sentence that says so, and its link.

    `address` is where the form is sent: whoever fills it in also stores it. `hint` helps to write Kort sagt.
    """

    name: str
    text: str
    link: str
    href: str
    address: str
    hint: str = ""


def take_in(store: Callable[..., Initiative], filled_in: FilledIn | None = None) -> BaseResponse:
    """Take in the form of a new proposal, and store it as `store` does with the fields, `by` and `now`."""
    values = typed()
    if "choose" in request.form:
        return new_page(chosen(values, request.form["choose"]), filled_in=filled_in, look=True)
    try:
        fields = fields_of(ProposalForm(), values, AimNames()) | {"triage": answers_in(values)}
        with transaction():
            code = store(fields, by=me(), now=now()).code
    except Invalid as error:
        errors = drafts.named_as_typed(error, values).errors
        return new_page(values, errors, filled_in=filled_in, status=422)
    promised = long_date(today(now()) + timedelta(days=PROMISED_DAYS))
    tell(f"Tack. Ditt förslag har fått beteckningen {code}. Du får besked senast {promised}.")
    return see("initiatives.show", code=code)


@initiatives.post("/initiativ/prova")
@requires(May.PROPOSE)
def try_new() -> Response:
    """The verdict on what stands in the form of a new proposal."""
    return new_page(typed())


@initiatives.get("/initiativ/<code>/andra")
@requires(May.PROPOSE, May.EDIT_ALL, May.SET_CASE_NUMBER)
def edit(code: str) -> Response:
    """One initiative, to change."""
    initiative = _to_edit(code)
    return _edit_page(initiative, _stored(initiative))


@initiatives.post("/initiativ/<code>/andra")
@requires(May.PROPOSE, May.EDIT_ALL, May.SET_CASE_NUMBER)
def save(code: str) -> BaseResponse:
    """Keep what was changed, unless somebody else has changed it meanwhile."""
    initiative, values = _to_edit(code), typed()
    if "choose" in request.form:
        return _edit_page(initiative, chosen(values, request.form["choose"]), look=True)
    try:
        fields = fields_of(_form_for(initiative), values, _aims_of(initiative))
        with transaction():
            opened = editing.edit(code, fields, version=_version(), by=me(), now=now())
            collisions = len(opened)
    except Invalid as error:
        return _edit_page(_to_edit(code), values, drafts.named_as_typed(error, values).errors, status=422)
    except Stale:
        return _stale_page(_to_edit(code), values)
    except OverCapacity as error:
        return _refused_page(_to_edit(code), values, error)
    tell(f"{code} är sparat.")
    if collisions:
        tell("Ändringen gör att taket överskrids. Krockarna finns på sidan.", kind="watch")
    return see("initiatives.show", code=code)


@initiatives.post("/initiativ/<code>/prova")
@requires(May.PROPOSE, May.EDIT_ALL)
def try_one(code: str) -> Response:
    """The verdict on what stands in the form of a stored initiative."""
    return _edit_page(_to_edit(code), typed())


def typed() -> Values:
    """What stands in the form that was sent, box by box."""
    left_out = {"csrf_token", "choose"}
    return {name: text for name, text in request.form.items() if name not in left_out}


def chosen(values: Values, choice: str) -> Values:
    """The form changed by one of its buttons."""
    return drafts.chosen(values, choice, [unit.code for unit in every_department()])


def fields_of(form: Form, values: Values, held: AimNames) -> dict[str, Any]:
    """The form as the actions read it: phases of the kernel, the owner and the delegate as persons.

    `held` are the goals that the initiative has already: they may be kept when they are in force no more.
    """
    fields = check(form, drafts.nested(values, this_week(now()), form.fields))
    if "phases" in fields:
        fields["phases"] = drafts.phases_from(fields["phases"])
    if AIM_FIELDS & set(fields):
        _ensure_in_lists(fields, held)
    for name, word in (("owner", "projektägare"), ("delegate", "projektledare")):
        if fields.get(name) is not None:
            fields[name] = people.find_person(fields[name])
            if fields[name] is None:
                raise Invalid({name: [f"Välj en {word} i listan."]})
    return fields


def _ensure_in_lists(fields: Mapping[str, Any], held: AimNames) -> None:
    """The form offers goals to choose from: what somebody else sends is no goal of the styrkort."""
    choices = goal_choices(held)
    offered = {name: {value for value, _ in options} for name, options in choices.items()}
    wrong = [name for name, names in offered.items() if fields.get(name) is not None and fields[name] not in names]
    if wrong:
        raise Invalid({name: ["Välj i listan."] for name in wrong})


def goal_choices(held: AimNames) -> dict[str, list[tuple[str, str]]]:
    """The målområden and programmes in force, by name, and those no longer in force that the initiative has."""
    card, at = scorecard(), now()
    areas = [goal.name_at(at) for goal in card.in_force(GoalKind.AREA, at)]
    programmes = [goal.name_at(at) for goal in card.in_force(GoalKind.PROGRAMME, at)]
    return {
        "goal_area": _options(areas, [held.area, *held.others]),
        "programme": _options(programmes, [held.programme]),
    }


def _options(in_force: Sequence[str], held: Sequence[str | None]) -> list[tuple[str, str]]:
    others = [name for name in held if name is not None and name not in in_force]
    return [
        *((name, name) for name in in_force),
        *((name, f"{name} (finns inte i årets styrkort)") for name in others),
    ]


def plan_context(values: Values) -> dict[str, object]:
    """What templates/initiatives/_plan.html draws beside the values themselves."""
    steps = drafts.steps_of(values)
    named = {code for step in steps for code, level in step.impacts.items() if level}
    departments = every_department(named)
    others = [unit for unit in units.units_to_choose(today(now()), named) if unit not in departments]
    return {
        "steps": steps,
        "departments": departments,
        "other_units": others,
        "others_open": any(step.impacts.get(unit.code) for step in steps for unit in others),
        "may_add_step": len(steps) < drafts.MOST_STEPS,
    }


def people_choices() -> list[tuple[str, str]]:
    """Everybody who could own an initiative, by function; those whose role lies beside the work come last."""
    found = sorted(people.holders(active_only=True), key=lambda person: person.role in BESIDE_THE_WORK)
    return [(person.function, person.function) for person in found]


def every_department(named: Container[str] = ()) -> list[UnitRow]:
    """The förvaltningar that are there, or are to come, and those whose codes a plan names all the same.

    Where there are none, the units at the top of the tree.
    """
    every = units.units_to_choose(today(now()), named)
    departments = [unit for unit in every if unit.kind == UnitKind.FORVALTNING]
    return departments or [unit for unit in every if unit.parent_id is None]


def _version() -> int | None:
    return number_in(request.form.get("version"))


def _to_edit(code: str) -> Initiative:
    """The initiative, for those who may change something of it."""
    by, initiative = me(), seen_by(me(), code)
    if not may_edit(by, initiative.owner_id, initiative.proposer_id) and not may(by, May.SET_CASE_NUMBER):
        raise NotPermitted
    return initiative


def _form_for(initiative: Initiative) -> Form:
    if not may_edit(me(), initiative.owner_id, initiative.proposer_id):
        return CaseNumberForm()
    status = status_of(initiative, now())
    if status in UNDECIDED:
        return ProposalForm()
    return RunningForm() if status in COUNTING else FactsForm()


def _stored(initiative: Initiative) -> Values:
    owner, delegate = function_of(initiative.owner_id), function_of(initiative.delegate_id)
    kept = drafts.values_of(initiative, phases_of(initiative), _aims_of(initiative), owner, delegate)
    return kept | {"version": str(initiative.version), "seen": str(newest_seq())}


def _aims_of(initiative: Initiative) -> AimNames:
    return aim_names_of([initiative], scorecard(), now())[initiative.id]


def new_page(
    values: Values,
    errors: Errors | None = None,
    *,
    filled_in: FilledIn | None = None,
    look: bool = False,
    status: int = 200,
) -> Response:
    """The form of a new proposal with these values in it."""
    at, answers = now(), answers_in(values)
    return show(
        "initiatives/new.html",
        "proposal",
        "preview",
        status=status,
        filled_in=filled_in,
        tried=tried(values, None, doors_of(me()), at),
        sorting="" if answers is None else suggestion_told(answers),
        answered={name: values[name] for name in TRIAGE_QUESTIONS} if answers else {},
        **_common(values, errors, look, AimNames()),
    )


def _common(values: Values, errors: Errors | None, look: bool, held: AimNames) -> dict[str, object]:
    return {
        "values": values,
        "errors": errors or {},
        "look": look,
        "owners": people_choices(),
        "sources": list(SOURCE_WORDS.items()),
        "goals": goal_choices(held),
        **plan_context(values),
    }


def _edit_page(
    initiative: Initiative,
    values: Values,
    errors: Errors | None = None,
    *,
    look: bool = False,
    status: int = 200,
    **more: object,
) -> Response:
    form = _form_for(initiative)
    planned = isinstance(form, ProposalForm)
    verdict = tried(values, initiative, doors_of(me()), now()) if planned else Tried(None)
    shown = {"refusal": "", "changes": [], **more}
    return show(
        "initiatives/edit.html",
        "proposal",
        "preview",
        status=status,
        initiative=initiative,
        fields=set(form.fields),
        **{"tried": verdict, **_common(values, errors, look, _aims_of(initiative)), **shown},
    )


def _stale_page(initiative: Initiative, values: Values) -> Response:
    """Somebody was first: keep what this person typed, take in what they have not touched, and say what changed."""
    seen = number_in(values.get("seen")) or 0
    changes = changes_since(initiative.code, seen)
    stored = _stored(initiative)
    kept = merged(values, changes, stored) | {"version": stored["version"], "seen": stored["seen"]}
    called = names()
    return _edit_page(initiative, kept, status=412, changes=[change.told(called) for change in changes])


def _refused_page(initiative: Initiative, values: Values, error: OverCapacity) -> Response:
    """The new owner has no room: the ways forward are worked out after the rollback, outside the lock."""
    assert isinstance(error.plan, Plan)
    verdict = tried_plan(error.plan, doors_of(me(), choose=None), now())
    assert verdict.answer is not None
    heading = heading_of_refusal(verdict.answer, this_week(now()), names())
    return _edit_page(initiative, values, status=409, tried=verdict, refusal=heading)
