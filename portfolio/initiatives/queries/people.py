"""Who is named, and who owns something."""

from collections.abc import Sequence

from sqlalchemy import select

from portfolio.base.db import current_session
from portfolio.initiatives.models import Initiative
from portfolio.people.models import Person


def function_of(person_id: int | None) -> str | None:
    """A person's function; None for nobody."""
    return None if person_id is None else current_session().get_one(Person, person_id).function


_OWNERS = select(Person.id, Person.function).where(Person.id.in_(select(Initiative.owner_id)))


def owners() -> Sequence[tuple[int, str]]:
    """The ids and functions of everybody who owns an initiative, active or not."""
    return [(person_id, function) for person_id, function in current_session().execute(_OWNERS).all()]
