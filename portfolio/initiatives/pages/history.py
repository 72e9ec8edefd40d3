"""What has happened to an initiative, one plain sentence for each event."""

from collections.abc import Callable, Mapping
from datetime import date
from typing import Any

from portfolio.base.text import NBSP, as_sentence, listed
from portfolio.base.weeks import Week, parse_week
from portfolio.capacity.rules.calendar import Calendar
from portfolio.capacity.rules.sentences import lower_first
from portfolio.capacity.rules.words import Names, definite, week_words
from portfolio.initiatives.rules.plans import IMPACT_WORDS, PHASE_WORDS
from portfolio.initiatives.rules.proposals import SOURCE_WORDS
from portfolio.initiatives.rules.reported import STATE_WORDS, ReportState
from portfolio.initiatives.rules.statuses import STATUS_WORDS, Status
from portfolio.initiatives.rules.triage import NEED_WORDS, TRIAGE_WORDS
from portfolio.web.filters import long_day, week_and_year

Data = Mapping[str, Any]

FIELD_WORDS = {
    "title": "namnet",
    "summary": "Kort sagt",
    "why": "vad som blir bättre",
    "if_we_wait": "vad som händer om vi väntar",
    "assignment_source": "varifrån uppdraget kommer",
    "diarienummer": "diarienumret",
    "goal_area": "målområdet",
    "other_goal_areas": "vilka fler mål det bidrar till",
    "programme": "programmet",
    "legal_duty": "lagkravet",
    "must_finish_by": "sista dagen",
    "risk_assessed_on": "när riskbedömningen gjordes",
    "consulted_on": "när samverkan gjordes",
    "delegate": "projektledaren",
}
"""How a sentence names the texts and facts of an initiative."""

ASSESSED_WORDS = {
    "benefit": "nyttan",
    "urgency": "angelägenheten",
    "feasibility": "genomförbarheten",
    "cost": "kostnaden",
    "yearly_cost": "den årliga kostnaden efteråt",
    "funded_by": "vem som finansierar",
}
"""How a sentence names what an initiative is assessed by."""

GROUNDWORK_WORDS = {
    "participation": "hur de som berörs deltar",
    "review_on": "nästa avstämning",
    "breadth_reason": "varför en enda förvaltning medverkar",
    "change_lead": "förändringsledaren",
    "change_type": "förändringstypen",
}
"""How a sentence names what stands beside the plan before the decision."""


def sentence(kind: str, actor: str, data: Data, names: Names) -> str:
    """What one event tells: `Kommundirektören startade initiativet från vecka 7. Skäl: …`

    An event that this table does not know yet, from a later version, is told by its name.
    """
    known = SENTENCES.get(kind)
    return f"{definite(actor)}: {kind}." if known is None else known(definite(actor), data, names)


def _week(written: str) -> str:
    return week_and_year(parse_week(written)).replace("v.", "vecka", 1)


def _because(data: Data) -> str:
    return f" Skäl: {as_sentence(data['reason'])}" if data.get("reason") else ""


def _until(data: Data, word: str) -> str:
    return f" {word} {long_day(date.fromisoformat(data['until']))}" if data.get("until") else ""


def _decided(what: str) -> Callable[[str, Data, Names], str]:
    """`Kommundirektören avslog förslaget. Skäl: …`"""
    return lambda who, data, _: f"{who} {what}.{_because(data)}"


def _noted(who: str, data: Data, _: Names) -> str:
    """`Kommundirektören antecknade: …`"""
    return f"{who} antecknade: {as_sentence(data['reason'])}"


def _until_told(what: str, word: str) -> Callable[[str, Data, Names], str]:
    return lambda who, data, _: f"{who} {what}{_until(data, word)}.{_because(data)}"


def _began(what: str) -> Callable[[str, Data, Names], str]:
    return lambda who, data, _: (
        f"{who} {what} från {_week(data['start_week'])}{' med ett undantag' if data.get('exception') else ''}."
        f"{_because(data)}{_despite(data)}"
    )


def _despite(data: Data) -> str:
    return f" Trots det som saknas: {as_sentence(data['despite'])}" if data.get("despite") else ""


def _proposed(who: str, data: Data, _: Names) -> str:
    if data["status"] == Status.PROPOSED:
        return f"{who} föreslog initiativet."
    return f"{who} lade in initiativet med statusen {_status_word(data)}."


