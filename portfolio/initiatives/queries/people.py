"""Who is named, and who owns something."""

from collections.abc import Sequence

from sqlalchemy import select

from portfolio.base.db import current_session
from portfolio.base.text import fold
from portfolio.initiatives.models import Initiative
from portfolio.people.models import Person


def person_known_as(word: str) -> Person | None:
    """The active person with this function or e-mail address, whatever the letters' case; None if unknown."""
    folded = fold(word)
    if not folded:
        return None
    active = current_session().scalars(select(Person).where(Person.active).order_by(Person.id))
    return next((one for one in active if folded in (fold(one.function), fold(one.email or ""))), None)


def function_of(person_id: int | None) -> str | None:
    """A person's function; None for nobody."""
    return None if person_id is None else current_session().get_one(Person, person_id).function


_OWNERS = select(Person.id, Person.function).where(Person.id.in_(select(Initiative.owner_id)))


def owners() -> Sequence[tuple[int, str]]:
    """The ids and functions of everybody who owns an initiative, active or not."""
    return [(person_id, function) for person_id, function in current_session().execute(_OWNERS).all()]
