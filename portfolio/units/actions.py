"""Add and change rows of the tree. Called by capacity.actions.tree, which settles what follows for the load."""

from datetime import date, datetime
from typing import Any

from portfolio.base.db import current_session
from portfolio.base.errors import Invalid
from portfolio.events.units import UnitAdded, UnitEdited
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
    _ensure_in_order(fields.get("valid_from"), fields.get("valid_to"))
    values = dict(fields)
    parent = values.pop("parent", None)
    unit = UnitRow(**values, parent_id=_parent_id(parent))
    current_session().add(unit)
    current_session().flush()  # the tree is read again, and the caller needs the id
    event = UnitAdded(unit=unit.code, title=unit.name, kind=unit.kind, parent=parent)
    record(event, by=by.name, now=now)
    return unit


def ensure_changeable(unit: UnitRow, fields: dict[str, Any]) -> None:
    """Refuse with Invalid a parent that will not be there or lies below the unit, and an end before the beginning."""
    if "parent" in fields:
        new_parent = _parent_id(fields["parent"])
        if new_parent != unit.parent_id:
            _ensure_place(unit, new_parent)
    _ensure_in_order(fields.get("valid_from", unit.valid_from), fields.get("valid_to", unit.valid_to))


def _ensure_place(unit: UnitRow, parent_id: int | None) -> None:
    """What is decided for later counts too: a parent in whose place others are to stand, a circle that is to come."""
    heirs, parents = queries.heirs(), queries.parents_by_id()
    if parent_id in heirs:
        raise Invalid({"parent": [f"{_name(parent_id)} ersätts av {_name(heirs[parent_id])}. Välj den i stället."]})
    moving = {change.unit_id: change.other_id for _, change in queries.moves_ahead()}
    ahead = (parents, parents | moving, parents | heirs, parents | moving | heirs)
    if any(makes_a_circle(unit.id, parent_id, known) for known in ahead):
        raise Invalid({"parent": ["Enheten kan inte ligga under sig själv."]})


def _name(unit_id: int) -> str:
    return current_session().get_one(UnitRow, unit_id).name


def _ensure_in_order(valid_from: date | None, valid_to: date | None) -> None:
    if valid_from is not None and valid_to is not None and valid_to < valid_from:
        raise Invalid({"valid_to": ["Sista dagen ligger före den första."]})


def edit_unit(unit: UnitRow, fields: dict[str, Any], *, by: Actor, now: datetime) -> EventRow | None:
    """Change what differs and record it; None if nothing does. Call `ensure_changeable` first."""
    codes = queries.codes_by_id()
    changes: dict[str, Any] = {}
    for name, value in fields.items():
        before = codes.get(unit.parent_id) if name == "parent" else getattr(unit, name)  # type: ignore[arg-type]
        if before != value:
            changes[name] = [_as_json(before), _as_json(value)]
            key, kept = ("parent_id", _parent_id(value)) if name == "parent" else (name, value)
            setattr(unit, key, kept)
    if not changes:
        return None
    unit.version += 1
    return record(UnitEdited(unit=unit.code, changes=changes), by=by.name, now=now)


def _parent_id(code: str | None) -> int | None:
    if code is None:
        return None
    parent_id = queries.ids_by_code().get(code)
    if parent_id is None:
        raise Invalid({"parent": [f"Enheten {code} finns inte."]})
    return parent_id


def _as_json(value: Any) -> Any:
    return value.isoformat() if hasattr(value, "isoformat") else value
