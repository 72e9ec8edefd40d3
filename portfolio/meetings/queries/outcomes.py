"""What a meeting has decided so far."""

from typing import NamedTuple

from portfolio.initiatives import queries as initiatives
from portfolio.initiatives.models import DecisionRow, Initiative
from portfolio.meetings.models import AgendaItemRow
from portfolio.meetings.queries.agenda import item_rows, standing_decisions
from portfolio.meetings.queries.meetings import Meeting


class Decided(NamedTuple):
    """An item with the decision that ended it, and the initiative that it was about."""

    row: AgendaItemRow
    decision: DecisionRow
    initiative: Initiative


def outcomes_of(meeting: Meeting) -> dict[str, Decided]:
    """What was decided, by the item's key, in the order of the agenda."""
    rows = item_rows(meeting)
    standing = standing_decisions(rows)
    about = {one.id: one for one in initiatives.initiatives_by_id({row.initiative_id for row in standing.values()})}
    return {
        row.key: Decided(row, standing[row.decision_id], about[standing[row.decision_id].initiative_id])
        for row in rows
        if row.decision_id in standing
    }
