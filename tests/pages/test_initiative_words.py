"""The sentences about initiatives, without a database: verdicts, history, decisions, weeks, the form's own text."""

from dataclasses import replace
from datetime import date
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portfolio.base.text import harmless
from portfolio.base.weeks import Week, format_week, parse_week
from portfolio.capacity.rules.calendar import Calendar, Period, Phase
from portfolio.capacity.rules.gate import Plan, evaluate, fingerprint_of
from portfolio.capacity.rules.limits import LoweredLimit, Unit
from portfolio.capacity.rules.load import Portfolio
from portfolio.capacity.rules.tree import Tree
from portfolio.capacity.rules.ways import Reduce, earliest_start, ways_forward
from portfolio.capacity.rules.words import Names, definite
from portfolio.events.catalogue import CATALOGUE
from portfolio.events.event import Event
from portfolio.events.initiatives import AboutInitiative
from portfolio.initiatives.pages import drafts
from portfolio.initiatives.pages.history import SENTENCES
from portfolio.initiatives.pages.history import sentence as history_sentence
from portfolio.initiatives.pages.index import weeks_told
from portfolio.initiatives.pages.outcomes import Headline, Wished, headline, outcome, outcome_told
from portfolio.initiatives.pages.preview import finish_told
from portfolio.initiatives.pages.strips import strip_of
from portfolio.initiatives.pages.verdicts import Shown, heading_of_refusal, shown
from portfolio.initiatives.pages.ways import Doors, way_shown
from portfolio.initiatives.queries.gate import Answer
from portfolio.initiatives.rules.kinds import Kind
from portfolio.initiatives.rules.statuses import Status
from portfolio.web.weeks import as_iso_week
from tests.demo_portfolio import DEMO, NOW, OWNERS, decided, demo_plan, demo_portfolio, with_units
from tests.pages.screen import plain

NAMES = Names(
    {unit["code"]: unit["name"] for unit in DEMO["units"]},
    {one["code"]: one["title"] for one in DEMO["initiatives"]},
    {number: function for function, number in OWNERS.items()},
)
DOORS = Doors(
    lambda code: f"/initiativ/{code}",
    lambda code, needs: f"/initiativ/{code}/beslut?kind=pause&for={needs}",
    "",
    may_except=True,
)


def answer_to(plan: Plan, portfolio: Portfolio | None = None) -> Answer:
    """The kernel's answer, as the query puts it together."""
    portfolio = portfolio or demo_portfolio()
    verdict = evaluate(plan, portfolio, NOW)
    ways = ways_forward(plan, verdict, portfolio, NOW)
    earliest = earliest_start(plan, plan.start, portfolio, NOW)
    return Answer(plan, verdict, earliest, ways, fingerprint_of(verdict.binding), portfolio)


def told(plan: Plan, portfolio: Portfolio | None = None) -> Shown:
    """The verdict on a plan."""
    return shown(answer_to(plan, portfolio), NAMES, NOW, DOORS)


def week(written: str) -> Week:
    return parse_week(written)


@pytest.mark.parametrize(
    ("code", "start", "said"),
    [
        (
            "FI-011",
            None,
            "Ryms inte vecka 2. Kommunledningsförvaltningen skulle få 8 av 6 (vecka 2–6) och barn- och "
            "utbildningsförvaltningen 9 av 8 (vecka 6–10). Tidigast möjliga start är vecka 7.",
        ),
        ("FI-012", None, "Ryms precis. Räddningstjänsten får 3 av 3, vecka 16–27."),
        (
            "FI-013",
            None,
            "Ryms inte vecka 8. Socialförvaltningen skulle få 8 av 7 (vecka 8). Tidigast möjliga start är vecka 9.",
        ),
        (
            "FI-014",
            None,
            "Ryms inte vecka 3. Miljö- och byggnadsförvaltningen skulle få 5 av 4 och 4 av 3 initiativ samtidigt "
            "(vecka 3–10). Tidigast möjliga start är vecka 11.",
        ),
        ("FI-012", "2026-W40", "Vecka 40 har redan varit. Tidigast möjliga start är vecka 3."),
        ("FI-012", "2026-W52", "Vecka 52 är ett uppehåll. Tidigast möjliga start är vecka 3."),
    ],
)
def test_the_verdict_says_the_golden_answers_in_words(code: str, start: str | None, said: str) -> None:
    assert plain(told(demo_plan(code, start)).sentence) == said