def _imported(who: str, data: Data, _: Names) -> str:
    return f"{who} läste in initiativet från {data['file']}, rad {data['row']}, med statusen {_status_word(data)}."


def _status_word(data: Data) -> str:
    return STATUS_WORDS[Status(data["status"])]


def _edited(who: str, data: Data, _: Names) -> str:
    return f"{who} ändrade {listed([FIELD_WORDS.get(name, name) for name in data['changes']])}."


def change_told(name: str, before: Any, after: Any) -> str:
    """One changed field with its old and new text: `Kort sagt: ”Gammal” blev ”Ny”.`"""
    word = FIELD_WORDS.get(name, name)
    return f"{word[0].upper()}{word[1:]}: {_quoted(name, before)} blev {_quoted(name, after)}."


def _quoted(name: str, value: Any) -> str:
    if value in (None, "", False, []):
        return "tomt" if value is not False else "nej"
    if value is True:
        return "ja"
    if isinstance(value, list):
        return listed([f"”{one}”" for one in value])
    return f"”{SOURCE_WORDS.get(value, value) if name == 'assignment_source' else value}”"


def _plan_changed(who: str, data: Data, _: Names) -> str:
    return f"{who} ändrade planen: {plan_told(data['before'])} blev {plan_told(data['after'])}."


def plan_told(plan: Data) -> str:
    """A plan in short: `start vecka 2 2027, Förbereda 4 veckor och Genomföra 16 veckor`."""
    start = f"start {_week(plan['start_week'])}" if plan["start_week"] else "ingen start"
    steps = [f"{PHASE_WORDS[phase['kind']]} {phase['weeks']} veckor" for phase in plan["phases"]]
    return f"{start}, {listed(steps)}" if steps else f"{start}, inga steg"


def _owner_changed(who: str, data: Data, _: Names) -> str:
    if data["after"] is None:
        return f"{who} tog bort {data['before']} som projektägare."
    before = f" efter {data['before']}" if data["before"] else ""
    return f"{who} utsåg {data['after']} till projektägare{before}."


def _forecast(who: str, data: Data, _: Names) -> str:
    if data["week"] is None:
        return f"{who} tog tillbaka prognosen."
    return f"{who} räknar med att initiativet blir klart {_week(data['week'])}."


def _reported(who: str, data: Data, _: Names) -> str:
    word = STATE_WORDS[ReportState(data["state"])]
    state, shown = f"”{word}”", STATE_WORDS[ReportState(data["shown"])]
    if data["state"] == ReportState.NOTHING_NEW:
        state += f", alltså fortfarande ”{shown}”"
    text = f" {as_sentence(data['text'])}" if data["text"] else ""
    return f"{who} lämnade en lägesrapport: {state}.{text}"


def _help_requested(who: str, data: Data, _: Names) -> str:
    return f"{who} bad om hjälp: {as_sentence(data['text'])}"


def _assessed(who: str, data: Data, names: Names) -> str:
    known = {name: after for name, (_before, after) in data["changes"].items() if after is not None}
    payer = known.pop("funded_by", None)
    told = [f"{ASSESSED_WORDS.get(name, name)} till {_amount(name, after)}" for name, after in known.items()]
    gone = [ASSESSED_WORDS.get(name, name) for name, (_before, after) in data["changes"].items() if after is None]
    sentences = [
        f"{who} bedömde {listed(told)}." if told else "",
        f"{names.unit(payer)} finansierar." if payer else "",
        f"{who} tog bort bedömningen av {listed(gone)}." if gone else "",
    ]
    return " ".join(one for one in sentences if one)


def _amount(name: str, value: int) -> str:
    return f"{value:,} kr".replace(",", NBSP).replace(" ", NBSP) if name in ("cost", "yearly_cost") else str(value)


def _triaged(who: str, data: Data, _: Names) -> str:
    need = NEED_WORDS[data["needed"]].lower()
    return (
        f"{who} sorterade initiativet som {TRIAGE_WORDS[data['triage_class']].lower()}, ett {need}.{_because(data)}"
    )


def _clarified(who: str, data: Data, _: Names) -> str:
    return f"{who} skrev om uppdraget. {data['answered']} av 5 frågor är besvarade."


def _groundwork(who: str, data: Data, _: Names) -> str:
    return f"{who} ändrade underlaget: {listed([GROUNDWORK_WORDS.get(name, name) for name in data['changes']])}."


def _concept_reused(who: str, data: Data, _: Names) -> str:
    return f"{who} fyllde i förslaget från konceptet ”{data['title']}”."


