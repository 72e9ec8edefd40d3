"""A confirmed limit belongs to the förvaltningschef: nobody else loosens it or stops it from blocking."""

import pytest

from portfolio.base.db import transaction
from portfolio.base.errors import NotPermitted
from portfolio.capacity.actions.tree import edit_unit
from portfolio.people.rules import Actor, Role
from portfolio.units.queries import unit_by_code
from tests.make import CHAIR, NOW, make_lowered_limit, make_unit

pytestmark = pytest.mark.usefixtures("app")

COORDINATOR = Actor("Portföljkoordinator", Role.COORDINATOR)


def change(by: Actor, **fields: object) -> None:
    """Change the unit SOC."""
    with transaction():
        edit_unit("SOC", fields, version=None, by=by, now=NOW)


@pytest.mark.parametrize(
    "fields",
    [{"limit": None}, {"limit": 8}, {"max_parallel": None}, {"max_parallel": 4}, {"limits_confirmed": False}],
)
def test_the_coordinator_never_loosens_what_the_chief_has_confirmed(fields: dict[str, object]) -> None:
    make_unit("SOC", limit=7, max_parallel=3)
    with pytest.raises(NotPermitted):
        change(COORDINATOR, **fields)


def test_the_coordinator_may_lower_a_confirmed_limit_and_set_a_preliminary_one_anew() -> None:
    make_unit("SOC", limit=7, max_parallel=3)
    change(COORDINATOR, limit=6)
    assert unit_by_code("SOC").limit == 6
    make_unit("KFF", limit=5, confirmed=False)
    with transaction():
        edit_unit("KFF", {"limit": 9}, version=None, by=COORDINATOR, now=NOW)
    assert unit_by_code("KFF").limit == 9


def test_a_lowered_limit_alone_is_something_that_blocks() -> None:
    make_unit("SOC")
    make_lowered_limit("SOC", "2027-W02", "2027-W03", limit=2)
    with pytest.raises(NotPermitted):
        change(COORDINATOR, limits_confirmed=False)


def test_the_chief_and_the_chair_loosen_as_they_see_fit() -> None:
    make_unit("SOC", limit=7)
    change(Actor("Socialchef", Role.MEMBER, unit_id=unit_by_code("SOC").id), limit=9)
    assert unit_by_code("SOC").limit == 9
    change(CHAIR, limit=None)
    assert unit_by_code("SOC").limit is None
