"""What is like what, how much strength an initiative took, and a concept on one page."""

import io

import pytest
from docx import Document

from portfolio.base.text import shortened
from portfolio.base.weeks import parse_week
from portfolio.capacity.rules.calendar import Calendar, Period, Phase
from portfolio.concepts.rules.likeness import MOST_WORDS, Told, likeness, most_alike, stem, words_of
from portfolio.concepts.rules.reuse import is_reuse
from portfolio.concepts.rules.sheet import Sheet, origin_told, points_in, reuses_told
from portfolio.concepts.rules.strength import Effort, Stage, course_of, effort_of, phases_for
from portfolio.concepts.writing import sheet_docx
from portfolio.initiatives.rules.statuses import Status

ALWAYS = Calendar()
PREPARE, IMPLEMENT = Phase("prepare", 4, {"SOC": 1, "KAN": 1}), Phase("implement", 10, {"SOC": 2, "KAN": 1})
PLAN = (PREPARE, IMPLEMENT)


def told(title: str, more: str = "", goals: set[int] | None = None, units: set[int] | None = None) -> Told:
    return Told(words_of(title), words_of(more), frozenset(goals or ()), frozenset(units or ()))


def weeks(*phases: Phase) -> list[tuple[str, int]]:
    return [(one.kind, one.weeks) for one in phases]


def stage(start: str, end: str, *phases: Phase) -> Stage:
    """A stage that has ended when the week `end` begins."""
    return Stage(parse_week(start), phases, parse_week(end))


@pytest.mark.parametrize(
    ("word", "expected"),
    [
        ("skolorna", "skol"),
        ("skolor", "skol"),
        ("elever", "elev"),
        ("elev", "elev"),
        ("larare", "larar"),
        ("plats", "plats"),
        ("platser", "plats"),
    ],
)
def test_a_word_is_known_without_its_ending(word: str, expected: str) -> None:
    assert stem(word) == expected


def test_å_ä_and_ö_capitals_and_words_that_say_nothing_make_no_difference() -> None:
    assert words_of("Ny modell för SPRÅKSTÖD i förskolan") == words_of("sprakstod, forskola") != frozenset()
    assert words_of("och att den nya 2027") == frozenset()


def test_of_a_text_that_is_pages_long_only_the_first_words_are_compared() -> None:
    letters = "abcdefghijklmnoprstuvyåäö"
    text = " ".join(f"{one}{other}kkkk" for one in letters for other in letters)
    assert len(words_of(text)) == MOST_WORDS


# S1-21
@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Meröppna bibliotek", "Diplomering av biblioteken"),
        ("Nytt schemasystem", "Ett gemensamt schema för skolan"),
        ("Praktikplatser", "Ny modell för praktikplats"),
        ("Språkstöd i FÖRSKOLAN", "Fler förskolor"),
    ],
)
def test_titles_that_speak_of_the_same_thing_are_alike(one: str, other: str) -> None:
    assert likeness(told(one), told(other)) > 0
    assert likeness(told(other), told(one)) > 0


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Digital signering av beslut", "Digital incheckning på träffpunkten"),
        ("Nytt verksamhetssystem", "En ny modell för verksamheten"),
        ("E-arkiv för hela kommunen", "Heltid som norm i hela kommunen"),
        ("Bilpool", "Bild i skolan"),
        ("", "E-arkiv"),
    ],
)
def test_words_that_everything_has_make_nothing_alike(one: str, other: str) -> None:
    assert likeness(told(one), told(other)) == 0


def test_one_word_of_the_text_is_chance_and_two_are_not() -> None:
    other = told("Kundcenter", "Växel och reception på ett ställe")
    assert likeness(told("Ny växel"), other) == 0
    assert likeness(told("Ny växel", "reception"), other) > 0


def test_goal_and_unit_never_make_two_alike_but_order_those_that_are() -> None:
    wanted = told("Larmcentral", goals={1}, units={7})
    others = {
        "nothing but the goal and unit": told("Bygglov", goals={1}, units={7}),
        "the word": told("Larmcentraler"),
        "the word and the unit": told("Larmcentral", units={7, 8}),
        "all three": told("Larmcentralen", goals={1, 2}, units={7}),
    }
    assert most_alike(wanted, others) == ["all three", "the word and the unit", "the word"]


def test_no_more_than_three_are_shown_and_of_equals_those_that_came_first() -> None:
    assert most_alike(told("Arkiv"), {number: told("Arkivet") for number in range(5)}) == [0, 1, 2]


# S1-16
def test_what_went_as_planned_took_what_was_planned() -> None:
    assert weeks(*course_of([stage("2026-W02", "2026-W16", *PLAN)], ALWAYS)) == [("prepare", 4), ("implement", 10)]


def test_what_dragged_on_is_counted_to_the_step_that_it_ended_in() -> None:
    assert weeks(*course_of([stage("2026-W02", "2026-W19", *PLAN)], ALWAYS)) == [("prepare", 4), ("implement", 13)]


