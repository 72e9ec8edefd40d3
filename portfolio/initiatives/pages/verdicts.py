"""The gate's answer as people read it: one sentence, what changes in figures, the ways forward.

Pure functions from an Answer to what templates/shared/verdict.html draws.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from portfolio.base.text import listed, out_of
from portfolio.base.weeks import Week
from portfolio.capacity.rules.calendar import Calendar
from portfolio.capacity.rules.gate import Conflict, Plan
from portfolio.capacity.rules.limits import Level
from portfolio.capacity.rules.load import Portfolio, Weight, fillers_of
from portfolio.capacity.rules.sentences import filled_by, lower_first
from portfolio.capacity.rules.ways import AskException
from portfolio.capacity.rules.words import Names, count_of, definite, week_signs, week_told, week_words
from portfolio.initiatives.pages.cells import Touched, touched_cells
from portfolio.initiatives.pages.ways import Doors, WayShown, runs_already, way_shown, who_binds
from portfolio.initiatives.queries.gate import Answer
from portfolio.initiatives.rules.plans import IMPACT_WORDS

LONGEST = 140
"""Characters of one spoken sentence: a longer one is not remembered to its end."""

NAMELESS = Names()


@dataclass(frozen=True, slots=True)
class Filler:
    """What takes part of a full cell: `FI-001 E-arkiv (liten)`; without an address where it is no initiative."""

    text: str
    href: str
    new_tab: bool = False


@dataclass(frozen=True, slots=True)
class Row:
    """One unit before and after; the fields of templates/shared/verdict.html."""

    unit: str
    weeks: str
    before: int
    after: int
    limit: int
    level: Level
    is_most: bool = False
    reason: str = ""
    unit_word: str = ""
    filled_by: tuple[Filler, ...] = ()
    filled_words: str = ""


@dataclass(frozen=True, slots=True)
class Shown:
    """A verdict, ready to draw."""

    kind: str
    sentence: str
    rows: tuple[Row, ...] = ()
    notes: tuple[str, ...] = ()
    ways: tuple[WayShown, ...] = ()


@dataclass(frozen=True, slots=True)
class Over:
    """A unit, or an owner, over one limit: its conflicts in all weeks told as one, by the worst.

    `varies` tells that not every week is as bad, so that the worst is only `som mest`.
    """

    worst: Conflict
    weeks: tuple[Week, ...]
    varies: bool


def shown(answer: Answer, names: Names, now: Week, doors: Doors, notes: Sequence[str] = ()) -> Shown:
    """The whole verdict. `notes` are told before the verdict's own."""
    cells = touched_cells(answer.plan, answer.portfolio, now)
    return Shown(
        answer.verdict.kind,
        sentence(answer, cells, names, now),
        tuple(_rows(answer, cells, names, now, doors)),
        (*notes, *_notes(answer, names, now)),
        tuple(way_shown(way, answer, names, now, doors) for way in answer.ways),
    )


def sentence(answer: Answer, cells: Sequence[Touched], names: Names, now: Week) -> str:
    """What the gate says, in words: `Ryms. Socialförvaltningen får 6 av 7 som mest, vecka 12.`"""
    kind, verdict = answer.verdict.kind, answer.verdict
    if verdict.refused_start:
        what = "har redan varit" if verdict.refused_start == "past" else "är ett uppehåll"
        told = f"{week_told(answer.plan.start, now).capitalize()} {what}."
        return _joined(told, _earliest(answer, now))
    if kind == "does_not_fit":
        return _joined(_does_not_fit(answer.plan, now), who_is_over(answer, names), _earliest(answer, now))
    if kind == "warns":
        return f"Ryms, men det preliminära taket överskrids. {who_is_over(answer, names)}"
    return _fits(answer, cells, names)


def heading_of_refusal(answer: Answer, now: Week, names: Names = NAMELESS) -> str:
    """`Det går inte att starta vecka 2. Taket överskrids i två förvaltningar.`"""
    units = {conflict.unit for conflict in answer.verdict.binding if conflict.unit}
    start = "" if runs_already(answer.plan) else f" att starta {week_told(answer.plan.start, now)}"
    told = f"Det går inte{start}."
    if units:
        return f"{told} Taket överskrids i {names.counted(units)}."
    if answer.verdict.binding:
        return f"{told} Projektägaren har redan så många initiativ som går."
    return told


def _joined(*sentences: str) -> str:
    return " ".join(one for one in sentences if one)


def _does_not_fit(plan: Plan, now: Week) -> str:
    return "Ryms inte." if runs_already(plan) else f"Ryms inte {week_told(plan.start, now)}."


def _earliest(answer: Answer, now: Week) -> str:
    if answer.earliest.week is not None:
        return f"Tidigast möjliga start är {week_told(answer.earliest.week, now)}."
    return "" if answer.plan.present_start is not None else "Ingen start ryms de närmaste två åren."


