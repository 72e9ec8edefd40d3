"""Everybody reports and moves at once, through the real server: nothing is refused, and nothing is lost."""

from tests.concurrency.writers import CLIENTS, town, write

WRITES = 200


def test_eight_clients_at_once_lose_nothing(database_url: str) -> None:
    with town(database_url) as (_, place):
        outcome = write(place, WRITES)
    assert outcome.answers == {200: WRITES // 2 + CLIENTS // 2, 201: WRITES // 2 - CLIENTS // 2}
    assert (outcome.moves, outcome.reports) == (outcome.answers[200], outcome.answers[201])
    assert outcome.wrong == []
    assert set(outcome.polled) <= {200, 304}
    assert outcome.polled[200] > 0
