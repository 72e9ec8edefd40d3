"""What an error means for a letter, when it is tried again, and what is an address."""

import smtplib
from datetime import timedelta

import pytest

from portfolio.mail.rules import MOST, MOST_FOR_ALL, Outcome, Stage, is_address, next_attempt, outcome_of, safe_header

ANSWERED = smtplib.SMTPResponseException


@pytest.mark.parametrize(
    ("error", "stage", "outcome"),
    [
        (ConnectionRefusedError(), Stage.CONNECT, Outcome.RETRY),
        (ANSWERED(535, b"wrong password"), Stage.CONNECT, Outcome.RETRY),
        (ANSWERED(554, b"go away"), Stage.CONNECT, Outcome.RETRY),
        (ANSWERED(451, b""), Stage.SENDER, Outcome.RETRY),
        (ANSWERED(550, b""), Stage.SENDER, Outcome.FAILED),
        (ANSWERED(450, b""), Stage.RECIPIENT, Outcome.RETRY),
        (ANSWERED(550, b""), Stage.RECIPIENT, Outcome.FAILED),
        (ANSWERED(452, b""), Stage.HANDED_OVER, Outcome.RETRY),
        (ANSWERED(554, b""), Stage.HANDED_OVER, Outcome.FAILED),
        (TimeoutError(), Stage.DATA, Outcome.RETRY),
        (TimeoutError(), Stage.HANDED_OVER, Outcome.AMBIGUOUS),
        (smtplib.SMTPServerDisconnected(), Stage.DATA, Outcome.RETRY),
        (smtplib.SMTPServerDisconnected(), Stage.HANDED_OVER, Outcome.AMBIGUOUS),
        (smtplib.SMTPNotSupportedError(), Stage.SENDER, Outcome.FAILED),
    ],
)
def test_an_error_means_the_same_every_time(error: Exception, stage: Stage, outcome: Outcome) -> None:
    assert outcome_of(error, stage) is outcome


def test_the_waits_grow_from_a_minute_to_a_day() -> None:
    minutes = [next_attempt(attempts, 0) / timedelta(minutes=1) for attempts in range(1, 12)]
    assert minutes == [1, 5, 15, 60, 120, 240, 480, 960, 1440, 1440, 1440]
    assert next_attempt(10**6, 0) == MOST


def test_a_server_that_cannot_be_reached_is_tried_again_within_the_hour() -> None:
    assert max(next_attempt(attempts, 0, MOST_FOR_ALL) for attempts in range(1, 100)) == MOST_FOR_ALL


def test_letters_that_failed_together_do_not_all_come_back_together() -> None:
    assert timedelta(minutes=5) < next_attempt(2, 0.5) < next_attempt(2, 1) <= timedelta(minutes=5.5)


def test_a_header_is_one_line_of_bounded_length() -> None:
    assert safe_header(" a\r\nBcc: b\x0bc\u2028d\x00 ") == "a Bcc: b c d"
    assert len(safe_header("å" * 5000)) == 900
    assert safe_header("\ud800") == "?"


@pytest.mark.parametrize("text", ["chef@kommunen.se", "å.ö+brev@räka.se", "chef@kommun"])
def test_one_address_is_an_address(text: str) -> None:
    assert is_address(text)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "chef",
        "a@b.se,c@d.se",
        "a,b@c.se",
        "<a@b.se>",
        "a b@c.se",
        "a@b.se\r\nRCPT TO:<c@d.se>",
        "a@b@c.se",
        "@b.se",
    ],
)
def test_anything_else_is_none(text: str) -> None:
    assert not is_address(text)
