"""The load map as it is drawn: no level by colour alone, and missing knowledge never calm."""

from portfolio.base.weeks import parse_week
from portfolio.capacity.rules.calendar import Period
from portfolio.capacity.rules.limits import Bounds, LoweredLimit, Unit, level_of
from portfolio.capacity.rules.load import Cell, without_absence
from portfolio.capacity.rules.picture import draw_cells, limit_text, sentences_of, week_heads, worst_level

FIRST = parse_week("2026-W48")


def cell(week: int, load: int, limit: int | None = 4, *, reason: str | None = None, unrated: int = 0) -> Cell:
    bounds = Bounds(limit, None, reason)
    return Cell(week, level_of(load, 1, bounds), load, 1, unrated, bounds)


def plain(text: str) -> str:
    return text.replace("\u00a0", " ")


def test_a_week_belongs_to_the_month_of_its_thursday_and_a_month_is_told_once() -> None:
    heads = week_heads(FIRST, 8, FIRST)
    assert [(head.number, head.month, head.month_span) for head in heads] == [
        (48, "november", 1),
        (49, "december", 5),
        (50, "december", 0),
        (51, "december", 0),
        (52, "december", 0),
        (53, "december", 0),
        (1, "januari", 2),
        (2, "januari", 0),
    ]
    assert [head.now for head in heads] == [True] + [False] * 7


def test_every_level_has_a_class_and_the_grave_ones_a_symbol() -> None:
    row = [cell(FIRST, 0), cell(FIRST + 1, 1), cell(FIRST + 2, 3), cell(FIRST + 3, 4), cell(FIRST + 4, 5)]
    drawn = draw_cells([*row, cell(FIRST + 5, 3, None), Cell(FIRST + 6, "standstill")], now=FIRST + 1, base="/b/KLF/")
    assert [(one.css, one.shown) for one in drawn] == [
        ("lvl-free", "0"),
        ("lvl-low now", "1"),
        ("lvl-moderate", "3"),
        ("lvl-full", "■4"),
        ("lvl-over", "▲5"),
        ("lvl-none", "?3"),
        ("lvl-stand", "–"),
    ]
    assert [one.href for one in drawn][:2] == ["/b/KLF/2026-W48", "/b/KLF/2026-W49"]
    assert drawn[-1].href == ""


def test_no_load_without_a_limit_is_only_a_question_mark() -> None:
    assert draw_cells([cell(FIRST, 0, None)], now=0, base="")[0].shown == "?"


def test_an_unrated_impact_marks_any_level() -> None:
    drawn = draw_cells([cell(FIRST, 0, unrated=2), cell(FIRST + 1, 5, unrated=1)], now=0, base="")
    assert [(one.css, one.label) for one in drawn] == [
        ("lvl-free unrated", "0 av 4, ledigt, 2 obedömda"),
        ("lvl-over unrated", "5 av 4, över taket, 1 obedömd"),
    ]


def test_exceptions_and_proposals_stand_beside_the_level() -> None:
    weeks = [cell(FIRST, 5), cell(FIRST + 1, 1)]
    over, calm = draw_cells(weeks, now=0, base="", excepted={FIRST}, proposed=[0, 3])
    assert (over.css, over.label) == ("lvl-over exception", "5 av 4, över taket, undantag")
    assert (calm.css, calm.proposal) == ("lvl-low outline", 3)
    assert calm.label == "1 av 4, låg, förslag lägger till 3"


def test_a_standstill_takes_no_proposal() -> None:
    (drawn,) = draw_cells([Cell(FIRST, "standstill")], now=FIRST, base="/b/", proposed=[2])
    assert (drawn.css, drawn.proposal, drawn.label) == ("lvl-stand now", 0, "uppehåll")


def test_a_week_in_which_the_unit_does_not_exist_is_empty_and_heard_to_be() -> None:
    calm = [cell(FIRST + at, 0)._replace(parallel=0) for at in (0, 2)]
    rows = {"KLF": [calm[0], Cell(FIRST + 1, "standstill"), calm[1], cell(FIRST + 3, 1)]}
    assert without_absence(rows, {}) == {"KLF": tuple(rows["KLF"])}
    seen = without_absence(rows, {"KLF": (FIRST - 9, FIRST)})["KLF"]
    drawn = draw_cells(seen, now=FIRST + 1, base="/b/KLF/", proposed=[1, 1, 1, 1])
    assert [(one.css, one.shown, one.label, one.href) for one in drawn[1:3]] == [
        ("lvl-absent now", "", "finns inte", ""),
        ("lvl-absent", "", "finns inte", ""),
    ]
    assert drawn[0].shown == "0"
    assert drawn[3].shown == "1"  # what weighs on it all the same still shows
    gone = sentences_of("Kansliet", "", seen[1:3], FIRST)
    assert (gone.level_word, gone.text) == ("Finns inte", "Enheten finns inte då.")


def test_the_worst_level_is_told_even_where_some_weeks_cannot_be_compared() -> None:
    assert worst_level([cell(FIRST, 1), Cell(FIRST + 1, "standstill"), cell(FIRST + 2, 5)]) == "over"
    assert worst_level([Cell(FIRST, "standstill"), cell(FIRST + 1, 1, None)]) == "no_limit"
    assert worst_level([Cell(FIRST, "standstill")]) == "standstill"


def test_a_row_says_its_limits_in_short() -> None:
    lowered = LoweredLimit(Period(FIRST + 1, FIRST + 2), 2, None, "Val")
    unit = Unit("KLF", None, 4, 3, False, (lowered,))
    row = [cell(FIRST, 1), cell(FIRST + 1, 1, 2, reason="Val"), cell(FIRST + 2, 1, 2, reason="Val")]
    assert plain(limit_text(unit, row)) == "tak 4 (2 vecka 49–50) · högst 3 samtidigt · preliminärt"
    assert limit_text(Unit("KLF"), [cell(FIRST, 1, None)]) == "inget tak satt"


def test_the_list_says_now_the_worst_and_every_week() -> None:
    row = [cell(FIRST, 3), cell(FIRST + 1, 3), Cell(FIRST + 2, "standstill"), cell(FIRST + 3, 5)]
    told = sentences_of("Kansliet", "/enheter/KAN", row, FIRST)
    assert plain(told.text) == "Nu 3 av 4. Kansliet går över taket vecka 51 (5 av 4)."
    assert told.weeks.split("\n") == [
        "Vecka 48–49: 3 av 4, måttlig",
        "Vecka 50: uppehåll",
        "Vecka 51: 5 av 4, över taket",
    ]
    assert (told.symbol, told.level_word) == ("▲", "Över taket")


def test_the_list_names_what_is_unrated_and_what_is_worse_below() -> None:
    row = [cell(FIRST, 1, unrated=1)._replace(worse_below=True), cell(FIRST + 1, 1)]
    told = plain(sentences_of("Kansliet", "", row, FIRST).text)
    assert "Det är värre i en enhet under vecka 48." in told
    assert "All påverkan är inte bedömd vecka 48." in told
