"""Use a concept, or spread a pilot: a proposal that is filled in already, and keeps the link to what it came from."""

from collections.abc import Collection
from functools import partial

from flask import Response, request, url_for
from werkzeug.wrappers import Response as BaseResponse

from portfolio.base.text import shortened
from portfolio.concepts import actions, queries
from portfolio.concepts.models import ConceptRow
from portfolio.concepts.pages.blueprint import concepts
from portfolio.concepts.rules.strength import phases_for
from portfolio.initiatives.models import Initiative
from portfolio.initiatives.pages import drafts
from portfolio.initiatives.pages.drafts import Values
from portfolio.initiatives.pages.proposal import FilledIn, new_page, take_in
from portfolio.initiatives.pages.reading import seen_by
from portfolio.initiatives.queries.aims import aim_names_of
from portfolio.initiatives.rules.proposals import SUMMARY_LENGTH
from portfolio.people.access import me, requires
from portfolio.people.rules import May
from portfolio.scorecard.queries import scorecard
from portfolio.units import queries as units
from portfolio.web.clock import now

LEADS, RECEIVES = "leder", "tar_emot"
"""The units in the address of the form."""


@concepts.get("/koncept/<int:concept_id>/anvand")
@requires(May.PROPOSE)
def use(concept_id: int) -> Response:
    """The form of a proposal, filled in from a concept for the units that lead and receive."""
    row, known = queries.concept_row(concept_id), units.ids_by_code()
    leading = request.args.get(LEADS, "")
    receiving = [code for code in request.args.getlist(RECEIVES) if code in known]
    return new_page(_from_concept(row, leading if leading in known else None, receiving), filled_in=_of_concept(row))


@concepts.post("/koncept/<int:concept_id>/anvand")
@requires(May.PROPOSE)
def use_it(concept_id: int) -> BaseResponse:
    """Send the proposal; or, by one of the preview's buttons, change it and look again."""
    row = queries.concept_row(concept_id)
    return take_in(partial(actions.use_concept, concept_id), _of_concept(row))


@concepts.get("/initiativ/<code>/sprid")
@requires(May.PROPOSE)
def spread(code: str) -> Response:
    """The form of a proposal that spreads a pilot's change to more units."""
    pilot = _pilot(code)
    return new_page(_from_pilot(pilot), filled_in=_of_pilot(pilot))


@concepts.post("/initiativ/<code>/sprid")
@requires(May.PROPOSE)
def spread_it(code: str) -> BaseResponse:
    """Send the proposal; or, by one of the preview's buttons, change it and look again."""
    pilot = _pilot(code)
    return take_in(partial(actions.spread_pilot, code), _of_pilot(pilot))


def _pilot(code: str) -> Initiative:
    pilot = seen_by(me(), code)
    actions.ensure_pilot(pilot, now())
    return pilot


def _from_concept(row: ConceptRow, leading: str | None, receiving: Collection[str]) -> Values:
    phases = phases_for(queries.efforts_in(row.efforts), leading, receiving)
    return {"title": row.title} | drafts.phase_values(phases)


def _from_pilot(pilot: Initiative) -> Values:
    """The same texts, goals and steps. Who receives it is new; the row for all has what the pilot's units had."""
    aims = aim_names_of([pilot], scorecard(), now())[pilot.id]
    texts = {"title": pilot.title, "summary": pilot.summary, "why": pilot.why}
    goals = {"goal_area": aims.area or "", "programme": aims.programme or ""} | drafts.other_area_values(aims.others)
    steps = drafts.phase_values(phases_for(queries.effort_taken(pilot), None, [ANYBODY]))
    return texts | goals | {_for_everyone(box): text for box, text in steps.items()}


ANYBODY = "*"
"""Stands for the units that are still to be chosen."""


def _for_everyone(box: str) -> str:
    """`phases.0.impacts.*` is the box `everyone.0`, the row Alla förvaltningar."""
    _, at, *rest = box.split(".")
    return f"everyone.{at}" if rest == ["impacts", ANYBODY] else box


def _of_concept(row: ConceptRow) -> FilledIn:
    """The problem only helps to write: Kort sagt is what everybody reads as the change itself."""
    problem = shortened(row.problem.rstrip("."), SUMMARY_LENGTH)
    return FilledIn(
        row.title,
        f"Ifyllt från konceptet {row.title}. Ändra det som inte passar er.",
        "Läs konceptet",
        url_for("concepts.show", concept_id=row.id),
        url_for("concepts.use_it", concept_id=row.id),
        f"Säg vad ni ska göra. Konceptet löser problemet ”{problem}”.",
    )


def _of_pilot(pilot: Initiative) -> FilledIn:
    return FilledIn(
        pilot.code,
        f"Ifyllt från piloten {pilot.code} {pilot.title}. Välj vilka fler som ska få förändringen.",
        f"Läs om {pilot.code}",
        url_for("initiatives.show", code=pilot.code),
        url_for("concepts.spread_it", code=pilot.code),
    )