def test_what_was_ended_early_took_no_more_than_it_ran() -> None:
    assert weeks(*course_of([stage("2026-W02", "2026-W08", *PLAN)], ALWAYS)) == [("prepare", 4), ("implement", 2)]
    assert weeks(*course_of([stage("2026-W02", "2026-W04", *PLAN)], ALWAYS)) == [("prepare", 2)]


def test_weeks_of_a_standstill_take_no_strength() -> None:
    summer = Calendar((Period(parse_week("2026-W04"), parse_week("2026-W06")),))
    assert weeks(*course_of([stage("2026-W02", "2026-W19", *PLAN)], summer)) == [("prepare", 4), ("implement", 10)]


def test_what_was_run_before_a_pause_is_part_of_the_course() -> None:
    left = Phase("implement", 7, {"SOC": 3})
    course = course_of([stage("2026-W02", "2026-W09", *PLAN), stage("2026-W20", "2026-W27", left)], ALWAYS)
    assert weeks(*course) == [("prepare", 4), ("implement", 10)]
    assert course[1].impacts == {"SOC": 3, "KAN": 1}


def test_an_impact_is_kept_by_who_leads_and_who_receives_and_the_heaviest_counts() -> None:
    plan = [Phase("implement", 8, {"KAN": 1, "SOC": 2, "BUF": 3})]
    assert effort_of(plan, ["KAN", "KLF"]) == (Effort("implement", 8, leading=1, receiving=3),)
    assert effort_of([Phase("prepare", 2, {"KLF": 2, "SOC": 1})], ["KAN", "KLF"])[0].leading == 2


def test_the_owners_own_unit_leads_and_the_one_above_it_receives_unless_the_own_is_not_touched() -> None:
    plan = [Phase("implement", 8, {"PER": 1, "KLF": 2})]
    assert effort_of(plan, ["PER", "KLF"]) == (Effort("implement", 8, leading=1, receiving=2),)
    assert effort_of(plan, ["KAN", "KLF"]) == (Effort("implement", 8, leading=2, receiving=1),)


def test_the_only_unit_that_is_touched_receives_the_change_even_if_it_leads_it() -> None:
    assert effort_of([Phase("implement", 8, {"PER": 2})], ["PER"]) == (Effort("implement", 8, 0, 2),)


def test_what_nobody_has_rated_stays_so_until_somebody_has() -> None:
    assert effort_of([Phase("implement", 8, {"SOC": None, "BUF": None})], ["SOC"])[0] == ("implement", 8, None, None)
    assert effort_of([Phase("implement", 8, {"SOC": None, "BUF": 1, "KFF": 2})], [])[0].receiving == 2


def test_a_concept_becomes_a_plan_for_the_units_that_somebody_chooses() -> None:
    steps = [Effort("prepare", 4, leading=1, receiving=0), Effort("implement", 8, leading=1, receiving=2)]
    assert [dict(one.impacts) for one in phases_for(steps, "KAN", ["SOC"])] == [{"KAN": 1}, {"SOC": 2, "KAN": 1}]
    assert [dict(one.impacts) for one in phases_for(steps, "SOC", ["SOC"])] == [{"SOC": 1}, {"SOC": 2}]
    assert [dict(one.impacts) for one in phases_for(steps, None, [])] == [{}, {}]
    assert dict(phases_for([Effort("prepare", 4, receiving=None)], None, ["SOC"])[0].impacts) == {"SOC": None}


def test_a_proposal_that_was_refused_re_uses_nothing() -> None:
    assert [status for status in Status if not is_reuse(status)] == [Status.REJECTED]


def test_each_line_of_a_text_is_a_point_without_the_marks_of_its_writer() -> None:
    assert points_in("1. Välj en skola\n\n2) Pröva\n- Fråga\n3 veckor räcker") == [
        "Välj en skola",
        "Pröva",
        "Fråga",
        "3 veckor räcker",
    ]


def test_where_a_concept_comes_from_and_how_often_it_is_used_is_told_in_words() -> None:  # S3-11
    assert origin_told("own", "") == "Egen kommun"
    assert origin_told("municipality", "Skellefteå kommun") == "Annan kommun: Skellefteå kommun"
    assert origin_told("industry", "Bilindustrin") == "Annan bransch: Bilindustrin"
    assert [reuses_told(number) for number in (0, 1, 2)] == [
        "Inte återanvänt ännu.",
        "Återanvänt 1 gång.",
        "Återanvänt 2 gånger.",
    ]


def test_a_page_for_word_leaves_out_what_it_cannot_hold():
    text = "a\x00b\uffffc\u202ed"
    sheet = Sheet(text, text, text, text, text, [text], [("Förbereda", "4", "Märkbar", "Liten")], 4, [text], "")
    file = Document(io.BytesIO(sheet_docx(sheet)))
    assert [one.text for one in file.paragraphs].count("abcd") == 5
    assert (file.core_properties.title, file.core_properties.author) == ("abcd", "abcd")


def test_a_text_is_cut_after_a_whole_word() -> None:
    assert shortened("Ett  kort\ntext", 20) == "Ett kort text"
    assert shortened("Elever och arbetsgivare", 14) == "Elever och…"
    assert shortened("x" * 30, 10) == "x" * 9 + "…"
