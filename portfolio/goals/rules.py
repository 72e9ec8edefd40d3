"""How initiatives are spread over the goals, and what a programme asks of each unit."""

from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import NamedTuple

from portfolio.base.errors import Invalid
from portfolio.capacity.rules.burden import Burden, burden_of
from portfolio.scorecard.rules import Aims, GoalKind, Scorecard


class Served(NamedTuple):
    """How many initiatives have a målområde as their primary one, and how many serve it besides."""

    primary: int
    besides: int


class Spread(NamedTuple):
    """How the portfolio is spread: by målområde, and how many initiatives have no primary målområde."""

    areas: Mapping[int, Served]
    without: int
    total: int


def spread_of(aims: Collection[Aims]) -> Spread:
    """Count each initiative once at its primary målområde, and besides where else it serves."""
    primary = Counter(one.areas[0] for one in aims if one.areas)
    besides = Counter(goal for one in aims for goal in one.areas[1:])
    areas = {goal: Served(primary[goal], besides[goal]) for goal in {*primary, *besides}}
    return Spread(areas, len(aims) - primary.total(), len(aims))


class Step(NamedTuple):
    """What one step of an initiative with some status asks of a unit: `weeks` without standstill, an impact."""

    initiative_id: int
    status: str
    unit_id: int
    weeks: int
    impact: int | None


class Sums(NamedTuple):
    """The load of a programme: its steps by (unit, status), and the units and statuses in it."""

    cells: Mapping[tuple[int, str], Sequence[Step]]
    unit_ids: Sequence[int]
    statuses: Sequence[str]

    @property
    def total(self) -> Burden:
        """The sum of everything."""
        return self._sum()

    def of(self, unit_id: int, status: str) -> Burden | None:
        """What lies on a unit in a status; None if nothing does."""
        return self._sum(unit_id=unit_id, status=status) if (unit_id, status) in self.cells else None

    def of_unit(self, unit_id: int) -> Burden:
        """A unit's sum over every status."""
        return self._sum(unit_id=unit_id)

    def of_status(self, status: str) -> Burden:
        """A status's sum over every unit."""
        return self._sum(status=status)

    def _sum(self, *, unit_id: int | None = None, status: str | None = None) -> Burden:
        return burden_of(
            (step.weeks, step.impact)
            for (unit, standing), steps in self.cells.items()
            if unit_id in (None, unit) and status in (None, standing)
            for step in steps
        )


def sums_of(steps: Iterable[Step], order: Sequence[str]) -> Sums:
    """The load by unit and status; the heaviest unit first, the statuses in `order`."""
    cells: dict[tuple[int, str], list[Step]] = defaultdict(list)
    for step in steps:
        cells[step.unit_id, step.status].append(step)
    statuses = [status for status in order if any(standing == status for _, standing in cells)]
    sums = Sums(cells, (), statuses)
    units = sorted({unit for unit, _ in cells}, key=lambda unit: (-sums.of_unit(unit).points, unit))
    return Sums(cells, units, statuses)


def ensure_whole(kind: GoalKind, words: Mapping[str, object], card: Scorecard, parent_id: int | None) -> None:
    """Refuse with Invalid a målområde outside every inriktning, and an övergripande mål without source or year."""
    above = None if parent_id is None else card.goals.get(parent_id)
    if kind is GoalKind.AREA and (above is None or above.kind is not GoalKind.DIRECTION):
        raise Invalid({"parent": ["Välj den inriktning som målområdet hör till."]})
    if kind is GoalKind.OVERALL:
        lacking = {"source": "Skriv var målet är beslutat.", "source_year": "Skriv vilket år det beslutades."}
        missing = {name: [text] for name, text in lacking.items() if not words.get(name)}
        if missing:
            raise Invalid(missing)
