"""What the pages about initiatives tell of the receiving chefs, and what waits for them beside the kvittens."""

from collections.abc import Callable, Collection, Sequence
from dataclasses import asdict
from typing import NamedTuple

from portfolio.base.portfolio import the_portfolio
from portfolio.base.text import listed, out_of
from portfolio.base.time import today
from portfolio.initiatives.models import Initiative
from portfolio.initiatives.pages.acknowledging import units_received_by
from portfolio.initiatives.queries.plans import units_touched
from portfolio.initiatives.queries.stored import initiative_by_code
from portfolio.people.access import me
from portfolio.receivers import queries
from portfolio.receivers.pages.blueprint import receivers
from portfolio.receivers.pages.feeling import own_answer, own_unit
from portfolio.receivers.pages.reading import may_answer
from portfolio.receivers.queries import Asked, Latest
from portfolio.receivers.rules.conditions import ANSWER_WORDS, Answer, Conditions, warning_of
from portfolio.receivers.rules.months import month_of, month_told
from portfolio.receivers.rules.readiness import MOST, STATEMENTS
from portfolio.units import queries as units
from portfolio.units.rules import has_wide_spans, wide_spans_told
from portfolio.web.clock import now

WORRYING = 2
"""From this figure of the weakest statement down, whoever decides should look twice."""

SHORT = {"mandate": "Uppdrag", "room": "Utrymme", "span": "Antal underställda"}
"""What each condition is called beside its answer."""


class Receiving(NamedTuple):
    """One touched unit: its receiving chefs by function, what they say, and what the visitor may answer."""

    code: str
    name: str
    chefs: str
    conditions: str
    readiness: str
    advice: str
    may_answer: bool
    may_tell_readiness: bool


class Warned(NamedTuple):
    """Something to know before a decision. `kind` is watch or info."""

    kind: str
    text: str


class Tasks(NamedTuple):
    """What waits beside the kvittens: whether to tell of the load, whether units are ready, and what is answered.

    `answered` are the (initiative's id, unit's id) whose three questions have been answered.
    """

    feel: bool
    readiness: Sequence[Asked]
    answered: Collection[tuple[int, int]]


@receivers.app_context_processor
def _offered() -> dict[str, Callable[..., object]]:
    """For the pages about initiatives and meetings, which lie outside this noun and cannot ask it."""
    return {"receiving_on": receiving_on, "receiver_warnings": warnings_of, "receiver_tasks": tasks_of_visitor}


def receiving_on(initiative: Initiative) -> list[Receiving]:
    """The receiving chefs of every unit that an initiative touches."""
    chefs, touched = queries.receiving_chefs(), units_touched(initiative)
    given, ready = queries.conditions_of(initiative.id), queries.latest_readiness(initiative.id)
    asks = queries.asks_how_ready(initiative, now())
    return [
        Receiving(
            row.code,
            row.name,
            listed(chefs[row.id]) or "Ingen utsedd",
            _answers_told(given.get(row.id)),
            _readiness_told(ready.get(row.id)),
            ready[row.id].readiness.advice if row.id in ready else "",
            may_answer(initiative, row.id),
            asks and may_answer(initiative, row.id),
        )
        for row in units.all_units()
        if row.id in touched
    ]


def _answers_told(given: Conditions | None) -> str:
    """`Uppdrag: ja. Utrymme: delvis. Antal underställda: nej.`; empty before an answer."""
    if given is None:
        return ""
    answers = asdict(given).items()
    return " ".join(f"{SHORT[name]}: {ANSWER_WORDS[Answer(answer)].lower()}." for name, answer in answers)


def _readiness_told(found: Latest | None) -> str:
    """`Svagast i november 2026: Det sitter, 1 av 4.`; empty before an answer."""
    if found is None:
        return ""
    ready = found.readiness
    return f"Svagast i {month_told(found.month)}: {STATEMENTS[ready.weakest]}, {out_of(ready.lowest, MOST)}."


def warnings_of(code: str) -> list[Warned]:
    """What whoever decides on an initiative should know of its receiving chefs. It never stops a decision."""
    initiative = initiative_by_code(code)
    touched = units_touched(initiative)
    rows, most = [row for row in units.all_units() if row.id in touched], the_portfolio().most_direct_reports
    given, ready = queries.conditions_of(initiative.id), queries.latest_readiness(initiative.id)
    lacking = [warning_of(row.name, given[row.id]) for row in rows if row.id in given]
    wide = [f"{row.name} ({row.direct_reports})" for row in rows if has_wide_spans(row.direct_reports, most)]
    return [
        *(Warned("watch", text) for text in lacking if text),
        *([Warned("watch", f"{wide_spans_told(most)}: {listed(wide)}.")] if wide else []),
        *(_readiness_warned(row.name, ready[row.id]) for row in rows if row.id in ready),
    ]


def _readiness_warned(unit: str, found: Latest) -> Warned:
    kind = "watch" if found.readiness.lowest <= WORRYING else "info"
    return Warned(kind, f"Hur redo är {unit}? {_readiness_told(found)} {found.readiness.advice}")


def tasks_of_visitor(*, everything: bool) -> Tasks:
    """What waits for the visitor as a receiving chef, on the own units or, for the chair, on all."""
    mine, unit = [row.id for row in units_received_by(me(), everything=everything)], own_unit()
    month = month_of(today(now()))
    return Tasks(
        feel=unit is not None and own_answer(unit) is None,
        readiness=[one for one in queries.readiness_to_answer(mine, month, now()) if not one.answered],
        answered=queries.answered_conditions(mine),
    )
