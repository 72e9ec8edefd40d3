"""The agenda as a pure rule: what is needed, what the coordinator has done with it, what has changed since."""

from dataclasses import replace
from datetime import date

from hypothesis import given
from hypothesis import strategies as st

from portfolio.base.weeks import parse_week as week
from portfolio.capacity.rules.gate import Conflict, Verdict
from portfolio.capacity.rules.words import Names
from portfolio.initiatives.rules.statuses import Status
from portfolio.meetings.rules.agenda import (
    ANOTHER_GOES_ON,
    DECIDED,
    NOT_BEGUN,
    OVER,
    TOO_EARLY,
    TOO_LATE,
    Candidate,
    Change,
    Kept,
    Matter,
    built,
    moved,
    not_settled,
)
from portfolio.meetings.rules.preparation import Preparation, missing_in_words
from portfolio.meetings.rules.sentences import proposal_sentence

NAMES = Names(
    {"KLF": "Kommunledningsförvaltningen", "BUF": "Barn- och utbildningsförvaltningen"}, {}, {7: "Skolchef"}
)
NOW = week("2026-W48")


def candidate(key: str, matter: Matter = Matter.PROPOSAL, sentence: str = "Ryms.") -> Candidate:
    return Candidate(key, matter, (key.split("/")[-1],), sentence)


def kept(key: str, position: int, *, sentence: str = "", held_back: bool = False, decided: bool = False) -> Kept:
    return Kept(key, Matter.PROPOSAL, (key,), sentence, position, held_back, decided)


def test_what_deviates_is_taken_before_what_is_proposed() -> None:
    found = [candidate("proposal/A"), candidate("dragging/B", Matter.DRAGGING), candidate("x/C", Matter.COLLISION)]
    assert [item.key for item in built(found, [], frozen=False)] == ["x/C", "dragging/B", "proposal/A"]


def test_the_order_of_the_coordinator_holds_and_what_comes_later_comes_last() -> None:
    found = [candidate("a"), candidate("b"), candidate("c", Matter.COLLISION)]
    items = built(found, [kept("b", 0), kept("a", 1)], frozen=False)
    assert [item.key for item in items] == ["b", "a", "c"]


def test_what_is_no_longer_needed_leaves_an_open_agenda_and_is_marked_on_a_frozen_one() -> None:
    rows = [kept("a", 0, sentence="Ryms."), kept("b", 1, sentence="Ryms.")]
    assert [item.key for item in built([candidate("b")], rows, frozen=False)] == ["b"]
    gone, stays = built([candidate("b")], rows, frozen=True)
    assert (gone.change, gone.waits) == (Change.GONE, False)
    assert (stays.change, stays.waits) == (None, True)


def test_on_a_frozen_agenda_what_is_new_or_said_differently_is_marked() -> None:
    rows = [kept("a", 0, sentence="Ryms vecka 9."), kept("b", 1)]
    changed, late, new = built([candidate("a"), candidate("b"), candidate("c")], rows, frozen=True)
    assert (changed.change, changed.said, changed.sentence) == (Change.CHANGED, "Ryms vecka 9.", "Ryms.")
    assert (late.change, new.change) == (Change.NEW, Change.NEW)


def test_what_is_held_back_or_taken_up_after_the_agenda_was_sent_out_is_marked() -> None:
    rows = [
        replace(kept("a", 0, sentence="Ryms.", held_back=True), sent_out=True),
        replace(kept("b", 1, sentence="Ryms."), sent_out=False),
        replace(kept("c", 2, sentence="Ryms.", held_back=True), sent_out=False),
        replace(kept("d", 3, sentence="Ryms.", decided=True), sent_out=False),
        replace(kept("e", 4, sentence="Ryms."), sent_out=True),
        replace(Kept("added/f", Matter.ADDED, ("f",), "Hur går det?", 5), sent_out=False),
    ]
    items = built([candidate(one.key) for one in rows[:5]], rows, frozen=True)
    assert [item.change for item in items] == [Change.HELD_BACK, Change.NEW, None, None, None, Change.NEW]


def test_what_is_held_back_or_decided_does_not_wait() -> None:
    rows = [kept("a", 0, held_back=True), kept("b", 1, decided=True)]
    assert [item.waits for item in built([candidate("a"), candidate("b")], rows, frozen=False)] == [False, False]


def test_an_initiative_that_somebody_puts_on_the_agenda_stands_there_once() -> None:
    proposal = Candidate("proposal/A", Matter.PROPOSAL, ("A",), "Ryms.", ("en ägare",))
    added = Kept("added/A", Matter.ADDED, ("A",), "Kan den vänta?", 1)
    held_back = Kept("proposal/A", Matter.PROPOSAL, ("A",), "", 0, held_back=True)
    for rows in ([added], [held_back, added]):
        [item] = built([proposal], rows, frozen=False)
        assert (item.key, item.sentence, item.missing) == ("added/A", "Kan den vänta? Ryms.", ("en ägare",))
    decided = replace(added, decided=True)
    assert [(item.key, item.waits) for item in built([proposal], [decided], frozen=False)] == [("added/A", False)]
    left = built([proposal], [replace(added, held_back=True)], frozen=False)
    assert [(item.key, item.waits) for item in left] == [("added/A", False), ("proposal/A", True)]


