"""The motivated exceptions that a meeting's decisions needed, as the minutes tell them."""

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime

from sqlalchemy import select

from portfolio.base.db import current_session
from portfolio.base.text import as_sentence, listed
from portfolio.base.time import this_week
from portfolio.base.weeks import Week
from portfolio.capacity import queries as capacity
from portfolio.capacity.models import ExceptionCellRow, ExceptionRow
from portfolio.capacity.rules.calendar import Calendar
from portfolio.capacity.rules.sentences import out_of_measure
from portfolio.capacity.rules.words import Names, week_told, week_words
from portfolio.initiatives.models import DecisionRow
from portfolio.units import queries as units


def exceptions_told(decisions: Collection[DecisionRow], now: datetime) -> dict[int, str]:
    """What each exception allows, why and how long, by its id."""
    wanted = {one.exception_id for one in decisions if one.exception_id is not None}
    if not wanted:
        return {}
    rows = current_session().scalars(select(ExceptionRow).where(ExceptionRow.id.in_(wanted)))
    cells: dict[int, list[ExceptionCellRow]] = {}
    of_them = select(ExceptionCellRow).where(ExceptionCellRow.exception_id.in_(wanted)).order_by(ExceptionCellRow.id)
    for cell in current_session().scalars(of_them):
        cells.setdefault(cell.exception_id, []).append(cell)
    names, codes = _names(), units.codes_by_id()
    return {row.id: _told(row, cells.get(row.id, []), names, codes, now) for row in rows}


def _names() -> Names:
    return Names({unit.code: unit.name for unit in units.all_units()}, functions=capacity.functions())


def _told(
    row: ExceptionRow, cells: Sequence[ExceptionCellRow], names: Names, codes: Mapping[int, str], now: datetime
) -> str:
    """`Kommunledningsförvaltningen får gå till 8 av 6 vecka 2–6. Motivering: … Undantaget gäller till och med …`"""
    allowed = listed(_allowed(cells, names, codes))
    first = f"{allowed}. " if allowed else ""
    until = week_told(row.valid_to, this_week(now))
    return f"{first}Motivering: {as_sentence(row.why)} Undantaget gäller till och med {until}."


def _allowed(cells: Sequence[ExceptionCellRow], names: Names, codes: Mapping[int, str]) -> list[str]:
    """Each unit and owner with the highest figure that it may reach, and in which weeks."""
    found: dict[tuple[str, str], list[ExceptionCellRow]] = {}
    for cell in cells:
        who = names.functions.get(cell.person_id or 0, "Projektägaren")
        who = names.unit(codes[cell.unit_id]) if cell.unit_id is not None else who
        found.setdefault((who, cell.measure), []).append(cell)
    return [_figure(who, measure, few) for (who, measure), few in found.items()]


def _figure(who: str, measure: str, cells: Sequence[ExceptionCellRow]) -> str:
    most = max(cells, key=lambda cell: cell.value - cell.limit)
    weeks: list[Week] = [cell.week for cell in cells]
    verb = "äga" if measure == "owner" else "gå till"
    figures = out_of_measure(most.value, most.limit, measure)
    return f"{who} får {verb} {figures} {week_words(weeks, Calendar())}"
