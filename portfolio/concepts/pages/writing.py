"""Write a concept: of a finished initiative, whose strength is known, or of what others have done."""

from flask import Response, request
from werkzeug.wrappers import Response as BaseResponse

from portfolio.base.db import transaction
from portfolio.base.errors import Invalid, NotFound, Stale
from portfolio.concepts import actions, queries
from portfolio.concepts.models import ConceptRow
from portfolio.concepts.pages import forms
from portfolio.concepts.pages.blueprint import concepts
from portfolio.concepts.pages.forms import Values
from portfolio.concepts.rules.reuse import SOURCE_WORDS, Source
from portfolio.initiatives.models import Initiative
from portfolio.initiatives.pages.reading import seen_by
from portfolio.initiatives.rules.statuses import FINISHED
from portfolio.people.access import me, requires
from portfolio.people.rules import May, ensure, may_describe
from portfolio.web.clock import now
from portfolio.web.flashes import tell
from portfolio.web.forms import Errors, number_in
from portfolio.web.fragments import see, show


@concepts.get("/koncept/nytt")
@requires(May.EDIT_ALL)
def new() -> Response:
    """The form of a concept that comes from others."""
    return _page({"source": Source.MUNICIPALITY} | forms.effort_values(()))


@concepts.post("/koncept/nytt")
@requires(May.EDIT_ALL)
def add() -> BaseResponse:
    """Keep a concept that comes from others."""
    return _keep(None)


@concepts.get("/initiativ/<code>/koncept")
@requires(May.PROPOSE, May.EDIT_ALL)
def conceptualise(code: str) -> Response:
    """The form of a concept that is made of a finished initiative, with the strength that it took."""
    initiative = _made_of(code)
    values = {"title": initiative.title, "source": Source.OWN}
    return _page(values | forms.effort_values(queries.effort_taken(initiative)), initiative=initiative)


@concepts.post("/initiativ/<code>/koncept")
@requires(May.PROPOSE, May.EDIT_ALL)
def add_of(code: str) -> BaseResponse:
    """Keep a concept that is made of a finished initiative."""
    return _keep(_made_of(code))


def _keep(initiative: Initiative | None) -> BaseResponse:
    values = dict(request.form)
    code = None if initiative is None else initiative.code
    try:
        texts, efforts = forms.fields_of(values)
        with transaction():
            words = actions.Words(**texts)
            concept_id = actions.create_concept(words, efforts, code=code, by=me(), now=now()).id
    except Invalid as error:
        return _page(values, error.errors, initiative=initiative, status=422)
    tell("Konceptet är sparat. Nu kan andra använda det.")
    return see("concepts.show", concept_id=concept_id)


@concepts.get("/koncept/<int:concept_id>/andra")
@requires(May.PROPOSE, May.EDIT_ALL)
def change(concept_id: int) -> Response:
    """The form of a concept."""
    row = _to_write(concept_id)
    return _page(forms.values_of(row), row=row)


@concepts.post("/koncept/<int:concept_id>/andra")
@requires(May.PROPOSE, May.EDIT_ALL)
def save(concept_id: int) -> BaseResponse:
    """Keep what was changed of a concept."""
    row, values = _to_write(concept_id), dict(request.form)
    try:
        texts, efforts = forms.fields_of(values)
        version = number_in(values.get("version"))
        with transaction():
            actions.edit_concept(concept_id, actions.Words(**texts), efforts, version=version, by=me(), now=now())
    except Invalid as error:
        return _page(values, error.errors, row=row, status=422)
    except Stale as error:
        return _page(values | {"version": str(error.current)}, row=row, changed=True, status=412)
    tell("Konceptet är sparat.")
    return see("concepts.show", concept_id=concept_id)


def may_write(row: ConceptRow) -> bool:
    """Whether the visitor may change a concept."""
    return may_describe(me(), actions.owner_of(row))


def may_conceptualise(initiative: Initiative) -> bool:
    """Whether the visitor may make a concept of an initiative as it stands now."""
    return initiative.status in FINISHED and may_describe(me(), initiative.owner_id)


def _made_of(code: str) -> Initiative:
    """A finished initiative, for those who may make a concept of it; NotFound of one that is not finished."""
    initiative = seen_by(me(), code)
    if initiative.status not in FINISHED:
        raise NotFound
    ensure(may_describe(me(), initiative.owner_id))
    return initiative


def _to_write(concept_id: int) -> ConceptRow:
    row = queries.concept_row(concept_id)
    ensure(may_write(row))
    return row


def _page(
    values: Values,
    errors: Errors | None = None,
    *,
    row: ConceptRow | None = None,
    initiative: Initiative | None = None,
    status: int = 200,
    changed: bool = False,
) -> Response:
    return show(
        "concepts/write.html",
        status=status,
        row=row,
        initiative=initiative,
        values=values,
        errors=errors or {},
        columns=forms.boxes_of(values),
        sources=list(SOURCE_WORDS.items()),
        changed=changed,
    )
