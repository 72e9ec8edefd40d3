"""A letter says the same when it is read back by the standard library, whatever stands in it."""

import re
from datetime import datetime
from email import message_from_bytes, policy
from email.message import EmailMessage
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portfolio.mail.rules import safe_header
from portfolio.mail.writing import message

AT = datetime.fromisoformat("2026-11-23T07:30:00+01:00")
LETTER = {
    "id": "5f0c1f6e-8a0e-4c39-9a61-0a2d8f3f6a11",
    "sender_name": "Förändringsportföljen, Åmåls kommun",
    "sender": "portfolj@kommunen.se",
    "to_name": "Kanslichef",
    "to": "kansli@kommunen.se",
    "subject": "Lägesrapport för FI-011 – sista dag fredag 27 november",
    "text": "Hej!\n\nDet är dags att berätta.\n.\n..två punkter\nLänk: https://portfolj.example.se/FI-011 \n",
    "html": "<!doctype html><html lang=sv><h1>Hej!</h1><p>Räksmörgås</p></html>",
    "reply_to": "fragor@kommunen.se",
    "unsubscribe": None,
    "host": "portfolj.example.se",
    "date": AT,
}

# What can be written in UTF-8; and for headers, also with line breaks and what looks like an address.
TEXTS = st.text(st.characters(codec="utf-8"), max_size=400)
LINES = st.one_of(TEXTS, st.text('åäö \r\n\t\x0b\x0c"<>,:;@=?\\().é漢🎉abc', max_size=120))


def written(**changes: Any) -> bytes:
    return message(**{**LETTER, **changes})


def read_back(raw: bytes) -> EmailMessage:
    """The letter as the standard library understands it, without a single defect."""
    parsed = message_from_bytes(raw, policy=policy.default)
    assert isinstance(parsed, EmailMessage)
    assert defects(parsed) == []
    return parsed


def defects(parsed: EmailMessage) -> list[object]:
    parts = [part for part in parsed.walk() if isinstance(part, EmailMessage)]
    return [found for part in parts for found in (*part.defects, *(d for h in part.values() for d in h.defects))]


def body(parsed: EmailMessage, kind: str) -> str:
    part = parsed.get_body((kind,))
    assert part is not None
    found: str = part.get_content()
    return found


def as_lines(text: str) -> str:
    """A text with the line ends of mail."""
    return text.replace("\r\n", "\n").replace("\r", "\n").replace("\n", "\r\n")


def test_a_letter_has_plain_text_first_and_html_beside_it() -> None:
    parsed = read_back(written())
    assert parsed.get_content_type() == "multipart/alternative"
    assert [part.get_content_type() for part in parsed.iter_parts()] == ["text/plain", "text/html"]
    assert body(parsed, "plain") == as_lines(LETTER["text"])
    assert body(parsed, "html") == LETTER["html"]


def test_a_letter_says_who_it_is_from_and_that_a_machine_wrote_it() -> None:
    parsed = read_back(written())
    assert str(parsed["Subject"]) == LETTER["subject"]
    assert parsed["From"].addresses[0].display_name == LETTER["sender_name"]
    assert parsed["From"].addresses[0].addr_spec == "portfolj@kommunen.se"
    assert parsed["Reply-To"].addresses[0].addr_spec == "fragor@kommunen.se"
    assert parsed["Date"].datetime == AT
    assert parsed["Message-ID"] == f"<{LETTER['id']}@portfolj.example.se>"
    assert parsed["X-Delivery-Id"] == LETTER["id"]
    assert parsed["Auto-Submitted"] == "auto-generated"
    assert parsed["X-Auto-Response-Suppress"] == "All"
    assert "forandringsportfoljen.portfolj.example.se" in parsed["List-Id"]
    assert parsed["Content-Language"] == "sv"


def test_a_municipality_without_a_shared_mailbox_asks_for_no_answers() -> None:
    assert read_back(written(reply_to=""))["Reply-To"] is None


def test_only_the_weekly_letter_can_be_ended_with_one_click() -> None:
    address = "https://portfolj.example.se/veckobrev/avsluta/ett-ord"
    weekly = read_back(written(unsubscribe=address))
    assert weekly["List-Unsubscribe"] == f"<{address}>"
    assert weekly["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    assert read_back(written())["List-Unsubscribe"] is None


def test_every_copy_of_a_letter_is_the_same() -> None:
    assert written() == written()


@pytest.mark.parametrize("end", ["\r\n", "\n", "\r", "\x0b", "\x0c", "\x85", "\u2028", "\x00"])
@pytest.mark.parametrize("field", ["subject", "to_name", "sender_name", "to", "sender", "reply_to"])
def test_a_line_break_in_a_header_begins_no_other_header(field: str, end: str) -> None:
    parsed = message_from_bytes(written(**{field: f"x{end}Bcc: a@b.se"}), policy=policy.default)
    assert parsed["Bcc"] is None
    assert sorted(parsed.keys()) == sorted(read_back(written()).keys())


@pytest.mark.parametrize(
    "name",
    [
        "=?utf-8?q?=0D=0ABcc:_a@b.se?=",
        'Chef "Kajsa" Ek',
        "Ek, Kajsa <chef@b.se>",
        "a@b.se, c@d.se",
        "Stab: plan;",
        "Åsa, Öst <x@y.se>",
        "a\\",
    ],
)
def test_a_name_with_signs_of_an_address_is_one_receiver(name: str) -> None:
    parsed = read_back(written(to_name=name))
    [receiver] = parsed["To"].addresses
    assert (receiver.display_name, receiver.addr_spec) == (name, "kansli@kommunen.se")


@given(name=LINES)
def test_whatever_somebody_is_called_there_is_one_receiver(name: str) -> None:
    [receiver] = read_back(written(to_name=name))["To"].addresses
    assert receiver.addr_spec == "kansli@kommunen.se"
    assert without_spaces(receiver.display_name) == without_spaces(safe_header(name)[:200])


def without_spaces(name: str) -> str:
    """Between the encoded words of a long name the standard library reads a space that nobody wrote (bpo-35547)."""
    return "".join(name.split())


@given(subject=LINES)
def test_whatever_the_subject_is_it_is_read_as_written(subject: str) -> None:
    assert str(read_back(written(subject=subject))["Subject"]) == safe_header(subject)


@given(text=TEXTS, html=TEXTS)
def test_whatever_the_texts_are_they_are_read_as_written(text: str, html: str) -> None:
    parsed = read_back(written(text=text, html=html))
    assert body(parsed, "plain") == as_lines(text)
    assert body(parsed, "html") == as_lines(html)


@given(subject=LINES, name=LINES, text=TEXTS)
def test_no_line_is_longer_than_a_mail_server_takes_and_every_sign_is_ascii(
    subject: str, name: str, text: str
) -> None:
    raw = written(subject=subject, to_name=name, text=text)
    assert raw.isascii()
    assert all(len(line) <= 998 for line in raw.split(b"\r\n"))
    assert not re.search(rb"(?<!\r)\n|\r(?!\n)", raw)


def test_an_address_with_a_letter_before_the_at_sign_that_is_not_ascii_is_kept_for_servers_that_take_it() -> None:
    raw = written(to="åsa@kommunen.se")
    assert "åsa@kommunen.se".encode() in raw
