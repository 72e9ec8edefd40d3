"""What an initiative's own page tells of its effektmål, and what the page of the goals tells of all of them."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any, NamedTuple

from portfolio.base.text import out_of
from portfolio.effects import queries
from portfolio.effects.pages.blueprint import effects
from portfolio.effects.pages.indicator import told_of
from portfolio.effects.pages.reading import may_answer, may_figure, may_write
from portfolio.effects.rules.following import ANSWER_KINDS, ANSWER_WORDS, Answer
from portfolio.effects.rules.goals import (
    ACTIVITY_HINT,
    BENEFIT_WORDS,
    MOST_GOALS,
    BenefitKind,
    EffectGoal,
    Light,
    is_activity,
)
from portfolio.effects.rules.measuring import MOST_INDICATORS
from portfolio.effects.rules.sums import number_reached
from portfolio.initiatives.models import Initiative


class Shown(NamedTuple):
    """An effektmål as the card shows it: `answers` are (months, word, kind, sentence, who)."""

    id: int
    goal: EffectGoal
    benefit: str
    hint: str
    lights: Sequence[Light]
    figures: Sequence[Mapping[str, Any]]
    answers: Sequence[tuple[int, str, str, str, str]]
    may_add_figure: bool


class Card(NamedTuple):
    """The effektmål of an initiative; `answers` are about the initiative as a whole, where it has none."""

    goals: Sequence[Shown]
    answers: Sequence[tuple[int, str, str, str, str]]
    may_write: bool
    may_add: bool
    may_answer: bool


@effects.app_context_processor
def _offered() -> dict[str, Callable[..., object]]:
    """For templates of initiatives and goals, which lie below and beside this noun and cannot ask it."""
    return {"effect_card": card_of, "effects_reached": reached}


def card_of(initiative: Initiative) -> Card:
    """What there is to tell of an initiative's effects."""
    goals = queries.goals_of(initiative.id)
    answers = _answers(initiative)
    figures = queries.indicators_of(list(goals))
    lights = queries.lights_of(initiative, goals.values())
    is_figured = may_figure(initiative)
    shown = [
        Shown(
            key,
            goal,
            BENEFIT_WORDS[BenefitKind(goal.benefit)] if goal.benefit else "",
            ACTIVITY_HINT if is_activity(goal.change) else "",
            lit,
            [told_of(one) for one in figures[key]],
            answers.get(key, []),
            is_figured and len(figures[key]) < MOST_INDICATORS,
        )
        for (key, goal), lit in zip(goals.items(), lights, strict=True)
    ]
    writes = may_write(initiative)
    return Card(shown, answers.get(None, []), writes, writes and len(goals) < MOST_GOALS, may_answer(initiative))


def _answers(initiative: Initiative) -> dict[int | None, list[tuple[int, str, str, str, str]]]:
    found: dict[int | None, list[tuple[int, str, str, str, str]]] = {}
    for row in queries.answer_rows([initiative.id]):
        answer = Answer(row.answer)
        told = (row.months, ANSWER_WORDS[answer], ANSWER_KINDS[answer], row.text, row.answered_by)
        found.setdefault(row.effect_goal_id, []).append(told)
    return found


def reached() -> str:
    """`5 av 8`: how many of the effektmål that somebody has decided on are reached; empty where there are none."""
    found = queries.reaches()
    return out_of(number_reached(found), len(found)) if found else ""
