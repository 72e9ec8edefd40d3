"""How initiatives were sorted, and what one should know before deciding."""

from collections.abc import Collection

from sqlalchemy import bindparam, select

from portfolio.base.db import current_session
from portfolio.initiatives.models import Initiative, TriageRow
from portfolio.initiatives.queries.plans import places_of, units_touched
from portfolio.initiatives.queries.stored import WITH_PLAN
from portfolio.initiatives.rules.proposals import UNCLEAR_WORD, is_unclear
from portfolio.initiatives.rules.statuses import UNDECIDED
from portfolio.initiatives.rules.triage import TRIAGE_WORDS, TriageClass, is_own_and_simple


def triage_of(initiative_id: int) -> TriageRow | None:
    """How an initiative was sorted; None if nobody has."""
    return current_session().get(TriageRow, initiative_id)


def lies_unclear(initiative: Initiative) -> bool:
    """Whether it rests on a political assignment that says too little."""
    return is_unclear(initiative.assignment_source, initiative.clarity_answers)


def own_and_simple(unit_id: int | None) -> list[Initiative]:
    """The proposals that the chief of a unit decides alone, by priority."""
    wanted = select(Initiative).options(WITH_PLAN).where(Initiative.status.in_(UNDECIDED))
    simple = wanted.where(Initiative.triage_class == TriageClass.SIMPLE).order_by(Initiative.rank)
    found = current_session().scalars(simple)
    return [one for one in found if is_own_and_simple(one.triage_class, places_of(units_touched(one)), unit_id)]


_LABELLED = select(
    Initiative.code, Initiative.triage_class, Initiative.assignment_source, Initiative.clarity_answers
).where(Initiative.code.in_(bindparam("codes", expanding=True)))


def labels_of(codes: Collection[str]) -> dict[str, list[str]]:
    """{code: what one should know before deciding}: that the assignment is unclear, that it is complex."""
    found: dict[str, list[str]] = {}
    for code, triaged, source, answered in current_session().execute(_LABELLED, {"codes": list(codes)}):
        found[code] = labels(triaged, source, answered)
    return found


def labels(triaged: str | None, source: str | None, answered: int) -> list[str]:
    """The same of one, by how it was sorted, what its assignment rests on and how much that says."""
    unclear = [UNCLEAR_WORD] if is_unclear(source, answered) else []
    return [*unclear, *([TRIAGE_WORDS[TriageClass.COMPLEX]] if triaged == TriageClass.COMPLEX else [])]
