"""Sort a proposal, decide on what is simple without the meeting, and say what an assignment means."""

from datetime import date
from typing import Any

import pytest

from portfolio.assignments import actions, queries
from portfolio.assignments.rules.clarity import QUESTIONS
from portfolio.assignments.rules.groundwork import Groundwork
from portfolio.base.db import transaction
from portfolio.base.errors import Invalid, NotAllowedNow, NotPermitted, NotReady, OverCapacity, Stale
from portfolio.base.weeks import parse_week
from portfolio.capacity.actions.exceptions import Ground
from portfolio.capacity.rules.calendar import Phase
from portfolio.initiatives.actions.proposing import propose
from portfolio.initiatives.actions.triage import triage
from portfolio.initiatives.decisions.asked import Asked
from portfolio.initiatives.decisions.taking import Outcome, decide
from portfolio.initiatives.decisions.undoing import undo
from portfolio.initiatives.queries.filters import Filter, number_of
from portfolio.initiatives.queries.triage import triage_of
from portfolio.initiatives.rules.kinds import Kind
from portfolio.initiatives.rules.triage import GO_AHEAD, TriageAnswers, TriageClass
from portfolio.people.queries import actor_of
from portfolio.people.rules import Actor, Role
from tests.actions import stored
from tests.make import CHAIR, NOW, make_decision, make_initiative, make_person, make_unit

pytestmark = pytest.mark.usefixtures("app")

SIMPLE = TriageAnswers(everyday=False, one_department=True, known_way=True, needed=False)
REGULAR = TriageAnswers(everyday=False, one_department=False, known_way=True, needed=True)
COMPLEX = TriageAnswers(everyday=False, one_department=False, known_way=False, needed=True)
COORDINATOR = Actor("Portföljkoordinator", Role.COORDINATOR)


@pytest.fixture
def chief() -> Actor:
    """The Socialchef, with the Socialförvaltningen, its hemtjänst, and the school beside them."""
    make_unit("SOC", limit=3)
    make_unit("HEM", parent="SOC", limit=3)
    make_unit("BUF", limit=8)
    return actor_of(make_person("Socialchef", role=Role.MEMBER, unit="SOC"))


def sort(code: str, answers: TriageAnswers, *, by: Actor = COORDINATOR, **chosen: Any) -> None:
    with transaction():
        triage(code, answers, by=by, now=NOW, **chosen)


def take(code: str, kind: Kind, by: Actor, **asked: Any) -> Outcome:
    with transaction():
        return decide(code, Asked(kind, "Det är enkelt.", **asked), by=by, now=NOW)


def simple(impacts: dict[str, int | None], **more: Any) -> str:
    code = make_initiative("Digital incheckning", impacts=impacts, **more)
    sort(code, SIMPLE)
    return code


def test_an_everyday_improvement_is_not_stored(chief: Actor) -> None:  # S0-12
    everyday = TriageAnswers(everyday=True, one_department=True, known_way=True, needed=True)
    with pytest.raises(Invalid) as told, transaction():
        propose({"title": "Ny kaffemaskin", "triage": everyday}, by=chief, now=NOW)
    assert told.value.errors == {"everyday": [GO_AHEAD]}
    assert number_of(Filter()) == 0


def test_what_was_answered_before_the_proposal_is_kept_with_it(chief: Actor) -> None:  # S1-14, S4-20
    with transaction():
        code = propose({"title": "Digital incheckning", "triage": SIMPLE}, by=chief, now=NOW).code
    one = stored.initiative(code)
    assert one.triage_class == "simple"
    row = triage_of(one.id)
    assert row is not None
    assert (row.one_department, row.known_way, row.needed, row.reason) == (True, True, False, "")
    assert stored.told(code) == ["initiative.proposed", "initiative.triaged"]


def test_another_class_than_the_suggested_takes_a_reason_and_whoever_prepares(chief: Actor) -> None:  # S1-14
    code = make_initiative("Larmcentral", owner="Socialchef", impacts={"SOC": 1})
    sort(code, COMPLEX, by=chief)
    with pytest.raises(Invalid):
        sort(code, COMPLEX, chosen=TriageClass.SIMPLE)
    with pytest.raises(NotPermitted):
        sort(code, COMPLEX, by=chief, chosen=TriageClass.SIMPLE, reason="Det går fort")
    assert stored.initiative(code).triage_class == "complex"
    sort(code, COMPLEX, chosen=TriageClass.REGULAR, reason="Umeå har gjort det")
    one = stored.initiative(code)
    assert (one.triage_class, getattr(triage_of(one.id), "reason", "")) == (
        "regular",
        "Umeå har gjort det",
    )
    with pytest.raises(Stale):
        sort(code, REGULAR, version=one.version - 1)
    sort(code, COMPLEX, chosen=TriageClass.REGULAR, reason="Umeå har gjort det")
    assert stored.initiative(code).version == one.version  # the same once more is no change


def test_once_decided_an_initiative_is_sorted_anew_by_those_who_prepare_and_never_when_it_is_over(
    chief: Actor,
) -> None:
    code = make_initiative("Larmcentral", owner="Socialchef", status="ongoing", start="2026-W45", impacts={"SOC": 1})
    with pytest.raises(NotPermitted):
        sort(code, SIMPLE, by=chief)
    sort(code, COMPLEX)
    make_decision(code, "complete")
    with pytest.raises(NotAllowedNow):
        sort(code, REGULAR)