def _pilot_spread(who: str, data: Data, _: Names) -> str:
    return f"{who} gjorde förslaget av piloten {data['pilot']}."


EFFECT_WORDS = {
    "reached": "nått",
    "partly": "delvis nått",
    "not": "inte nått",
    "too_early": "för tidigt att säga",
}
"""How a sentence tells what came of an effektmål."""


def _effect_written(who: str, data: Data, _: Names) -> str:
    return f"{who} skrev effektmålet ”{data['change']}”."


def _effect_removed(who: str, data: Data, _: Names) -> str:
    return f"{who} tog bort effektmålet ”{data['change']}”."


def _indicator_written(who: str, data: Data, _: Names) -> str:
    return f"{who} skrev nyckeltalet ”{data['title']}”."


def _indicator_removed(who: str, data: Data, _: Names) -> str:
    return f"{who} tog bort nyckeltalet ”{data['title']}”."


def _measured(who: str, data: Data, _: Names) -> str:
    number = len(data["values"])
    return f"{who} lade till {number} {'värde' if number == 1 else 'värden'} i nyckeltalet ”{data['title']}”."


def _effect_answered(who: str, data: Data, _: Names) -> str:
    answers = [(one, EFFECT_WORDS[one["answer"]]) for one in data["answers"]]
    told = [f"”{one['change']}”: {answer}. {as_sentence(one['text'])}" for one, answer in answers]
    return f"{who} följde upp effekten efter {data['months']} månader. {' '.join(told)}"


def _rated(who: str, data: Data, names: Names) -> str:
    told = [f"{lower_first(names.unit(unit))} {_level(level)}" for unit, level in data["impacts"].items()]
    return f"{who} bedömde påverkan: {listed(told)}."


def _level(level: int | None) -> str:
    return IMPACT_WORDS[level].lower()


def _impact_changed(who: str, data: Data, names: Names) -> str:
    steps = [
        f"steg {one['phase']} från {_level(one['before'])} till {_level(one['after'])}" for one in data["changes"]
    ]
    return f"{who} rättade påverkan på {lower_first(names.unit(data['unit']))}: {listed(steps)}."


def _followed(who: str, data: Data, names: Names) -> str:
    told = [
        f"{lower_first(names.unit(old))} ligger nu på {names.listed_units(new)}" for old, new in data["units"].items()
    ]
    return f"Organisationen ändras från {_week(data['from_week'])}: påverkan på {listed(told)}."


def _acknowledged(who: str, data: Data, names: Names) -> str:
    return f"{who} kvitterade påverkan på {lower_first(names.unit(data['unit']))}."


def _objected(who: str, data: Data, names: Names) -> str:
    return f"{who} invände mot påverkan på {lower_first(names.unit(data['unit']))}: {as_sentence(data['text'])}"


def _conditions_answered(who: str, data: Data, names: Names) -> str:
    unit = lower_first(names.unit(data["unit"]))
    return f"{who} svarade på frågorna om chefens förutsättningar på {unit}."


def _readiness_answered(who: str, data: Data, names: Names) -> str:
    return f"{who} svarade på hur redo {lower_first(names.unit(data['unit']))} är."


def _removed(who: str, data: Data, _: Names) -> str:
    return f"{who} ångrade inläsningen som initiativet kom med."


def _week_came(who: str, data: Data, _: Names) -> str:
    return f"Startveckan kom, {_week(data['week'])}. Initiativet pågår."


def _dragging(who: str, data: Data, _: Names) -> str:
    return f"Sista veckan, {_week(data['last_week'])}, passerade utan att initiativet avslutades. Det drar över."


def _reranked(who: str, data: Data, _: Names) -> str:
    before = f" från plats {data['before']}" if data["before"] else ""
    return f"{who} flyttade initiativet{before} till plats {data['after']}.{_because(data)}"


def _rescoped(who: str, data: Data, _: Names) -> str:
    exception = " med ett undantag" if data.get("exception") else ""
    frame = f"{plan_told(data['before'])} blev {plan_told(data['after'])}"
    return f"{who} ändrade ramen{exception}: {frame}.{_because(data)}"


def _paused(who: str, data: Data, _: Names) -> str:
    return f"{who} pausade initiativet från {_week(data['week'])}{_until(data, 'till omkring')}.{_because(data)}"


