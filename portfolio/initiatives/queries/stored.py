"""Find initiatives by their codes and ids."""

from collections.abc import Collection, Sequence

from sqlalchemy import select
from sqlalchemy.orm import selectinload

from portfolio.base.db import current_session
from portfolio.base.errors import NotFound
from portfolio.initiatives.models import Initiative, PhaseRow

WITH_PLAN = selectinload(Initiative.phases).joinedload(PhaseRow.impacts)


def initiative_by_code(code: str, *, lock: bool = False) -> Initiative:
    """The initiative with its plan; NotFound if there is none. `lock` holds it until the transaction ends."""
    wanted = select(Initiative).where(Initiative.code == code).options(WITH_PLAN)
    if lock:
        wanted = wanted.with_for_update()
    found = current_session().scalar(wanted, execution_options={"populate_existing": lock})
    if found is None:
        raise NotFound
    return found


def initiatives_by_id(ids: Collection[int]) -> Sequence[Initiative]:
    """Some initiatives, without their plans."""
    return current_session().scalars(select(Initiative).where(Initiative.id.in_(ids))).all()


def code_exists(code: str) -> bool:
    """Whether an initiative has this code."""
    return current_session().scalar(select(Initiative.id).where(Initiative.code == code)) is not None


def code_of(initiative_id: int) -> str:
    """The code of an initiative that is known to exist."""
    return current_session().scalars(select(Initiative.code).where(Initiative.id == initiative_id)).one()


def titles_of(codes: Collection[str]) -> dict[str, str]:
    """{code: title} of some initiatives."""
    wanted = select(Initiative.code, Initiative.title).where(Initiative.code.in_(codes))
    return dict(current_session().execute(wanted).all())
