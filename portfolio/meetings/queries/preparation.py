"""How far an initiative is prepared for a decision."""

from collections.abc import Collection
from datetime import datetime

from portfolio.assignments.queries import groundworks_of, lacking_for
from portfolio.assignments.rules.groundwork import Groundwork
from portfolio.capacity.rules.words import Names
from portfolio.effects.queries import number_of_goals
from portfolio.initiatives.decisions.plans import missing_of
from portfolio.initiatives.models import Initiative
from portfolio.initiatives.queries.impacts import answered_by
from portfolio.initiatives.queries.plans import phases_of
from portfolio.initiatives.rules.statuses import Status
from portfolio.meetings.rules.preparation import Preparation, missing_in_words
from portfolio.units import queries as units


def missing_before_decision(
    one: Initiative, names: Names, answered: Collection[int], laid: Groundwork, effect_goals: int, now: datetime
) -> list[str]:
    """What the initiative lacks before the group decides on its start, in words.

    `answered` are the ids of the units whose chiefs have said something about the impact on them, `laid` is what is
    written beside its plan, `effect_goals` is how many effektmål it has.
    """
    preparation = Preparation(
        one.why,
        effect_goals,
        one.risk_assessed_on,
        one.consulted_on,
        (*missing_of(one, phases_of(one)), *lacking_for(one, laid, now)),
        tuple(names.unit(code) for code in _unanswered(one, answered)),
    )
    return missing_in_words(preparation)


def missing_at_start(one: Initiative, names: Names, now: datetime) -> list[str]:
    """The same of one whose start is decided for the first time; what runs or is decided has been through that."""
    if one.status != Status.IN_PREPARATION:
        return []
    answered = answered_by([one.id])[one.id]
    laid, effect_goals = groundworks_of([one.id])[one.id], number_of_goals([one.id]).get(one.id, 0)
    return missing_before_decision(one, names, answered, laid, effect_goals, now)


def _unanswered(one: Initiative, answered: Collection[int]) -> list[str]:
    codes = units.codes_by_id()
    touched = {row.unit_id for phase in one.phases for row in phase.impacts}
    return sorted(codes[unit_id] for unit_id in touched.difference(answered))