def _completed(who: str, data: Data, names: Names) -> str:
    effect = f" Effekten hittills: {as_sentence(data['reason'])}"
    return f"{who} avslutade initiativet. Effekten följs upp.{effect}{_handed_over(data, names)}{_learnt(data)}"


def _handed_over(data: Data, names: Names) -> str:
    told = data.get("handover")
    if not told:
        return ""
    if told["ends"]:
        return " Arbetet upphör."
    day = long_day(date.fromisoformat(told["on"]))
    return f" Arbetet tas över av {lower_first(names.unit(told['unit']))}, {told['function']}, från {day}."


def _cancelled(who: str, data: Data, _: Names) -> str:
    return f"{who} avbröt initiativet i tid.{_because(data)}{_learnt(data)}"


def _learnt(data: Data) -> str:
    lesson = data.get("lesson", "")
    return f" Lärdom: {as_sentence(lesson)}" if lesson and lesson != data["reason"] else ""


def _undone(who: str, data: Data, _: Names) -> str:
    return f"{who} ångrade beslutet. Initiativet har åter statusen {_status_word(data)}."


def _excepted(who: str, data: Data, names: Names) -> str:
    cells: dict[str, list[Week]] = {}
    for cell in data["cells"]:
        unit, week, _measure = cell.split(" ")
        cells.setdefault(unit, []).append(parse_week(week))
    told = [f"{_cell_owner(unit, names)} {week_words(found, Calendar())}" for unit, found in cells.items()]
    return f"{who} medgav ett undantag till och med {_week(data['valid_to'])} för {listed(told)}."


def _cell_owner(unit: str, names: Names) -> str:
    return "projektägaren" if unit == "owner" else lower_first(names.unit(unit))


def _exception_over(who: str, data: Data, _: Names) -> str:
    return f"Undantaget gick ut efter {_week(data['valid_to'])}."


def _exception_needless(who: str, data: Data, _: Names) -> str:
    return "Undantaget upphörde: det behövs inte längre."


SENTENCES: Mapping[str, Callable[[str, Data, Names], str]] = {
    "initiative.proposed": _proposed,
    "initiative.imported": _imported,
    "initiative.edited": _edited,
    "initiative.plan_changed": _plan_changed,
    "initiative.owner_changed": _owner_changed,
    "initiative.forecast_reported": _forecast,
    "initiative.status_reported": _reported,
    "initiative.help_requested": _help_requested,
    "initiative.assessed": _assessed,
    "initiative.triaged": _triaged,
    "initiative.assignment_clarified": _clarified,
    "initiative.groundwork_laid": _groundwork,
    "initiative.concept_reused": _concept_reused,
    "initiative.pilot_spread": _pilot_spread,
    "initiative.effect_goal_written": _effect_written,
    "initiative.effect_goal_removed": _effect_removed,
    "initiative.indicator_written": _indicator_written,
    "initiative.indicator_removed": _indicator_removed,
    "initiative.indicator_measured": _measured,
    "initiative.effect_answered": _effect_answered,
    "initiative.impact_rated": _rated,
    "initiative.impact_changed": _impact_changed,
    "initiative.followed_unit": _followed,
    "initiative.unit_acknowledged": _acknowledged,
    "initiative.objection_raised": _objected,
    "initiative.conditions_answered": _conditions_answered,
    "initiative.readiness_answered": _readiness_answered,
    "initiative.removed": _removed,
    "initiative.week_came": _week_came,
    "initiative.dragging_noted": _dragging,
    "initiative.prepared": _decided("tog upp initiativet i beredning"),
    "initiative.started": _began("startade initiativet"),
    "initiative.deferred": _until_told("bordlade initiativet", "till"),
    "initiative.returned": _until_told("bad om komplettering", "senast"),
    "initiative.referred": _until_told("hänsköt initiativet", "och väntar besked"),
    "initiative.noted": _noted,
    "initiative.reranked": _reranked,
    "initiative.rejected": _decided("beslutade att inte gå vidare med förslaget"),
    "initiative.rescoped": _rescoped,
    "initiative.paused": _paused,
    "initiative.resumed": _began("återupptog initiativet"),
    "initiative.completed": _completed,
    "initiative.closed": _decided("stängde initiativet"),
    "initiative.cancelled": _cancelled,
    "initiative.decision_undone": _undone,
    "exception.granted": _excepted,
    "exception.expired": _exception_over,
    "exception.ended": _exception_needless,
}
"""How each event about an initiative is told, by its wire name."""
