"""A small municipality, made through the API: what a test needs and no more."""

from typing import Any

from portfolio.people.models import Person
from tests.api.caller import Caller
from tests.cast import person

WEEKS = {"kind": "implement", "weeks": 4}


def unit(api: Caller, code: str, **fields: Any) -> Any:
    """A unit, as the API gave it; `limit` 3 unless another is sent."""
    body = {"code": code, "name": f"Enheten {code}", "kind": "forvaltning", "limit": 3} | fields
    response = api.post("/units", body)
    assert response.status_code == 201, response.get_data(as_text=True)
    return response.get_json()


def owner() -> Person:
    """The Kanslichef, who owns initiatives."""
    return person("Kanslichef")


def initiative(api: Caller, impacts: dict[str, int | None], **fields: Any) -> str:
    """The code of an initiative in preparation, ready to start in week 10 of 2027 and four weeks long."""
    body = {"title": "Ett initiativ", "status": "in_preparation", "start_week": "2027-W10"}
    plan = {"owner": owner().function, "phases": [WEEKS | {"impacts": impacts}]}
    response = api.post("/initiatives", body | plan | fields)
    assert response.status_code == 201, response.get_data(as_text=True)
    code: str = response.get_json()["code"]
    return code


def started(api: Caller, impacts: dict[str, int | None], start_week: str = "2027-W10", **fields: Any) -> str:
    """The code of an initiative that is decided to start."""
    code = initiative(api, impacts, **fields)
    response = api.decide(code, "start", start_week=start_week)
    assert response.status_code == 200, response.get_data(as_text=True)
    return code
