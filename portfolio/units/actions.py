"""Add and change rows of the tree. Called by capacity.actions, which settles what follows for the load."""

from datetime import datetime
from typing import Any

from portfolio.base.db import current_session
from portfolio.base.errors import Invalid
from portfolio.events import UnitAdded, UnitEdited
from portfolio.outbox.actions import record
from portfolio.outbox.models import EventRow
from portfolio.people.rules import Actor
from portfolio.units import queries
from portfolio.units.models import UnitRow
from portfolio.units.rules import makes_a_circle


def add_unit(fields: dict[str, Any], *, by: Actor, now: datetime) -> UnitRow:
    """Add a unit; `fields` are those of the unit in the API, `parent` a code."""
    if fields["code"] in queries.ids_by_code():
        raise Invalid({"code": ["Beteckningen används redan. Välj en annan."]})
    values = dict(fields)
    parent = values.pop("parent", None)
    unit = UnitRow(**values, parent_id=_parent_id(parent))
    current_session().add(unit)
    current_session().flush()  # the tree is read again, and the caller needs the id
    event = UnitAdded(unit=unit.code, title=unit.name, kind=unit.kind, parent=parent)
    record(event, by=by.name, now=now)
    return unit


def edit_unit(unit: UnitRow, fields: dict[str, Any], *, by: Actor, now: datetime) -> EventRow | None:
    """Change what differs and record it; None if nothing does."""
    codes = queries.codes_by_id()
    changes: dict[str, Any] = {}
    for name, value in fields.items():
        before = codes.get(unit.parent_id) if name == "parent" else getattr(unit, name)  # type: ignore[arg-type]
        if before != value:
            changes[name] = [_as_json(before), _as_json(value)]
            _set(unit, name, value)
    if not changes:
        return None
    unit.version += 1
    return record(UnitEdited(unit=unit.code, changes=changes), by=by.name, now=now)


def _set(unit: UnitRow, name: str, value: Any) -> None:
    if name != "parent":
        setattr(unit, name, value)
        return
    parent_id = _parent_id(value)
    if makes_a_circle(unit.id, parent_id, queries.parents_by_id()):
        raise Invalid({"parent": ["Enheten kan inte ligga under sig själv."]})
    unit.parent_id = parent_id


def _parent_id(code: str | None) -> int | None:
    if code is None:
        return None
    parent_id = queries.ids_by_code().get(code)
    if parent_id is None:
        raise Invalid({"parent": [f"Enheten {code} finns inte."]})
    return parent_id


def _as_json(value: Any) -> Any:
    return value.isoformat() if hasattr(value, "isoformat") else value
