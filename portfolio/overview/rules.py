"""How one looks at the load map."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from portfolio.base.weeks import Week, format_week, parse_week
from portfolio.capacity.rules.limits import SEVERITY
from portfolio.capacity.rules.load import Cell
from portfolio.capacity.rules.picture import worst_level

STEP = 13
"""How many weeks the map moves at a time."""
ALL = "alla"

DENSITIES = ("tat", "projektor")


@dataclass(frozen=True, slots=True)
class View:
    """What a visitor has chosen to see; it is the address, so that it can be sent to somebody else.

    `first` None is from the current week on; `opened` are the units whose units below are shown.
    """

    first: Week | None = None
    as_list: bool = False
    companies: bool = False
    proposals: bool = False
    by_level: bool = False
    density: str = ""
    opened: frozenset[str] = frozenset()

    def query(self, **changes: Any) -> dict[str, Any]:
        """The address's query for this view with some changes; what is usual is left out."""
        view = replace(self, **changes)
        chosen = {
            "fran": None if view.first is None else format_week(view.first),
            "visa": "lista" if view.as_list else None,
            "bolag": "1" if view.companies else None,
            "forslag": "1" if view.proposals else None,
            "ordning": "niva" if view.by_level else None,
            "tathet": view.density or None,
            "oppna": sorted(view.opened) or None,
        }
        return {key: value for key, value in chosen.items() if value is not None}

    def opens(self, code: str) -> bool:
        """Whether the units below a unit are shown."""
        return code in self.opened or ALL in self.opened


def view_of(query: Mapping[str, str], opened: Iterable[str], may_see_proposals: bool) -> View:
    """The view that an address asks for; what cannot be read is left as usual."""
    density = query.get("tathet", "")
    return View(
        first=_week_or_none(query.get("fran", "")),
        as_list=query.get("visa") == "lista",
        companies="bolag" in query,
        proposals="forslag" in query and may_see_proposals,
        by_level=query.get("ordning") == "niva",
        density=density if density in DENSITIES else "",
        opened=frozenset(opened),
    )


def _week_or_none(text: str) -> Week | None:
    try:
        return parse_week(text)
    except ValueError:
        return None


def severity_key(cells: Sequence[Cell]) -> tuple[int, int]:
    """Sorts units by how bad it gets, the worst first: the level, then for how many weeks."""
    worst = worst_level(cells)
    return -SEVERITY.get(worst, -1), -sum(cell.level == worst for cell in cells)