def test_a_plan_that_fits_is_told_where_it_is_fullest() -> None:
    plan = Plan("NY", week("2027-W10"), (Phase("implement", 3, {"SOC": 1}),))
    assert plain(told(plan).sentence) == "Ryms. Socialförvaltningen får 6 av 7 som mest, vecka 10–12."


# S1-04
def test_an_owner_who_leads_too_much_is_told_by_function() -> None:
    portfolio = replace(demo_portfolio(), max_owned={OWNERS["Kanslichef"]: 1})
    said = plain(told(demo_plan("FI-013", "2027-W09"), portfolio).sentence)
    assert said == (
        "Ryms inte vecka 9. Kanslichefen skulle äga 2 initiativ samtidigt, högst 1 går (vecka 9–10). "
        "Tidigast möjliga start är vecka 11."
    )


def test_a_preliminary_limit_warns_and_a_missing_one_is_said() -> None:
    preliminary = with_units(demo_portfolio(), Unit("RTJ", None, 1, None, confirmed=False))
    plan = Plan("NY", week("2027-W10"), (Phase("implement", 2, {"RTJ": 2, "EKO": 1}),))
    verdict = told(plan, preliminary)
    assert plain(verdict.sentence) == (
        "Ryms, men det preliminära taket överskrids. Räddningstjänsten skulle få 2 av 1 (vecka 10–11)."
    )
    assert "Vi kan inte räkna på ekonomikontoret: inget tak är satt." in verdict.notes


def test_a_plan_that_touches_only_units_without_limits_is_never_simply_green() -> None:
    plan = Plan("NY", week("2027-W10"), (Phase("implement", 2, {"PER": 1}),))
    limitless = with_units(demo_portfolio(), Unit("KLF"), Unit("PER", "KLF"))
    assert told(plan, limitless).sentence.startswith("Ryms, så vitt vi vet. Inget tak är satt för personalkontoret")


def test_when_it_is_done_is_no_answer_where_it_does_not_fit() -> None:
    plan, portfolio = demo_plan("FI-011"), demo_portfolio()
    last_day = date(2027, 3, 31)
    assert plain(finish_told(plan, portfolio, NOW, None, fits=True)) == "Klart vecka 21."
    assert finish_told(plan, portfolio, NOW, None, fits=False) == ""
    late = plain(finish_told(plan, portfolio, NOW, last_day, fits=False))
    assert late == "Planen slutar dessutom vecka 21, efter den sista dagen, 31 mars 2027."


def test_nothing_touched_is_said_too() -> None:
    assert told(Plan("NY", week("2027-W10"), (Phase("implement", 2, {}),))).sentence == "Ryms. Ingen enhet påverkas."


def test_what_already_counts_is_told_where_its_units_are_over() -> None:
    running = replace(demo_plan("FI-001"), present_start=demo_plan("FI-001").start)
    said = plain(told(running).sentence)
    assert said == (
        "Ryms, för inget läggs till där det är fullt. Kommunledningsförvaltningen är redan över taket, vecka 2–6."
    )


