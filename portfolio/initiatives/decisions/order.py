"""The places in the order of priority."""

from collections.abc import Sequence

from portfolio.base.db import current_session
from portfolio.initiatives.models import Initiative
from portfolio.initiatives.queries.order import last_rank, open_ids_in_order
from portfolio.initiatives.queries.stored import initiatives_by_id
from portfolio.initiatives.rules.statuses import OPEN


def keep_order(initiative: Initiative) -> None:
    """Open initiatives have a place in the order of priority, the others have none."""
    is_open = initiative.status in OPEN
    if is_open and initiative.rank is None:
        initiative.rank = last_rank() + 1
    elif not is_open and initiative.rank is not None:
        initiative.rank = None
        renumber(open_ids_in_order())


def renumber(order: Sequence[int]) -> None:
    """Give the open initiatives the places 1, 2, 3 … in this order."""
    current_session().flush()  # the order is read from the database
    places = {initiative_id: place for place, initiative_id in enumerate(order, start=1)}
    for initiative in initiatives_by_id(places):
        if initiative.rank != places[initiative.id]:
            initiative.rank = places[initiative.id]
