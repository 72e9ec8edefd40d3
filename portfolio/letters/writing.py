"""A letter as a mail server gets it: from the municipality, to one function."""

from dataclasses import dataclass
from datetime import datetime
from urllib.parse import urlsplit

from portfolio.base.time import STOCKHOLM
from portfolio.letters.rules import Content
from portfolio.mail.writing import message

PRODUCT = "Förändringsportföljen"

TEST_SUBJECT = "Provbrev från Förändringsportföljen"
TEST_TEXT = """Hej!

Det här är ett provbrev. Kommer det fram så fungerar utskicken.

Förändringsportföljen
"""
TEST_HTML = """<!doctype html>
<html lang="sv"><head><meta charset="utf-8"><title>Provbrev</title></head>
<body><h1>Provbrev</h1><p>Det här är ett provbrev. Kommer det fram så fungerar utskicken.</p>
<p>Förändringsportföljen</p></body></html>
"""
TEST = Content(TEST_SUBJECT, TEST_TEXT, TEST_HTML, ())
"""What an administrator sends to themselves to see whether mail works."""


@dataclass(frozen=True, slots=True)
class Sender:
    """The address that letters come from, and the host that their Message-IDs end with."""

    address: str
    host: str


@dataclass(frozen=True, slots=True)
class Letterhead:
    """What stands at the top of every letter: the municipality, and the shared mailbox that answers (or nothing)."""

    municipality: str
    contact: str


def sender_of(mail_from: str | None, base_url: str) -> Sender:
    """Who sends, by the settings. Without MAIL_FROM the address is made of the product's own host."""
    named = urlsplit(base_url).hostname or "localhost"
    host = f"[{named}]" if ":" in named else named.encode("idna").decode()
    return Sender(mail_from or f"forandringsportfoljen@{host}", host)


def as_message(
    id: str, to_name: str, to: str, content: Content, head: Letterhead, sender: Sender, *, real_now: datetime
) -> bytes:
    """The letter as bytes. A copy of it has the same Message-ID, whenever it is made."""
    return message(
        id=id,
        sender_name=f"{PRODUCT}, {head.municipality}",
        sender=sender.address,
        to_name=to_name,
        to=to,
        subject=content.subject,
        text=content.text,
        html=content.html,
        reply_to=head.contact,
        unsubscribe=content.unsubscribe_url or None,
        host=sender.host,
        date=real_now.astimezone(STOCKHOLM),
    )