def test_what_was_decided_comes_back_only_if_it_still_stands_on_its_last_day() -> None:
    found, settled = [candidate("a"), candidate("b")], {"a": date(2026, 12, 1)}
    assert [one.key for one in not_settled(found, settled, date(2026, 11, 24))] == ["b"]
    assert [one.key for one in not_settled(found, settled, date(2026, 12, 1))] == ["a", "b"]


KEYS = st.lists(st.text("abcdefgh", min_size=1, max_size=2), unique=True, max_size=8)


@given(KEYS, KEYS, st.data())
def test_every_need_is_on_the_agenda_exactly_once_whatever_is_kept(
    wanted: list[str], stored: list[str], data: st.DataObject
) -> None:
    rows = [kept(key, at, sentence=data.draw(st.sampled_from(["", "Ryms."]))) for at, key in enumerate(stored)]
    for frozen in (False, True):
        keys = [item.key for item in built([candidate(key) for key in wanted], rows, frozen=frozen)]
        assert len(keys) == len(set(keys))
        assert set(keys) == set(wanted) | (set(stored) if frozen else set())
        assert [key for key in keys if key in stored] == [key for key in stored if key in keys]


@given(st.lists(st.integers(), unique=True, min_size=1), st.integers(-3, 30), st.data())
def test_a_move_puts_one_item_where_it_was_asked_and_leaves_the_others_in_order(
    order: list[int], place: int, data: st.DataObject
) -> None:
    keys = [str(one) for one in order]
    key = data.draw(st.sampled_from(keys))
    after = moved(keys, key, place)
    assert after.index(key) == max(0, min(place - 1, len(keys) - 1))
    assert [one for one in after if one != key] == [one for one in keys if one != key]


def conflict(unit: str, at: str, after: int, limit: int, measure: str = "load") -> Conflict:
    return Conflict(unit, None, week(at), measure, after - 1, after, limit, True)  # type: ignore[arg-type]


def test_a_proposal_that_does_not_fit_says_where_and_from_when_it_does() -> None:
    found = (
        conflict("KLF", "2027-W02", 8, 6),
        conflict("KLF", "2027-W03", 7, 6),
        conflict("BUF", "2027-W06", 9, 8),
        conflict("BUF", "2027-W06", 4, 3, "parallel"),
    )
    told = proposal_sentence(week("2027-W02"), Verdict("does_not_fit", found), week("2027-W07"), NAMES, NOW)
    assert told.replace("\u00a0", " ") == (
        "Ryms inte vecka 2: Kommunledningsförvaltningen skulle få 8 av 6 och "
        "Barn- och utbildningsförvaltningen skulle få 9 av 8 och 4 av 3 initiativ samtidigt. Tidigast vecka 7."
    )


def test_a_proposal_that_never_fits_says_so_and_one_that_fits_says_when() -> None:
    never = proposal_sentence(NOW, Verdict("does_not_fit", (conflict("KLF", "2026-W48", 9, 8),)), None, NAMES, NOW)
    assert never.endswith("Ryms inte inom två år.")
    assert proposal_sentence(NOW, Verdict("fits"), None, NAMES, NOW) == "Ryms vecka\u00a048."
    assert "preliminärt tak" in proposal_sentence(NOW, Verdict("warns"), None, NAMES, NOW)


def test_each_thing_that_is_missing_before_a_decision_is_named() -> None:
    lacks = ("owner", "impacts_rated", "clear_assignment", "participation", "change_lead")
    nothing = Preparation(" ", 0, None, None, lacks, ("Socialförvaltningen", "Räddningstjänsten"))
    assert missing_in_words(nothing) == [
        "en beskrivning av vad som blir bättre",
        "en projektägare",
        "en bedömning av påverkan på varje enhet",
        "ett tydligt uppdrag",
        "hur de som berörs deltar",
        "en förändringsledare",
        "riskbedömning inför ändring",
        "samverkan enligt 11 § MBL",
        "kvittens från Socialförvaltningen och Räddningstjänsten",
    ]
    days = (date(2026, 11, 2), date(2026, 11, 9))
    assert missing_in_words(Preparation("Kortare köer", 1, *days, (), ())) == []
    assert missing_in_words(Preparation("", 1, *days, (), ())) == []
    assert missing_in_words(Preparation("Kortare köer", 0, *days, (), ())) == ["minst ett effektmål"]  # S4-09
    unready = ["effektmål som är tydliga och går att följa upp"]
    assert missing_in_words(Preparation("Kortare köer", 1, *days, ("ready_effects",), ())) == unready


def test_why_a_meeting_refuses_is_never_mistaken_for_where_an_initiative_stands() -> None:
    assert not {NOT_BEGUN, ANOTHER_GOES_ON, OVER, DECIDED, TOO_EARLY, TOO_LATE} & {*Status}