def overs(conflicts: Iterable[Conflict]) -> list[Over]:
    """The conflicts told by unit, measure and limit, in the order of their first week."""
    groups: dict[tuple[str | None, str, int], list[Conflict]] = {}
    for conflict in conflicts:
        groups.setdefault((conflict.unit, conflict.measure, conflict.limit), []).append(conflict)
    return [
        Over(
            max(group, key=lambda one: one.after),
            tuple(one.week for one in group),
            len({one.after for one in group}) > 1,
        )
        for group in groups.values()
    ]


def who_is_over(answer: Answer, names: Names) -> str:
    """`X skulle få 8 av 6 (vecka 2–6) och y 9 av 8 (vecka 6–10).`, short enough to be remembered."""
    found = overs(answer.verdict.binding or answer.verdict.conflicts)
    owners = [over for over in found if over.worst.unit is None]
    calendar = answer.portfolio.calendar
    by_unit: dict[str, list[Over]] = {}
    for over in found:
        if over.worst.unit is not None:
            by_unit.setdefault(over.worst.unit, []).append(over)
    told = [(names.unit(unit), _figures(ours, calendar)) for unit, ours in by_unit.items()]
    return _joined(_as_many_as_fit(told), *(_owner_is_over(over, names, calendar) for over in owners))


def _as_many_as_fit(phrases: Sequence[tuple[str, str]]) -> str:
    """Name as many units as one sentence holds, at least one, and count the rest."""
    if not phrases:
        return ""
    (first, figures), *others = phrases
    told = [f"{first} skulle få {figures}", *(f"{lower_first(who)} {what}" for who, what in others)]
    shortened = (_with_the_rest(told, kept) for kept in range(len(told), 0, -1))
    return next((text for text in shortened if len(text) <= LONGEST), _with_the_rest(told, 1))


def _with_the_rest(told: Sequence[str], kept: int) -> str:
    rest = len(told) - kept
    more = [count_of(rest, "en enhet till", "enheter till")] if rest else []
    return f"{listed([*told[:kept], *more])}."


def _figures(overs_of_unit: Sequence[Over], calendar: Calendar) -> str:
    """`5 av 4 och 4 av 3 initiativ samtidigt (vecka 3–10)`: load and number, with their weeks once if they agree."""
    told = [_figure(over) for over in overs_of_unit]
    weeks = [week_words(over.weeks, calendar) for over in overs_of_unit]
    if len(set(weeks)) == 1:
        return f"{listed(told)} ({weeks[0]})"
    return listed([f"{figure} ({when})" for figure, when in zip(told, weeks, strict=True)])


def _figure(over: Over) -> str:
    figures = _most(over) + out_of(over.worst.after, over.worst.limit)
    return figures if over.worst.measure == "load" else f"{figures} initiativ samtidigt"


def _most(over: Over) -> str:
    return "som mest " if over.varies else ""


def _owner_is_over(over: Over, names: Names, calendar: Calendar) -> str:
    owner = definite(names.functions.get(over.worst.person or 0, "Projektägare"))
    after, limit = over.worst.after, over.worst.limit
    weeks = week_words(over.weeks, calendar)
    return f"{owner} skulle äga {_most(over)}{after} initiativ samtidigt, högst {limit} går ({weeks})."


def _fits(answer: Answer, cells: Sequence[Touched], names: Names) -> str:
    limited = [cell for cell in cells if cell.bounds.limit is not None]
    if not limited:
        return _fits_without_limits(cells, names)
    over = [cell for cell in limited if cell.level == "over"]
    if over:
        weeks = week_words([cell.week for cell in over if cell.unit == over[0].unit], answer.portfolio.calendar)
        return (
            f"Ryms, för inget läggs till där det är fullt. {names.unit(over[0].unit)} är redan över taket, {weeks}."
        )
    fullest = max(limited, key=lambda cell: (cell.fullness, -cell.week))
    same = [cell.week for cell in limited if cell.figures == fullest.figures]
    figures = f"{names.unit(fullest.unit)} får {out_of(fullest.after, fullest.bounds.limit or 0)}"
    if answer.verdict.kind == "fits":
        return f"Ryms. {figures} som mest, {week_words(same, answer.portfolio.calendar)}."
    if fullest.after == fullest.bounds.limit:
        return f"Ryms precis. {figures}, {week_words(same, answer.portfolio.calendar)}."
    return _fits_by_count(cells, names)


def _fits_without_limits(cells: Sequence[Touched], names: Names) -> str:
    units = list(dict.fromkeys(cell.unit for cell in cells))
    if not units:
        return "Ryms. Ingen enhet påverkas."
    return f"Ryms, så vitt vi vet. Inget tak är satt för {names.listed_units(units[:3])}."


