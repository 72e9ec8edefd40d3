"""A plan while it is being written: the text in the boxes, before anybody knows whether it can be read.

`Values` is what stands in the form, name -> text, and is all that a page keeps between two posts: nothing typed
is lost, whatever is wrong with it. A step's boxes are named `phases.0.weeks`, `phases.0.impacts.BUF`.
"""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from portfolio.base.errors import Invalid
from portfolio.base.weeks import Week, parse_week
from portfolio.capacity.rules.calendar import Phase
from portfolio.initiatives.models import Initiative
from portfolio.initiatives.rules.plans import PHASE_WORDS
from portfolio.scorecard.rules import MOST_AREAS, AimNames
from portfolio.web.filters import week_and_year
from portfolio.web.weeks import as_iso_week

Values = dict[str, str]

STEPS = tuple(PHASE_WORDS)
UNRATED = "?"
MOST_STEPS = 12
OTHER_AREAS = "other_goal_areas"
"""The field of the further målområden, whose boxes are `other_goal_areas.0` and so on."""

_PHASE_FIELD = re.compile(r"phases\.(\d{1,2})\.(kind|weeks|impacts\.(.{1,12}))")


@dataclass(frozen=True, slots=True)
class Step:
    """One column of the plan as it stands in the form."""

    at: int
    kind: str
    weeks: str
    impacts: Mapping[str, str]

    @property
    def is_empty(self) -> bool:
        """Whether nobody has written anything in it: such a step is not part of the plan."""
        return not self.weeks and not any(self.impacts.values())


def blank() -> Values:
    """The form of a new proposal: the three steps, nothing in them."""
    return {f"phases.{at}.kind": kind for at, kind in enumerate(STEPS)}


def values_of(
    initiative: Initiative, phases: Iterable[Phase], aims: AimNames, owner: str | None, delegate: str | None
) -> Values:
    """The form of a stored initiative; `owner` and `delegate` are functions."""
    values = {
        "title": initiative.title,
        "summary": initiative.summary,
        "why": initiative.why,
        "if_we_wait": initiative.if_we_wait,
        "assignment_source": initiative.assignment_source or "",
        "diarienummer": initiative.diarienummer,
        "goal_area": aims.area or "",
        "programme": aims.programme or "",
        "legal_duty": "on" if initiative.legal_duty else "",
        "must_finish_by": _day_text(initiative.must_finish_by),
        "risk_assessed_on": _day_text(initiative.risk_assessed_on),
        "consulted_on": _day_text(initiative.consulted_on),
        "owner": owner or "",
        "delegate": delegate or "",
        "start_week": week_text(initiative.start_week),
        "forecast_end_week": week_text(initiative.forecast_end_week),
    }
    return values | other_area_values(aims.others) | phase_values(phases)


def other_area_values(names: Iterable[str]) -> Values:
    """The boxes of the further målområden; those that are empty are there too."""
    shown = [*names, *[""] * (MOST_AREAS - 1)][: MOST_AREAS - 1]
    return {f"{OTHER_AREAS}.{at}": name for at, name in enumerate(shown)}


def _day_text(day: date | None) -> str:
    return "" if day is None else day.isoformat()


def phase_values(phases: Iterable[Phase]) -> Values:
    """The boxes of a plan; an ordinary one is padded to the three steps, so that the missing can be filled in."""
    values: Values = {}
    for at, phase in enumerate(_padded(list(phases))):
        values[f"phases.{at}.kind"] = phase.kind
        values[f"phases.{at}.weeks"] = str(phase.weeks or "")
        for unit, impact in phase.impacts.items():
            values[f"phases.{at}.impacts.{unit}"] = UNRATED if impact is None else str(impact)
    return values


def _padded(phases: list[Phase]) -> list[Phase]:
    kinds = [phase.kind for phase in phases]
    if kinds != [kind for kind in STEPS if kind in kinds]:
        return phases
    known = {phase.kind: phase for phase in phases}
    return [known.get(kind, Phase(kind, 0, {})) for kind in STEPS]


def week_text(week: Week | None) -> str:
    """A week as a person would write it: `v. 7 2027`."""
    return week_and_year(week).replace("\u00a0", " ")


