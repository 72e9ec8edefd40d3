"""Who may write and answer about an initiative's effects."""

from collections.abc import Callable

from portfolio.base.errors import NotPermitted
from portfolio.effects.actions import MEASURED_IN, may_measure
from portfolio.initiatives.models import Initiative
from portfolio.initiatives.pages.reading import seen_by
from portfolio.initiatives.rules.statuses import OPEN, Status
from portfolio.people.access import me
from portfolio.people.rules import may_edit


def may_write(initiative: Initiative) -> bool:
    """Whether the visitor may write its effektmål as it stands now."""
    return initiative.status in OPEN and may_edit(me(), initiative.owner_id, initiative.proposer_id)


def may_figure(initiative: Initiative) -> bool:
    """Whether the visitor may write its nyckeltal and what they are."""
    return initiative.status in MEASURED_IN and may_measure(initiative, me())


def may_answer(initiative: Initiative) -> bool:
    """Whether the visitor may say what came of it."""
    return initiative.status == Status.FOLLOW_UP and may_measure(initiative, me())


def to_write(code: str) -> Initiative:
    """The initiative, for those who may write its effektmål; NotPermitted for others."""
    return _ensured(code, may_write)


def to_figure(code: str) -> Initiative:
    """The initiative, for those who may write its nyckeltal; NotPermitted for others."""
    return _ensured(code, may_figure)


def to_answer(code: str) -> Initiative:
    """The initiative, for those who may say what came of it; NotPermitted for others."""
    return _ensured(code, may_answer)


def _ensured(code: str, allowed: Callable[[Initiative], bool]) -> Initiative:
    initiative = seen_by(me(), code)
    if not allowed(initiative):
        raise NotPermitted
    return initiative
