"""The order of priority."""

from sqlalchemy import func, select

from portfolio.base.db import current_session
from portfolio.initiatives.models import Initiative


def open_ids_in_order() -> list[int]:
    """The ids of the open initiatives in the order of priority."""
    wanted = select(Initiative.id).where(Initiative.rank.is_not(None)).order_by(Initiative.rank)
    return list(current_session().scalars(wanted))


def last_rank() -> int:
    """The last place in the order of priority, 0 if nothing is open."""
    return current_session().scalar(select(func.max(Initiative.rank))) or 0