def steps_of(values: Mapping[str, str]) -> list[Step]:
    """The columns of the plan, in order."""
    found: dict[int, dict[str, str]] = {}
    for name, text in values.items():
        field = _PHASE_FIELD.fullmatch(name)
        if field and int(field[1]) < MOST_STEPS:
            found.setdefault(int(field[1]), {})[field[2]] = text.strip()
    return [
        Step(
            at,
            boxes.get("kind", ""),
            boxes.get("weeks", ""),
            {name.removeprefix("impacts."): text for name, text in boxes.items() if name.startswith("impacts.")},
        )
        for at, boxes in sorted(found.items())
    ]


def nested(values: Mapping[str, str], now: Week, fields: Iterable[str]) -> dict[str, Any]:
    """What stands in the boxes `fields`, as the schemas read it: empty is absent, steps without content too."""
    sent: dict[str, Any] = {}
    for name in fields:
        text = values.get(name, "").strip()
        if name == "phases":
            sent[name] = [_sent_step(step) for step in steps_of(values) if not step.is_empty]
        elif name == OTHER_AREAS:
            written = (values.get(box, "").strip() for box in other_area_values(()))
            sent[name] = [one for one in written if one]
        elif name == "legal_duty":
            sent[name] = bool(text)
        elif name.endswith("_week") and text:
            sent[name] = as_iso_week(text, now)
        elif text:
            sent[name] = text
    return sent


def _sent_step(step: Step) -> dict[str, Any]:
    impacts = {unit: text for unit, text in step.impacts.items() if text not in ("", "0")}
    sent: dict[str, Any] = {
        "kind": step.kind,
        "impacts": {unit: None if text == UNRATED else text for unit, text in impacts.items()},
    }
    return sent | ({"weeks": step.weeks} if step.weeks else {})


def named_as_typed(error: Invalid, values: Mapping[str, str]) -> Invalid:
    """The messages by the names of the boxes: the schema counts only the steps that have something in them."""
    places = [step.at for step in steps_of(values) if not step.is_empty]
    return Invalid({_box(name, places): texts for name, texts in error.errors.items()})


def _box(name: str, places: list[int]) -> str:
    if name == OTHER_AREAS:
        return f"{OTHER_AREAS}.0"
    part = name.split(".")
    if part[0] == "phases" and len(part) > 1 and part[1].isdigit() and int(part[1]) < len(places):
        part[1] = str(places[int(part[1])])
    return ".".join(part).removesuffix(".value")


def phases_from(read: Iterable[Mapping[str, Any]]) -> tuple[Phase, ...]:
    """The steps as the kernel reads them."""
    return tuple(Phase(one["kind"], one["weeks"], dict(one["impacts"])) for one in read)


def chosen(values: Mapping[str, str], choice: str, departments: Iterable[str]) -> Values:
    """The form with one thing changed by a button: another start, a lowered impact, one more step.

    A choice that nobody offers changes nothing.
    """
    what, _, rest = choice.partition(":")
    if what == "start":
        return dict(values) | {"start_week": _week_of_choice(rest)}
    if what == "reduce":
        return _reduced(values, rest.split(":"))
    if what == "everyone":
        return _filled_in(values, departments)
    if what == "step":
        return dict(values) | {f"phases.{len(steps_of(values))}.kind": STEPS[1]}
    return dict(values)


def _week_of_choice(written: str) -> str:
    try:
        return week_text(parse_week(written))
    except ValueError:
        return ""


def _reduced(values: Mapping[str, str], choice: list[str]) -> Values:
    """`phase:unit:to:start`; phases are counted as the schema counts them."""
    if len(choice) != 4 or not choice[0].isdecimal():
        return dict(values)
    phase, unit, level, start = choice
    places = [step.at for step in steps_of(values) if not step.is_empty]
    if int(phase) >= len(places):
        return dict(values)
    lowered = {f"phases.{places[int(phase)]}.impacts.{unit}": "" if level == "0" else level}
    return dict(values) | lowered | {"start_week": _week_of_choice(start)}


def _filled_in(values: Mapping[str, str], departments: Iterable[str]) -> Values:
    """Put what stands in the row Alla förvaltningar on each förvaltning that has nothing in that step."""
    units = list(departments)
    filled = dict(values)
    for step in steps_of(values):
        level = values.get(f"everyone.{step.at}", "")
        for unit in units if level else []:
            box = f"phases.{step.at}.impacts.{unit}"
            if filled.get(box, "") in ("", "0"):
                filled[box] = level
    return filled
