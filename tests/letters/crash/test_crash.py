"""Senders killed with the signal that nobody can catch, thirty on each database; `make crash` kills two hundred."""

from collections.abc import Mapping

from tests.letters.crash.accidents import kill_senders

KILLS = 30
KILLS_OF_THE_CANARY = 2


def test_no_letter_is_lost_and_no_more_copies_arrive_than_senders_are_killed(settings: Mapping[str, str]) -> None:
    found = kill_senders(settings["DATABASE_URL"], KILLS)
    assert found.faults() == []
    assert found.letters > KILLS


def test_a_letter_that_is_marked_before_it_is_sent_is_lost(settings: Mapping[str, str]) -> None:
    """The canary: if nothing were lost here, the test above would be blind."""
    assert kill_senders(settings["DATABASE_URL"], KILLS_OF_THE_CANARY, marks_first=True).lost > 0