def test_weeks_that_differ_are_never_told_as_alike() -> None:
    lowered = LoweredLimit(Period(week("2027-W02"), week("2027-W06")), 6, None, "Årsbokslut")
    portfolio = Portfolio(Tree({"SOC": Unit("SOC", None, 8, lowered=(lowered,))}))
    for code in ("FI-901", "FI-902", "FI-903"):
        portfolio = decided(portfolio, Plan(code, week("2027-W01"), (Phase("implement", 14, {"SOC": 2}),)))
    steps = Phase("prepare", 2, {"SOC": 2}), Phase("implement", 4, {"SOC": 3})
    verdict = told(Plan("NY", week("2027-W02"), steps), portfolio)
    said = "Socialförvaltningen skulle få som mest 9 av 6 (vecka 2–6) och 9 av 8 (vecka 7)."
    assert said in plain(verdict.sentence)
    assert [(plain(row.weeks), row.after, row.limit, row.is_most) for row in verdict.rows] == [
        ("v. 2–6", 9, 6, True),
        ("v. 7", 9, 8, False),
    ]


def test_many_units_over_are_counted_where_naming_them_would_be_too_long() -> None:
    everyone = {unit["code"]: 3 for unit in DEMO["units"] if unit["limit"]}
    said = plain(told(Plan("NY", week("2027-W02"), (Phase("implement", 1, everyone),))).sentence)
    assert "enheter till" in said
    assert all(len(sentence) <= 140 for sentence in said.split(". "))


def test_the_ways_forward_are_those_of_the_kernel_each_with_its_door() -> None:
    move, pause = told(demo_plan("FI-011")).ways
    assert (move.kind, move.name, move.value) == ("move", "choose", "start:2027-W07")
    assert plain(move.text).startswith("Starta vecka 7 i stället. Då blir det klart vecka 26.")
    assert (pause.kind, pause.href) == ("pause", "/initiativ/FI-001/beslut?kind=pause&for=FI-011")
    assert pause.button == "Pausa FI-001 …"


def test_an_impact_that_goes_to_nothing_is_taken_away_and_not_lowered_to_0() -> None:
    answer = answer_to(Plan("NY", week("2027-W02"), (Phase("implement", 6, {"KLF": 1}),)))
    found = next(way for way in answer.ways if isinstance(way, Reduce))
    assert found.to_impact == 0
    shown_way = way_shown(found, answer, NAMES, NOW, DOORS)
    assert plain(shown_way.text) == (
        "Om påverkan på kommunledningsförvaltningen tas bort i Genomföra ryms starten vecka 2."
    )
    assert shown_way.button == "Ta bort påverkan"


def test_a_person_who_cannot_choose_gets_the_sentence_without_a_button() -> None:
    closed = Doors(lambda code: f"/initiativ/{code}", None, None)
    ways = shown(answer_to(demo_plan("FI-011")), NAMES, NOW, closed).ways
    assert [(way.button, way.name, way.href) for way in ways] == [("", "", "")] * 2


def test_the_heading_of_a_refusal_counts_the_units() -> None:
    assert plain(heading_of_refusal(answer_to(demo_plan("FI-011")), NOW)) == (
        "Det går inte att starta vecka 2. Taket överskrids i två enheter."
    )


def about_initiatives() -> list[type[Event]]:
    """Every event that an initiative's history can hold."""
    return [kind for kind in CATALOGUE.values() if issubclass(kind, AboutInitiative)]


EXAMPLES: dict[str, Any] = {
    "status": "decided",
    "start_week": "2027-W07",
    "week": "2027-W07",
    "last_week": "2027-W07",
    "valid_to": "2027-W07",
    "until": "2027-01-19",
    "changes": {"summary": ["", "Ny"]},
    "impacts": {"BUF": 3},
    "cells": ["BUF 2027-W06 load", "owner 2027-W07 owner"],
    "unit": "BUF",
    "units": {"BUF": ["KLF", "SOC"]},
    "from_week": "2027-W02",
    "before": None,
    "after": "Skolchef",
    "state": "watch",
    "shown": "watch",
    "handover": {"ends": False, "unit": "BUF", "function": "Skolchef", "on": "2027-02-01"},
    "triage_class": "simple",
    "needed": True,
    "answers": [{"goal": 1, "change": "Fler lånar", "answer": "reached", "text": "Dubbelt så många"}],
    "values": {"2026-11-30": 12.5},
}
PLAN_JSON = {"start_week": "2027-W02", "phases": [{"kind": "prepare", "weeks": 4, "impacts": {}}]}


