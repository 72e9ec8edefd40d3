"""Two people changed the same initiative: what the other did, and which of it this one has not touched."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from portfolio.base.weeks import parse_week
from portfolio.capacity.rules.calendar import Phase
from portfolio.capacity.rules.words import Names
from portfolio.initiatives.pages.drafts import OTHER_AREAS, Values, other_area_values, phase_values, week_text
from portfolio.initiatives.pages.history import Data, change_told, sentence
from portfolio.outbox.queries import history_of

EDITED, PLAN_CHANGED, OWNER_CHANGED = "initiative.edited", "initiative.plan_changed", "initiative.owner_changed"
PLAN = "phases."


@dataclass(frozen=True, slots=True)
class Change:
    """One event that came after the form was read."""

    kind: str
    actor: str
    data: Data

    def told(self, names: Names) -> str:
        """What happened, with old and new texts where they were edited."""
        told = sentence(self.kind, self.actor, self.data, names)
        if self.kind != EDITED:
            return told
        return " ".join([told, *(change_told(name, *pair) for name, pair in self.data["changes"].items())])

    def before(self) -> Values:
        """What stood in the form's boxes before this change, of those that it changed."""
        if self.kind == EDITED:
            changes = {name: before for name, (before, _) in self.data["changes"].items()}
            others = other_area_values(changes.pop(OTHER_AREAS)) if OTHER_AREAS in changes else {}
            return {name: _box(before) for name, before in changes.items()} | others
        if self.kind == OWNER_CHANGED:
            return {"owner": self.data["before"] or ""}
        return _plan_boxes(self.data["before"]) if self.kind == PLAN_CHANGED else {}


def changes_since(code: str, seen: int) -> list[Change]:
    """What has happened to an initiative after the event number `seen`, in order."""
    newer = [event for event in history_of(f"initiative/{code}") if event.seq > seen]
    return [Change(event.type, event.actor, json.loads(event.data)) for event in reversed(newer)]


def merged(typed: Mapping[str, str], changes: Sequence[Change], stored: Mapping[str, str]) -> Values:
    """What was typed, but the stored text wherever the other changed a box that this person left alone."""
    base: Values = {}
    for change in reversed(changes):
        base |= change.before()
    kept = dict(typed)
    untouched = [name for name in base if not name.startswith(PLAN) and typed.get(name, "").strip() == base[name]]
    kept |= {name: stored.get(name, "") for name in untouched}
    if _plan_in(base) and _plan_in(typed) == _plan_in(base):
        kept = {name: text for name, text in kept.items() if not name.startswith(PLAN)} | _plan_in(stored)
    return kept


def _plan_in(values: Mapping[str, str]) -> Values:
    return {name: text for name, text in values.items() if name.startswith(PLAN) and text}


def _plan_boxes(plan: Mapping[str, Any]) -> Values:
    start = "" if plan["start_week"] is None else week_text(parse_week(plan["start_week"]))
    phases = [Phase(one["kind"], one["weeks"], one["impacts"]) for one in plan["phases"]]
    return {"start_week": start} | phase_values(phases)


def _box(value: Any) -> str:
    if isinstance(value, bool):
        return "on" if value else ""
    return "" if value is None else str(value)