def _fits_by_count(cells: Sequence[Touched], names: Names) -> str:
    """Some count is reached, not the load: of initiatives in a unit, or of what the owner leads."""
    reached = next((cell for cell in cells if cell.parallel == cell.bounds.max_parallel), None)
    if reached is None:
        return "Ryms precis. Projektägaren leder då så många initiativ som går."
    figures = out_of(reached.parallel, reached.parallel)
    return f"Ryms precis. {names.unit(reached.unit)} får {figures} initiativ samtidigt."


def _rows(answer: Answer, cells: Sequence[Touched], names: Names, now: Week, doors: Doors) -> Iterable[Row]:
    """The conflicts first, then each other touched unit in its fullest week."""
    found = overs(answer.verdict.conflicts)
    yield from (_over_row(over, answer, names, now, doors) for over in found)
    told = {over.worst.unit for over in found}
    by_unit: dict[str, list[Touched]] = {}
    for cell in cells:
        if cell.unit not in told and cell.bounds.limit is not None:
            by_unit.setdefault(cell.unit, []).append(cell)
    peaks = [max(ours, key=lambda cell: (cell.fullness, -cell.week)) for ours in by_unit.values()]
    for peak in sorted(peaks, key=lambda cell: -cell.fullness):
        yield _peak_row(peak, by_unit[peak.unit], names, answer.portfolio.calendar)


def _over_row(over: Over, answer: Answer, names: Names, now: Week, doors: Doors) -> Row:
    worst = over.worst
    owner = names.functions.get(worst.person or 0, "Projektägare")
    weights = fillers_of(answer.portfolio, worst.unit, worst.week, now) if worst.unit else {}
    return Row(
        unit=names.unit(worst.unit) if worst.unit else f"{owner} (projektägare)",
        weeks=week_signs(over.weeks, answer.portfolio.calendar),
        before=worst.before,
        after=worst.after,
        limit=worst.limit,
        level="over",
        is_most=over.varies,
        reason=_reason(worst),
        unit_word="" if worst.measure == "load" else "initiativ",
        filled_by=(*_fillers(worst, weights, names, doors), *_unplanned(worst, answer.portfolio)),
        filled_words=_fillers_in_words(worst, weights),
    )


def _reason(conflict: Conflict) -> str:
    preliminary = "" if conflict.binding else "Preliminärt tak"
    lowered = f"Sänkt tak: {lower_first(conflict.reason)}" if conflict.reason else ""
    return ". ".join(one for one in (preliminary, lowered) if one)


def _fillers(conflict: Conflict, weights: Mapping[str, Weight], names: Names, doors: Doors) -> Iterable[Filler]:
    for code in conflict.filled_by:
        weight = weights.get(code)
        level = f" ({_weight_word(weight)})" if weight is not None else ""
        yield Filler(f"{names.initiative(code)}{level}", doors.initiative(code), doors.new_tab)


def _unplanned(conflict: Conflict, portfolio: Portfolio) -> Iterable[Filler]:
    for one in map(portfolio.unplanned.__getitem__, conflict.unplanned):
        yield Filler(f"Oplanerad händelse: {one.what} ({IMPACT_WORDS[one.level].lower()})", "")


def _fillers_in_words(conflict: Conflict, weights: Mapping[str, Weight]) -> str:
    """`2 märkbara och 3 små`; for an owner only the number."""
    there = [weights[code] for code in (*conflict.filled_by, *conflict.unplanned) if code in weights]
    if not there:
        return count_of(len(conflict.filled_by), "ett initiativ", "initiativ")
    return filled_by(there, conflict.before, conflict.limit).rpartition(":")[0]


def _weight_word(weight: Weight) -> str:
    level = weight.load if weight.load or not weight.unrated else None
    return IMPACT_WORDS[level].lower()


def _peak_row(peak: Touched, cells: Sequence[Touched], names: Names, calendar: Calendar) -> Row:
    same = [cell.week for cell in cells if cell.figures == peak.figures]
    why = peak.bounds.limit_reason
    return Row(
        unit=names.unit(peak.unit),
        weeks=week_signs(same, calendar),
        before=peak.before,
        after=peak.after,
        limit=peak.bounds.limit or 0,
        level=peak.level,
        reason=f"Sänkt tak: {lower_first(why)}" if why else "",
    )


def _notes(answer: Answer, names: Names, now: Week) -> Iterable[str]:
    verdict = answer.verdict
    if verdict.limit_missing:
        yield f"Vi kan inte räkna på {names.listed_units(verdict.limit_missing)}: inget tak är satt."
    if verdict.unrated:
        yield "All påverkan är inte bedömd än. Belastningen kan bli högre än vad som visas."
    bound = answer.earliest.bound_by
    if not verdict.fits and answer.earliest.week is None and bound is not None:
        yield f"{week_told(bound.week, now).capitalize()} hindrar: {who_binds(bound, names)}."
    if not verdict.fits and not any(isinstance(way, AskException) for way in answer.ways) and verdict.binding:
        yield "Krockarna är för långa för ett undantag, som får gälla högst åtta veckor."