def test_a_chief_decides_on_what_is_simple_in_the_own_unit_and_it_weighs_like_anything_else(
    chief: Actor,
) -> None:  # S1-12
    code = simple({"SOC": 1, "HEM": 1}, status="proposed")
    take(code, Kind.PREPARE, chief)
    outcome = take(code, Kind.START, chief, start_week=parse_week("2027-W02"))
    assert (outcome.decision.decision_maker, stored.status(code)) == ("Socialchef", "decided")
    heavy = simple({"SOC": 3})
    with pytest.raises(OverCapacity):
        take(heavy, Kind.START, chief, start_week=parse_week("2027-W02"))
    with transaction():
        undo(outcome.decision.id, by=chief, now=NOW)
    assert stored.status(code) == "in_preparation"
    take(heavy, Kind.START, chief, start_week=parse_week("2027-W02"))


def test_a_chief_decides_on_nothing_else(chief: Actor) -> None:  # S1-12
    start = parse_week("2027-W02")
    elsewhere, wide = simple({"BUF": 1}), simple({"SOC": 1, "BUF": 1})
    nowhere, own = simple({}), simple({"SOC": 1})
    regular = make_initiative("Ny organisation", impacts={"SOC": 1})
    sort(regular, REGULAR)
    for code in (elsewhere, wide, nowhere, regular, make_initiative("Inte sorterat", impacts={"SOC": 1})):
        with pytest.raises(NotPermitted):
            take(code, Kind.START, chief, start_week=start)
    spilling = (Phase("implement", 4, {"SOC": 1, "BUF": 1}),)
    with pytest.raises(NotPermitted):
        take(own, Kind.START, chief, start_week=start, phases=spilling)
    with pytest.raises(NotPermitted):
        take(own, Kind.RERANK, chief, rank=1)
    with pytest.raises(NotPermitted):
        take(own, Kind.START, chief, start_week=start, exception=Ground("", "", "", "", start, ""))
    other = actor_of(make_person("Skolchef", role=Role.MEMBER, unit="BUF"))
    with pytest.raises(NotPermitted):
        take(own, Kind.START, other, start_week=start)
    done = make_decision(own, "note")
    with pytest.raises(NotPermitted), transaction():
        undo(done.decision.id, by=other, now=NOW)


def clarify(code: str, source: str | None, number: int, *, by: Actor = CHAIR, version: int | None = None) -> None:
    answers = {name: "Svar" if at < number else "" for at, name in enumerate(QUESTIONS)}
    given = {"assignment_source": source, "diarienummer": "KS 2026/1", "paragraph": "§ 118", **answers}
    with transaction():
        actions.clarify(code, given, by=by, now=NOW, version=version)


def test_an_unclear_political_assignment_starts_only_with_a_written_reason(chief: Actor) -> None:  # S1-22
    code = make_initiative("Ett mer tillgängligt Luleå", impacts={"SOC": 1})
    clarify(code, "kf", 3)
    with pytest.raises(NotReady) as told:
        make_decision(code, "start", start_week="2027-W02")
    assert told.value.missing == ["clear_assignment"]
    outcome = make_decision(code, "start", start_week="2027-W02", despite="Fullmäktige svarar i maj.")
    assert outcome.decision.despite == "Fullmäktige svarar i maj."
    make_decision(code, "start", start_week="2027-W03")  # what has been decided is not asked about again
    clear = make_initiative("Trygg förskola", impacts={"SOC": 1})
    clarify(clear, "kf", 4)
    make_decision(clear, "start", start_week="2027-W02")


def test_what_an_assignment_says_is_kept_with_where_it_comes_from(chief: Actor) -> None:  # S1-22
    code = make_initiative("Ett mer tillgängligt Luleå")
    clarify(code, "ks", 2)
    one = stored.initiative(code)
    found = queries.assignment_of(one)
    assert (found.source, found.paragraph, found.diarienummer) == ("ks", "§ 118", "KS 2026/1")
    assert (one.clarity_answers, list(found.answers.values())) == (2, ["Svar", "Svar", "", "", ""])
    assert stored.told(code)[1:] == ["initiative.edited", "initiative.assignment_clarified"]
    clarify(code, "ks", 2)
    assert stored.initiative(code).version == one.version
    with pytest.raises(Stale):
        clarify(code, "ks", 5, version=one.version - 1)
    with pytest.raises(NotPermitted):
        clarify(code, "ks", 5, by=chief)


def test_the_groundwork_is_kept_and_its_review_lies_within_eight_weeks(chief: Actor) -> None:  # S0-08, S4-26
    code = make_initiative("Gemensam larmcentral", status="ongoing", start="2026-W45")
    sort(code, COMPLEX)
    assert queries.reviews_due(NOW.date()) == [(code, None)]
    laid = Groundwork("Operatörerna är med.", date(2027, 1, 12), "", "own", "mandate")
    with transaction():
        actions.lay_groundwork(code, laid, by=CHAIR, now=NOW)
    assert queries.groundwork_of(stored.initiative(code).id) == laid
    assert queries.reviews_due(date(2027, 1, 11)) == []
    assert queries.reviews_due(date(2027, 1, 12)) == [(code, date(2027, 1, 12))]
    with transaction():
        actions.lay_groundwork(code, laid, by=CHAIR, now=NOW)
    assert stored.told(code).count("initiative.groundwork_laid") == 1
    with pytest.raises(Invalid), transaction():
        actions.lay_groundwork(code, Groundwork(review_on=date(2027, 3, 1)), by=CHAIR, now=NOW)
    with pytest.raises(NotPermitted), transaction():
        actions.lay_groundwork(code, Groundwork(), by=chief, now=NOW)
    make_decision(code, "pause")
    stored.initiative(code)
    assert queries.reviews_due(date(2027, 1, 12)) == []
