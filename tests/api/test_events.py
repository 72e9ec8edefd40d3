"""The event log through the API."""

import pytest

from portfolio.outbox.queries import newest_seq
from tests.api import make
from tests.api.caller import Caller
from tests.cast import look_again

pytestmark = pytest.mark.environment(PORTFOLIO_NOW="2026-11-23T08:00:00+01:00")


def numbers(page: dict[str, list[dict[str, int]]]) -> list[int]:
    """The numbers of the events of a page."""
    return [event["seq"] for event in page["items"]]


def test_an_event_tells_who_did_what_to_what_and_when(api: Caller) -> None:
    make.unit(api, "BUF")
    event = api.get("/events")["items"][-1]
    assert event | {"id": "", "seq": 0, "actor": ""} == {
        "seq": 0,
        "id": "",
        "type": "unit.added",
        "time": "2026-11-23T07:00:00+00:00",
        "actor": "",
        "subject": "unit/BUF",
        "data": {"unit": "BUF", "title": "Enheten BUF", "kind": "forvaltning", "parent": None},
    }


def test_whoever_keeps_the_last_number_gets_every_event_once_and_in_order(town: Caller) -> None:
    look_again()
    newest = newest_seq()
    read, after = [], "0"
    while after is not None:
        page = town.get(f"/events?after={after}&limit=7")
        read += numbers(page)
        after = page["next"]
    assert read == list(range(1, newest + 1))
    assert town.get(f"/events?after={newest}") == {"items": [], "next": None}
    make.unit(town, "NYA")
    assert numbers(town.get(f"/events?after={newest}"))[0] == newest + 1


def test_a_page_that_ends_with_the_newest_event_has_no_next(town: Caller) -> None:
    look_again()
    page = town.get(f"/events?after={newest_seq() - 5}&limit=5")
    assert (len(page["items"]), page["next"]) == (5, None)


def test_what_cannot_be_asked_for_is_told_at_its_name(api: Caller) -> None:
    for query, field in (("after=-1", "after"), ("after=x", "after"), ("limit=0", "limit"), ("limit=501", "limit")):
        refused = api.call("GET", f"/events?{query}")
        assert (refused.status_code, [*refused.get_json()["errors"]]) == (422, [field]), query


@pytest.mark.parametrize(
    ("role", "status"), [("chair", 200), ("admin", 200), ("auditor", 200), ("coordinator", 403), ("reader", 403)]
)
def test_the_log_is_for_the_chair_administrators_and_auditors(api: Caller, role: str, status: int) -> None:
    assert Caller(api.client, role).call("GET", "/events").status_code == status
