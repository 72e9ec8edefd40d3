"""The load map through the API."""

import pytest

from tests.api import make
from tests.api.caller import Caller

pytestmark = pytest.mark.environment(PORTFOLIO_NOW="2026-11-23T08:00:00+01:00")


def test_an_empty_municipality_has_an_empty_map(api: Caller) -> None:
    load = api.get("/load")
    assert (load["from"], len(load["weeks"]), load["units"]) == ("2026-W48", 26, [])
    assert load["weeks"][5:7] == ["2026-W53", "2027-W01"]


def test_a_cell_tells_load_limit_count_and_level(api: Caller) -> None:
    make.unit(api, "KLF", limit=None)
    make.unit(api, "KAN", parent="KLF", limit=3, max_parallel=2)
    make.started(api, {"KAN": 2})
    cells = api.cells("?from=2027-W09&weeks=2")
    assert cells["KAN", "2027-W10"] == {
        "week": "2027-W10",
        "load": 2,
        "limit": 3,
        "parallel": 1,
        "max_parallel": 2,
        "unrated": 0,
        "level": "moderate",
        "exception": False,
        "worse_below": False,
    }
    assert (cells["KAN", "2027-W09"]["load"], cells["KAN", "2027-W09"]["level"]) == (0, "free")
    assert (cells["KLF", "2027-W10"]["load"], cells["KLF", "2027-W10"]["level"]) == (2, "no_limit")


def test_a_unit_above_tells_that_it_is_worse_below(api: Caller) -> None:
    make.unit(api, "KLF", limit=10)
    make.unit(api, "KAN", parent="KLF", limit=2)
    make.started(api, {"KAN": 2})
    above = api.cells("?from=2027-W10&weeks=1")["KLF", "2027-W10"]
    assert (above["level"], above["worse_below"]) == ("low", True)


def test_one_unit_is_shown_with_its_parent_and_an_unknown_one_is_told(api: Caller) -> None:
    make.unit(api, "KLF")
    make.unit(api, "KAN", parent="KLF")
    [unit] = api.get("/load?unit=KAN&weeks=1")["units"]
    assert (unit["code"], unit["name"], unit["parent"], len(unit["cells"])) == ("KAN", "Enheten KAN", "KLF", 1)
    for query, field in (
        ("unit=NIX", "unit"),
        ("weeks=0", "weeks"),
        ("weeks=261", "weeks"),
        ("from=2026-W54", "from"),
        ("from=48", "from"),
        ("include=dreams", "include.0"),
        ("level=over", "level"),
    ):
        refused = api.call("GET", f"/load?{query}")
        assert (refused.status_code, [*refused.get_json()["errors"]]) == (422, [field]), query


def test_the_map_reaches_260_weeks_and_into_the_past(api: Caller) -> None:
    make.unit(api, "KLF")
    load = api.get("/load?from=2020-W53&weeks=260")
    assert (load["weeks"][0], len(load["weeks"]), len(load["units"][0]["cells"])) == ("2020-W53", 260, 260)


def test_proposals_are_drawn_on_request_only_and_count_nothing(api: Caller) -> None:
    make.unit(api, "BUF", limit=3)
    make.initiative(api, {"BUF": 2})
    make.initiative(api, {"BUF": 3}, status="proposed")
    make.started(api, {"BUF": 1})
    assert "proposals" not in api.cells("?from=2027-W10&weeks=1")["BUF", "2027-W10"]
    drawn = api.cells("?from=2027-W09&weeks=2&include=proposals")
    assert (drawn["BUF", "2027-W10"]["load"], drawn["BUF", "2027-W10"]["proposals"]) == (1, 5)
    assert drawn["BUF", "2027-W09"]["proposals"] == 0


def test_an_unrated_impact_is_counted_beside_the_load(api: Caller) -> None:
    make.unit(api, "BUF")
    code = make.initiative(api, {"BUF": None})
    assert api.decide(code, "start", despite="Lagen kräver det.").status_code == 200
    cell = api.cells("?from=2027-W10&weeks=1")["BUF", "2027-W10"]
    assert (cell["load"], cell["parallel"], cell["unrated"]) == (0, 1, 1)