def test_every_event_about_an_initiative_has_its_sentence() -> None:
    assert {kind.name for kind in about_initiatives()} <= set(SENTENCES)


@pytest.mark.parametrize("kind", about_initiatives(), ids=lambda kind: kind.name)
def test_each_event_is_told_in_one_plain_sentence(kind: type[Event]) -> None:
    data: dict[str, Any] = {name: EXAMPLES.get(name, "1") for name in kind.__dataclass_fields__} | {"reason": "Ja"}
    if kind.name in ("initiative.plan_changed", "initiative.rescoped"):
        data |= {"before": PLAN_JSON, "after": PLAN_JSON}
    if kind.name == "initiative.reranked":
        data |= {"before": 3, "after": 1}
    if kind.name == "initiative.impact_changed":
        data["changes"] = [{"phase": 1, "before": 3, "after": 2}]
    said = history_sentence(kind.name, "Kommundirektör", data, NAMES)
    assert said[0].isupper()
    assert said.endswith(".")
    assert not {"None", "{", "_"} & {part for part in said if part in "{_"} | {"None"} & set(said.split())


def test_a_report_is_told_with_what_still_holds_where_nothing_is_new() -> None:
    data = {"state": "nothing_new", "shown": "watch", "text": "", "forecast": None, "report": 3}
    said = plain(history_sentence("initiative.status_reported", "Kanslichef", data, NAMES))
    assert said == "Kanslichefen lämnade en lägesrapport: ”Inget nytt”, alltså fortfarande ”Behöver bevakas”."


def test_a_start_is_told_with_its_week_and_reason() -> None:
    data = {"start_week": "2027-W07", "reason": "Skolan väntar", "despite": None, "exception": None}
    said = plain(history_sentence("initiative.started", "Kommundirektör", data, NAMES))
    assert said == "Kommundirektören startade initiativet från vecka 7 2027. Skäl: Skolan väntar."


def test_an_event_of_a_later_version_is_told_by_its_name() -> None:
    assert history_sentence("initiative.sung", "Skolchef", {}, NAMES) == "Skolchefen: initiative.sung."


@pytest.mark.parametrize(
    ("function", "form"),
    [
        ("Kommundirektör", "Kommundirektören"),
        ("Kanslichef", "Kanslichefen"),
        ("Registrator", "Registratorn"),
        ("Medarbetare", "Medarbetaren"),
        ("Klockan", "Klockan"),
    ],
)
def test_functions_take_their_definite_form(function: str, form: str) -> None:
    assert definite(function) == form


def test_a_decision_says_what_it_comes_to() -> None:
    wished = Wished(Kind.START, "FI-011", week("2027-W07"), responsible="Skolchef", due=date(2027, 2, 15))
    assert plain(outcome_told(wished, NOW)) == (
        "FI-011 startar vecka 7. Ansvarig: Skolchef. Ska ha startat senast 15 februari 2027."
    )
    deferred = Wished(Kind.DEFER, "FI-011", until=date(2027, 1, 19))
    assert plain(outcome(deferred, NOW)) == "FI-011 bordläggs till 19 januari 2027"


@pytest.mark.parametrize("kind", Kind)
def test_every_kind_of_decision_can_be_said_before_anything_is_filled_in(kind: Kind) -> None:
    assert outcome(Wished(kind, "FI-011"), NOW).startswith("FI-011 ")


