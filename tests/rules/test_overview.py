"""The one number and the sentences above the load map, and the address that is the view."""

from collections.abc import Sequence

from portfolio.base.weeks import parse_week
from portfolio.capacity.rules.limits import Bounds, level_of
from portfolio.capacity.rules.load import Cell
from portfolio.capacity.rules.outlook import Outlook, key_figure, summary, unknowns
from portfolio.overview.rules import ALL, View, severity_key, view_of

FIRST = parse_week("2026-W48")


def outlook(
    loads: Sequence[int], limit: int | None = 4, *, name: str = "Socialförvaltningen", **more: int
) -> Outlook:
    bounds = Bounds(limit, None)
    cells = [
        Cell(FIRST + at, level_of(load, 1, bounds), load, 1, more.get("unrated", 0), bounds)
        for at, load in enumerate(loads)
    ]
    return Outlook(name, "forvaltning", cells)


def plain(texts: Sequence[str]) -> list[str]:
    return [text.replace("\u00a0", " ") for text in texts]


def test_the_one_number_counts_who_goes_over_within_eight_weeks() -> None:
    soon, later, never = outlook([1] * 7 + [5]), outlook([1] * 8 + [5]), outlook([4] * 9)
    figure = key_figure([soon, later, never])
    assert figure == ("1 av 3", "förvaltningar går över taket de närmaste åtta veckorna", "stop")


def test_the_one_number_counts_only_those_that_exist_within_its_weeks() -> None:
    to_come = outlook([1] * 9)
    absent = [Cell(cell.week, "absent") for cell in to_come.cells[:8]]
    figure = key_figure([outlook([5] * 9), to_come._replace(cells=[*absent, to_come.cells[8]])])
    assert figure.number == "1 av 1"
    coming = to_come._replace(cells=[*absent[:7], *to_come.cells[7:]])
    assert key_figure([outlook([5] * 9), coming]).number == "1 av 2"


def test_what_is_unknown_is_counted_among_those_that_exist() -> None:
    gone = Outlook("Arkivet", "forvaltning", [Cell(FIRST + at, "absent") for at in range(9)])
    [(told, _)] = unknowns([outlook([1], unrated=1), gone])
    assert "i 1 av 1." in told


def test_what_is_unknown_is_never_counted_as_good() -> None:
    assert key_figure([outlook([1])]).kind == "ok"
    assert key_figure([outlook([1], None)]).kind == "watch"
    assert key_figure([outlook([1], unrated=1)]).kind == "watch"
    told = unknowns([outlook([1], None), outlook([1], unrated=1)])
    assert [missing for _, missing in told] == ["impacts", "limits"]


def test_other_kinds_at_the_top_are_called_enheter() -> None:
    company = outlook([1])._replace(kind="stodfunktion")
    assert key_figure([company, company]).text.startswith("enheter går")
    assert key_figure([outlook([1])]).text.startswith("förvaltning går")


def test_the_soonest_over_comes_first_and_then_who_is_full() -> None:
    told = summary(
        [
            outlook([1, 1, 5], name="Sen"),
            outlook([5, 1, 1], name="Tidig"),
            outlook([4, 4, 1], name="Full"),
            outlook([0, 0, 0], name="Ledig"),
        ]
    )
    assert plain(told) == [
        "Tidig går över taket vecka 48 (5 av 4).",
        "Sen går över taket vecka 50 (5 av 4).",
        "Full är fullt belastad till och med vecka 49.",
    ]


def test_many_over_are_not_all_named() -> None:
    told = summary([outlook([5], name=f"Nummer {number}") for number in range(9)])
    assert len(told) == 4
    assert told[-1] == "Ytterligare 6 går över taket. Se kartan."
    told = summary([outlook([5]), *(outlook([1] * 9 + [5], name=f"Nummer {number}") for number in range(9))])
    assert told[-1] == "Ytterligare 7 går över taket senare. Se kartan."


def test_whoever_is_over_beyond_the_weeks_of_the_one_number_is_told_as_later() -> None:
    soon, later = outlook([5], name="Snart"), outlook([1] * 8 + [5], name="Sen")
    assert plain(summary([later, soon])) == [
        "Snart går över taket vecka 48 (5 av 4).",
        "Senare: Sen går över taket vecka 3 (5 av 4).",
    ]


def test_without_limits_nothing_is_said_to_be_calm() -> None:
    without = [outlook([9], None), outlook([1], None)]
    assert key_figure(without) == (
        "0 av 2",
        "förvaltningar har ett tak. Därför går det inte att säga om det blir för mycket någonstans",
        "watch",
    )
    assert summary(without) == []
    told = summary([*without, outlook([1]), outlook([1])])
    assert told == ["Ingen av de 2 som har ett tak går över det de närmaste 26 veckorna."]
    assert summary([*without, outlook([1])])[0].startswith("Den enda som har ett tak går inte över det")


def test_calm_is_said_too() -> None:
    assert summary([outlook([1] * 26)]) == ["Ingen förvaltning går över taket de närmaste 26 veckorna."]
    assert summary([]) == []


def test_the_address_is_the_view_and_back_again() -> None:
    view = View(FIRST, True, True, True, True, "projektor", frozenset({"KLF", "SOC"}))
    query = view.query()
    opened = query.pop("oppna")
    assert view_of(query, opened, may_see_proposals=True) == view
    assert View().query() == {}


def test_an_address_that_makes_no_sense_is_the_usual_view() -> None:
    sent = {"fran": "igår", "visa": "karta", "ordning": "namn", "tathet": "enorm"}
    assert view_of(sent, [], may_see_proposals=True) == View()
    assert view_of({"forslag": "1"}, [], may_see_proposals=False) == View()


def test_units_open_one_by_one_or_all_at_once() -> None:
    assert View(opened=frozenset({"KLF"})).opens("KLF")
    assert not View(opened=frozenset({"KLF"})).opens("SOC")
    assert View(opened=frozenset({ALL})).opens("SOC")


def test_the_worst_sorts_first() -> None:
    over, full, calm = outlook([5, 1]).cells, outlook([4, 4]).cells, outlook([0, 1]).cells
    assert sorted([calm, full, over], key=severity_key) == [over, full, calm]
