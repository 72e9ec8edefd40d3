"""How much strength a concept takes: the steps as they turned out, and what each asks of who leads and who receives.

Another part of the municipality has other units. So an impact is kept by what a unit does in the change: one leads
it, the others receive it. Whoever uses the concept says which units that is.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import replace
from typing import NamedTuple

from portfolio.base.weeks import Week
from portfolio.capacity.rules.calendar import Calendar, Phase


class Effort(NamedTuple):
    """One step of a concept: `weeks` without standstill, and its impact on the unit that leads and on each that
    receives: 0 to 3, None where nobody has rated it.
    """

    kind: str
    weeks: int
    leading: int | None = 0
    receiving: int | None = 0


class Stage(NamedTuple):
    """A plan while it ran: from its start to `end`, the first week in which it ran no longer."""

    start: Week
    phases: Sequence[Phase]
    end: Week


def course_of(stages: Iterable[Stage], calendar: Calendar) -> tuple[Phase, ...]:
    """The steps as they turned out: what was run of each stage, what dragged on counted to the step it ended in.

    Steps of the same kind that follow upon each other, such as before and after a pause, are one.
    """
    course: list[Phase] = []
    for stage in stages:
        for phase in _run(stage, calendar):
            if course and course[-1].kind == phase.kind:
                course[-1] = _joined(course[-1], phase)
            else:
                course.append(phase)
    return tuple(course)


def _run(stage: Stage, calendar: Calendar) -> list[Phase]:
    left = calendar.running_weeks(stage.start, stage.end - 1)
    done = []
    for phase in stage.phases:
        weeks = min(left, phase.weeks)
        left -= weeks
        if weeks:
            done.append(replace(phase, weeks=weeks))
    if done and left:
        done[-1] = replace(done[-1], weeks=done[-1].weeks + left)
    return done


def _joined(one: Phase, other: Phase) -> Phase:
    units = {**one.impacts, **other.impacts}
    impacts = {unit: _heaviest([one.impacts.get(unit, 0), other.impacts.get(unit, 0)]) for unit in units}
    return replace(one, weeks=one.weeks + other.weeks, impacts=impacts)


def effort_of(phases: Iterable[Phase], owners: Sequence[str]) -> tuple[Effort, ...]:
    """The steps by who leads and who receives. `owners` are the codes of the owner's unit and those above it.

    The nearest of those that is touched leads; all others receive, and of them the heaviest impact counts: better too
    much than too little. A change that touches a single unit is one that this unit receives, whoever leads it.
    """
    plan = list(phases)
    touched = {unit for phase in plan for unit in phase.impacts}
    leads = next((unit for unit in owners if unit in touched), None) if len(touched) > 1 else None
    return tuple(
        Effort(
            phase.kind,
            phase.weeks,
            _heaviest(level for unit, level in phase.impacts.items() if unit == leads),
            _heaviest(level for unit, level in phase.impacts.items() if unit != leads),
        )
        for phase in plan
    )


def phases_for(steps: Iterable[Effort], leading: str | None, receiving: Collection[str]) -> tuple[Phase, ...]:
    """The plan of a concept for units of one's own, by code; one that both leads and receives has the heavier."""
    return tuple(Phase(step.kind, step.weeks, _impacts(step, leading, receiving)) for step in steps)


def _impacts(step: Effort, leading: str | None, receiving: Collection[str]) -> Mapping[str, int | None]:
    found: dict[str, list[int | None]] = {unit: [step.receiving] for unit in receiving}
    if leading is not None:
        found.setdefault(leading, []).append(step.leading)
    heaviest = {unit: _heaviest(levels) for unit, levels in found.items()}
    return {unit: level for unit, level in heaviest.items() if level != 0}


def _heaviest(levels: Iterable[int | None]) -> int | None:
    """The highest impact; None where some are not rated and none of the others is an impact; 0 of none."""
    every = list(levels)
    rated = max((level for level in every if level is not None), default=0)
    return None if rated == 0 and None in every else rated
