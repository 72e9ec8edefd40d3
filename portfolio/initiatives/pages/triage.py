"""Sortering: four questions before a proposal is written, or afterwards about one that is there."""

from collections.abc import Mapping

from flask import Response, request
from werkzeug.wrappers import Response as BaseResponse

from portfolio.base.db import transaction
from portfolio.base.errors import Invalid, NotPermitted, Stale
from portfolio.initiatives.actions import triage as actions
from portfolio.initiatives.models import Initiative
from portfolio.initiatives.pages.blueprint import initiatives
from portfolio.initiatives.pages.forms import SortingForm, TriageForm
from portfolio.initiatives.pages.reading import seen_by
from portfolio.initiatives.queries.triage import triage_of
from portfolio.initiatives.rules.statuses import OPEN, UNDECIDED
from portfolio.initiatives.rules.triage import GO_AHEAD, TRIAGE_QUESTIONS, TRIAGE_WORDS, TriageAnswers, TriageClass
from portfolio.people.access import me, requires
from portfolio.people.rules import Actor, May, may, may_edit
from portfolio.web.clock import now
from portfolio.web.flashes import tell
from portfolio.web.forms import Errors, check, from_form, number_in
from portfolio.web.fragments import see, show

YES_NO = {True: "yes", False: "no"}


@initiatives.get("/initiativ/nytt/borja")
@requires(May.PROPOSE)
def begin() -> BaseResponse:
    """Four questions, then the proposal with their answers; an everyday improvement is sent out at the first."""
    values = {name: request.args[name] for name in TRIAGE_QUESTIONS if name in request.args}
    if "svar" not in request.args:
        return _begin_page(values)
    if values.get("everyday") == "yes":
        return _begin_page(values, go_ahead=GO_AHEAD)
    try:
        check(TriageForm(), values)
    except Invalid as error:
        return _begin_page(values, error.errors, status=422)
    return see("initiatives.new", **values)


@initiatives.get("/initiativ/<code>/sortering")
@requires(May.PROPOSE, May.PREPARE)
def triage(code: str) -> Response:
    """The four questions about one initiative, with what has been answered."""
    return _page(_to_triage(code), _stored(_to_triage(code)))


@initiatives.post("/initiativ/<code>/sortering")
@requires(May.PROPOSE, May.PREPARE)
def keep_triage(code: str) -> BaseResponse:
    """Sort the initiative, by the answers or with a reason as something else."""
    initiative, values = _to_triage(code), request.form
    try:
        read = check(SortingForm(), from_form(SortingForm(), values))
        answers = TriageAnswers(**{name: read[name] == "yes" for name in TRIAGE_QUESTIONS})
        chosen = None if read["chosen"] is None else TriageClass(read["chosen"])
        version = number_in(values.get("version"))
        with transaction():
            triaged = actions.triage(
                code, answers, chosen=chosen, reason=read["reason"], version=version, by=me(), now=now()
            )
    except Invalid as error:
        return _page(initiative, values, error.errors, status=422)
    except Stale as error:
        kept = {**values, "version": str(error.current)}
        return _page(_to_triage(code), kept, status=412, changed=True)
    tell(f"{code} är sorterat som {TRIAGE_WORDS[triaged].lower()}.")
    return see("initiatives.show", code=code)


def answers_in(values: Mapping[str, str]) -> TriageAnswers | None:
    """The answers that a proposal carries with it; None unless all four have been given."""
    given = [values.get(name, "") for name in TRIAGE_QUESTIONS]
    return TriageAnswers(*(one == "yes" for one in given)) if set(given) <= {"yes", "no"} else None


def may_triage(initiative: Initiative, by: Actor) -> bool:
    """Whether this person may sort the initiative as it stands now."""
    if initiative.status not in OPEN:
        return False
    mine = may_edit(by, initiative.owner_id, initiative.proposer_id) and initiative.status in UNDECIDED
    return mine or may(by, May.PREPARE)


def _to_triage(code: str) -> Initiative:
    initiative = seen_by(me(), code)
    if not may_triage(initiative, me()):
        raise NotPermitted
    return initiative


def _stored(initiative: Initiative) -> dict[str, str]:
    values = {"version": str(initiative.version)}
    row = triage_of(initiative.id)
    if row is None:
        return values
    answers = {"everyday": False, "one_department": row.one_department, "known_way": row.known_way}
    told = {name: YES_NO[answer] for name, answer in (answers | {"needed": row.needed}).items()}
    return values | told | {"chosen": (initiative.triage_class or "") if row.reason else "", "reason": row.reason}


def _begin_page(
    values: Mapping[str, str], errors: Errors | None = None, *, go_ahead: str = "", status: int = 200
) -> Response:
    return show(
        "initiatives/begin.html",
        status=status,
        values=values,
        errors=errors or {},
        questions=TRIAGE_QUESTIONS,
        go_ahead=go_ahead,
    )


def _page(
    initiative: Initiative,
    values: Mapping[str, str],
    errors: Errors | None = None,
    *,
    status: int = 200,
    changed: bool = False,
) -> Response:
    return show(
        "initiatives/triage.html",
        status=status,
        initiative=initiative,
        values=values,
        errors=errors or {},
        questions=TRIAGE_QUESTIONS,
        classes=list(TRIAGE_WORDS.items()),
        may_choose=may(me(), May.PREPARE),
        changed=changed,
    )
