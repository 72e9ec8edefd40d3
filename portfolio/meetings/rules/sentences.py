"""One consequence sentence for each item of the agenda: what happens if the group does nothing, or says yes."""

from collections.abc import Sequence
from datetime import date

from portfolio.base.text import listed
from portfolio.base.time import long_date
from portfolio.base.weeks import Week
from portfolio.capacity.rules.calendar import Calendar
from portfolio.capacity.rules.gate import Conflict, Verdict
from portfolio.capacity.rules.sentences import out_of_measure
from portfolio.capacity.rules.words import Names, week_told, week_words

MOST_NAMED = 2
"""A sentence that names more units than this is not understood at a glance."""


def proposal_sentence(start: Week, verdict: Verdict, earliest: Week | None, names: Names, now: Week) -> str:
    """`Ryms inte vecka 2: Kommunledningsförvaltningen skulle få 8 av 6. Tidigast vecka 7.`"""
    when = week_told(start, now)
    if verdict.fits:
        return f"Ryms {when}." if verdict.kind != "warns" else f"Ryms {when}, men ett preliminärt tak överskrids."
    over = _over(verdict.binding, names)
    told = f"Ryms inte {when}{f': {over}' if over else ''}."
    return f"{told} {'Ryms inte inom två år.' if earliest is None else f'Tidigast {week_told(earliest, now)}.'}"


def _over(conflicts: Sequence[Conflict], names: Names) -> str:
    """The worst figures of each unit and owner, the first few named."""
    worst: dict[tuple[str | None, int | None], dict[str, Conflict]] = {}
    for one in conflicts:
        figures = worst.setdefault((one.unit, one.person), {})
        if (
            one.measure not in figures
            or one.after - one.limit > figures[one.measure].after - figures[one.measure].limit
        ):
            figures[one.measure] = one
    told = [_figures(list(figures.values()), names) for figures in list(worst.values())[:MOST_NAMED]]
    rest = len(worst) - len(told)
    return listed([*told, *([f"{rest} till"] if rest else [])])


def _figures(worst: Sequence[Conflict], names: Names) -> str:
    first = worst[0]
    who = names.unit(first.unit) if first.unit else names.functions.get(first.person or 0, "Projektägaren")
    figures = [out_of_measure(one.after, one.limit, one.measure) for one in worst]
    return f"{who} skulle {'få' if first.unit else 'äga'} {listed(figures)}"


def dragging_sentence(last: Week, counts_to: Week, now: Week) -> str:
    """`Skulle ha varit klart vecka 4 och belastar fortfarande, till och med vecka 14.`"""
    until = week_told(counts_to, now)
    return f"Skulle ha varit klart {week_told(last, now)} och belastar fortfarande, till och med {until}."


def review_sentence(review_on: date | None) -> str:
    """`Är komplext och ska stämmas av. Avstämningen var bestämd till 15 januari.`"""
    when = "Ingen dag är bestämd." if review_on is None else f"Avstämningen är bestämd till {long_date(review_on)}."
    return f"Är komplext och ska stämmas av minst var åttonde vecka. {when}"


def exception_sentence(units: Sequence[str], last: Week, now: Week) -> str:
    """`Undantaget i Kommunledningsförvaltningen gäller till och med vecka 6. Sedan är det en krock.`"""
    where = f" i {listed(list(units))}" if units else ""
    return f"Undantaget{where} gäller till och med {week_told(last, now)}. Sedan är det en krock."


def help_sentence(text: str) -> str:
    """`Projektägaren ber om hjälp: ”Vi saknar jurist i december.”`"""
    return f"Projektägaren ber om hjälp: ”{' '.join(text.split())}”"


def solved_sentence(left: Sequence[Week], calendar: Calendar) -> str:
    """`Krocken försvinner.`, or in which weeks it stays: `Krocken finns kvar vecka 4–6.`"""
    return f"Krocken finns kvar {week_words(left, calendar)}." if left else "Krocken försvinner."


RETURNING_WORDS = {
    "proposed": "Förslaget tas upp igen. Det var bestämt till {day}.",
    "in_preparation": "Ärendet tas upp igen. Det var bestämt till {day}.",
    "decided": "Ärendet tas upp igen. Det var bestämt till {day}.",
    "ongoing": "Ärendet tas upp igen. Det var bestämt till {day}.",
    "paused": "Är pausat och skulle återupptas omkring {day}.",
}


def returning_sentence(status: str, day: str) -> str:
    """`Är pausat och skulle återupptas omkring 15 februari 2027.`"""
    return RETURNING_WORDS[status].format(day=day)
