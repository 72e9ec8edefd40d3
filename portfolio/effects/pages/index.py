"""Effekter: how many effektmål are reached, which they are, and what they free."""

from collections.abc import Iterable

from flask import Response

from portfolio.base.text import out_of
from portfolio.effects import queries
from portfolio.effects.pages.blueprint import effects
from portfolio.effects.rules.following import ANSWER_KINDS, ANSWER_WORDS
from portfolio.effects.rules.goals import BENEFIT_WORDS, BenefitKind
from portfolio.effects.rules.measuring import number_told
from portfolio.effects.rules.sums import freed_by_unit, number_reached
from portfolio.people.access import requires
from portfolio.people.rules import May
from portfolio.units import queries as units
from portfolio.web.fragments import show

NOT_ASKED = ("Inte uppföljt än", "neutral")


@effects.get("/effekter")
@requires(May.READ_DECIDED)
def index() -> Response:
    """Every effektmål that somebody has decided to reach."""
    found = queries.reaches()
    called = {unit.id: unit.name for unit in units.all_units()}
    freed = freed_by_unit(found)
    total = [sum(figures) for figures in zip(*freed.values(), strict=True)]
    return show(
        "effects/index.html",
        number=len(found),
        reached=out_of(number_reached(found), len(found)),
        waiting=sum(one.answer is None for one in found),
        lines=[
            (
                one,
                BENEFIT_WORDS[BenefitKind(one.goal.benefit)] if one.goal.benefit else "–",
                NOT_ASKED if one.answer is None else (ANSWER_WORDS[one.answer], ANSWER_KINDS[one.answer]),
            )
            for one in found
        ],
        freed=sorted((called[key], _told(sums)) for key, sums in freed.items()),
        total=_told(total),
        cancelled=queries.number_cancelled(),
    )


def _told(sums: Iterable[int]) -> list[str]:
    """Sums as people read figures."""
    return [number_told(value) for value in sums]
