"""The ways forward in words, each with the door that leads there from this screen."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

from portfolio.base.text import listed, out_of
from portfolio.base.weeks import Week, format_week
from portfolio.capacity.rules.gate import Conflict, Plan
from portfolio.capacity.rules.load import NOTHING, fillers_of
from portfolio.capacity.rules.sentences import lower_first
from portfolio.capacity.rules.ways import Move, Pause, Paused, Reduce, Way
from portfolio.capacity.rules.words import Names, count_of, week_told
from portfolio.initiatives.queries.gate import Answer
from portfolio.initiatives.rules.plans import PHASE_WORDS

TOO_LATE = "Blir inte klart i tid."


@dataclass(frozen=True, slots=True)
class WayShown:
    """One way forward: a button of the form (`name`, `value`), a link (`href`), or only a sentence."""

    kind: str
    text: str
    button: str = ""
    warning: str = ""
    name: str = ""
    value: str = ""
    href: str = ""
    new_tab: bool = False


@dataclass(frozen=True, slots=True)
class Doors:
    """Where the ways forward lead from one screen; a door that is missing leaves the sentence alone.

    `choose` is the address that takes `&choose=…`; empty for a button of the form around the verdict. `pause` gives
    the address of an initiative's pause, also by the code of the one that needs its room. `may_except` is whether
    this person can grant an exception. `new_tab` opens what leads away beside a form that is being filled in.
    """

    initiative: Callable[[str], str]
    pause: Callable[[str, str], str] | None = None
    choose: str | None = ""
    may_except: bool = False
    new_tab: bool = False


def way_shown(way: Way, answer: Answer, names: Names, now: Week, doors: Doors) -> WayShown:
    """One way forward in words, with the door that leads there from this screen."""
    if isinstance(way, Move):
        base = WayShown("move", _move_text(way, names, now), f"Välj {week_told(way.start, now)}")
        return _through(base, f"start:{format_week(way.start)}", way.misses_finish, doors)
    if isinstance(way, Reduce):
        choice = f"reduce:{way.phase}:{way.unit}:{way.to_impact}:{format_week(way.start)}"
        button = "Minska påverkan" if way.to_impact else "Ta bort påverkan"
        base = WayShown("reduce", _reduce_text(way, answer.plan, names, now), button)
        return _through(base, choice, way.misses_finish, doors)
    if isinstance(way, Pause):
        return _pause_shown(way, answer, names, now, doors)
    text = f"Ordföranden kan medge ett motiverat undantag, till och med {week_told(way.valid_to, now)} som längst."
    base = WayShown("exception", text, "Begär undantag")
    return _through(base, "exception", way.misses_finish, doors if doors.may_except else replace(doors, choose=None))


def _through(way: WayShown, choice: str, misses_finish: bool, doors: Doors) -> WayShown:
    warned = replace(way, warning=TOO_LATE if misses_finish else "")
    if doors.choose is None:
        return replace(warned, button="")
    if doors.choose:
        return replace(warned, href=f"{doors.choose}&choose={choice}")
    return replace(warned, name="choose", value=choice)


def _move_text(way: Move, names: Names, now: Week) -> str:
    text = f"Starta {week_told(way.start, now)} i stället. Då blir det klart {week_told(way.end, now)}."
    if way.bound_by is None:
        return text
    return f"{text} Veckan före går inte: {who_binds(way.bound_by, names)}."


def _reduce_text(way: Reduce, plan: Plan, names: Names, now: Week) -> str:
    unit, step = lower_first(names.unit(way.unit)), PHASE_WORDS[plan.phases[way.phase].kind]
    how = f"sänks från {way.from_impact} till {way.to_impact}" if way.to_impact else "tas bort"
    return f"Om påverkan på {unit} {how} i {step} ryms starten {week_told(way.start, now)}."


def _pause_shown(way: Pause, answer: Answer, names: Names, now: Week, doors: Doors) -> WayShown:
    codes = [one.code for one in way.paused]
    who = answer.plan.code if answer.plan.code in names.titles else "initiativet"
    paused = listed([names.initiative(code) for code in codes])
    can = "få plats" if runs_already(answer.plan) else f"starta {week_told(way.start, now)}"
    told = [f"Om {paused} pausas kan {who} {can}.", _freed(codes, answer, names, now), *map(_delay, way.paused)]
    text = " ".join(sentence for sentence in told if sentence)
    base = WayShown("pause", text, warning=TOO_LATE if way.misses_finish else "")
    if doors.pause is None:
        return base
    href = doors.pause(codes[-1], answer.plan.code)
    return replace(base, button=f"Pausa {codes[-1]} …", href=href, new_tab=doors.new_tab)


def _freed(codes: Sequence[str], answer: Answer, names: Names, now: Week) -> str:
    """`Då frigörs 2 i kommunledningsförvaltningen och 1 i barn- och utbildningsförvaltningen.`"""
    freed: dict[str, int] = {}
    for conflict in answer.verdict.binding:
        if conflict.unit is not None and conflict.measure == "load":
            found = fillers_of(answer.portfolio, conflict.unit, conflict.week, now)
            points = sum(found.get(code, NOTHING).load for code in codes)
            freed[conflict.unit] = max(freed.get(conflict.unit, 0), points)
    told = [f"{points} i {lower_first(names.unit(unit))}" for unit, points in freed.items() if points]
    return f"Då frigörs {listed(told)}." if told else ""


def _delay(one: Paused) -> str:
    if one.weeks_later is None:
        return f"{one.code} får då inte plats igen de närmaste två åren."
    if one.weeks_later <= 0:
        return f"{one.code} blir ändå klart som planerat."
    return f"{one.code} blir klart {count_of(one.weeks_later, 'en vecka', 'veckor')} senare."


def who_binds(conflict: Conflict, names: Names) -> str:
    """What forbids the week before an earliest start: the unit or owner, in words."""
    figures = out_of(conflict.after, conflict.limit)
    if conflict.unit is None:
        return f"projektägaren skulle ha {figures} initiativ"
    what = "" if conflict.measure == "load" else " initiativ samtidigt"
    return f"{lower_first(names.unit(conflict.unit))} skulle få {figures}{what}"


def runs_already(plan: Plan) -> bool:
    """Whether a plan belongs to an initiative that runs: it keeps its start."""
    return plan.present_start is not None and plan.start == plan.present_start