def test_the_one_number_of_a_page_follows_the_status() -> None:
    start, end = week("2026-W40"), week("2026-W50")
    assert headline(Status.ONGOING, start, end, NOW, None) == Headline("3", "veckor kvar")
    assert headline(Status.ONGOING, start, week("2026-W47"), NOW, None) == Headline("1", "vecka över tiden")
    assert headline(Status.DECIDED, week("2027-W01"), None, NOW, None) == Headline("6", "veckor till start")
    assert headline(Status.CLOSED, start, end, NOW, None) is None


@pytest.mark.parametrize(
    ("written", "read"),
    [
        ("v. 7", "2027-W07"),
        ("v.7 2027", "2027-W07"),
        ("vecka 48", "2026-W48"),
        ("47", "2027-W47"),
        ("V 7 -28", "2028-W07"),
        ("v.\u00a07 2027", "2027-W07"),
        ("53", "2026-W53"),
        ("2027-W07", "2027-W07"),
        ("2027-02-15", "2027-02-15"),
        ("i vår", "i vår"),
    ],
)
def test_a_week_is_read_as_people_write_it(written: str, read: str) -> None:
    assert as_iso_week(written, NOW) == read


steps = st.lists(
    st.builds(
        Phase,
        st.sampled_from(["prepare", "implement", "reinforce"]),
        st.integers(1, 260),
        st.dictionaries(st.sampled_from(["KLF", "BUF", "SOC"]), st.sampled_from([1, 2, 3, None])),
    ),
    max_size=6,
)


@given(steps)
def test_a_plan_survives_its_way_through_the_form(phases: list[Phase]) -> None:
    sent = drafts.nested(drafts.phase_values(phases), NOW, ["phases"])["phases"]
    read = [
        Phase(one["kind"], int(one["weeks"]), {unit: level and int(level) for unit, level in one["impacts"].items()})
        for one in sent
    ]
    assert read == phases


@given(st.integers(week("2000-W01"), week("2099-W52")))
def test_a_week_survives_its_way_through_the_form(one: Week) -> None:
    assert as_iso_week(drafts.week_text(one), NOW) == format_week(one)


def test_a_choice_that_nobody_offered_changes_nothing() -> None:
    values = {"start_week": "v. 2", "phases.0.kind": "prepare", "phases.0.weeks": "4"}
    for choice in ("", "reduce:9:BUF:1:2027-W02", "reduce:x", "dance:1"):
        assert drafts.chosen(values, choice, ["BUF"]) == values


def test_the_list_says_weeks_with_years_only_where_they_are_needed() -> None:
    calendar = Calendar((Period(week("2026-W52"), week("2026-W53")),))
    assert plain(weeks_told(week("2026-W50"), 4, calendar, NOW)) == "v. 50–2"
    assert plain(weeks_told(week("2027-W20"), 49, calendar, NOW)) == "v. 20 2027–16 2028"
    assert plain(weeks_told(week("2028-W10"), 4, calendar, NOW)) == "v. 10–13 (2028)"
    assert weeks_told(None, 4, calendar, NOW) == "–"


def test_a_strip_skips_the_standstill_and_shows_what_is_not_rated() -> None:
    calendar = Calendar((Period(week("2026-W52"), week("2026-W53")),))
    phases = [Phase("prepare", 2, {"BUF": 1}), Phase("implement", 2, {"BUF": None})]
    strip = strip_of(week("2026-W50"), phases, calendar, NOW, NAMES)
    assert [(band.word, band.span) for band in strip.phases] == [("Förbereda", 2), ("", 2), ("Genomföra", 2)]
    assert [cell.text for cell in strip.rows[0].cells] == ["1", "1", "–", "–", "?", "?"]


@pytest.mark.parametrize("text", ["=1", "+1", "-1", "@x", "\t=1", "\x00=1"])
def test_a_cell_that_could_be_a_formula_gets_an_apostrophe(text: str) -> None:
    assert harmless(text).startswith("'")


@given(st.text())
def test_no_cell_ever_begins_as_a_formula(text: str) -> None:
    assert harmless(text)[:1] not in ("=", "+", "-", "@", "\t", "\r", "\n")
