"""Who may write about an initiative's assignment."""

from portfolio.base.errors import NotPermitted
from portfolio.initiatives.models import Initiative
from portfolio.initiatives.pages.reading import seen_by
from portfolio.people.access import me
from portfolio.people.rules import may_edit


def may_write(initiative: Initiative) -> bool:
    """Whether the visitor may change an initiative's texts."""
    return may_edit(me(), initiative.owner_id, initiative.proposer_id)


def to_write(code: str) -> Initiative:
    """The initiative, for those who may change its texts; NotPermitted for others."""
    initiative = seen_by(me(), code)
    if not may_write(initiative):
        raise NotPermitted
    return initiative
