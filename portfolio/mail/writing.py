"""A letter as a mail server takes it: plain text first, simple HTML beside it.

The standard library's EmailMessage takes a millisecond for what is the same every time. Here the headers are
put together as bytes, each by the rule it needs: encoded words for what is not ASCII (RFC 2047), quoted-printable
for the texts. tests/mail/test_writing.py reads every letter back with the standard library and compares.
"""

import re
from base64 import b64encode
from binascii import b2a_qp
from collections.abc import Iterator
from datetime import datetime
from email.utils import format_datetime
from functools import lru_cache

from portfolio.mail.rules import safe_header

ENCODED_WORD_BYTES = 45
"""So many bytes make an encoded word of 72 signs, of the 75 that it may have."""
LONGEST_NAME = 200
"""Signs of a name."""

_ATOMS = re.compile(r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~ -]*")
_NOT_IN_ID = re.compile(r"[^A-Za-z0-9._-]")


def message(
    *,
    id: str,
    sender_name: str,
    sender: str,
    to_name: str,
    to: str,
    subject: str,
    text: str,
    html: str,
    reply_to: str,
    unsubscribe: str | None,
    host: str,
    date: datetime,
) -> bytes:
    """The whole letter, with CRLF at the end of each line.

    `id` begins the Message-ID, so a copy of the letter can be recognised. `reply_to` may be empty; `unsubscribe` is
    the address that ends the weekly letter with one POST (RFC 8058). `date` is aware.
    """
    boundary = f"=_{_NOT_IN_ID.sub('', id)}"
    lines = [
        _same_in_all(sender_name, sender, reply_to, host),
        f"To: {mailbox(to_name, to)}",
        f"Subject: {_unstructured(safe_header(subject), len('Subject: '))}",
        f"Date: {format_datetime(date)}",
        f"Message-ID: {message_id(id, host)}",
        f"X-Delivery-Id: {safe_header(id)}",
    ]
    if unsubscribe is not None:
        lines += [
            f"List-Unsubscribe: <{safe_header(unsubscribe)}>",
            "List-Unsubscribe-Post: List-Unsubscribe=One-Click",
        ]
    head = "\r\n".join(lines) + f'\r\nContent-Type: multipart/alternative; boundary="{boundary}"\r\n\r\n'
    between = f"--{boundary}\r\n"
    parts = (
        head.encode(),
        f"{between}{_PLAIN}".encode(),
        _quoted_printable(text),
        f"\r\n{between}{_HTML}".encode(),
        _quoted_printable(html),
        f"\r\n--{boundary}--\r\n".encode(),
    )
    return b"".join(parts)


def message_id(id: str, host: str) -> str:
    """The Message-ID of a letter: the same for every copy of it."""
    return f"<{_NOT_IN_ID.sub('', id)}@{host}>"


@lru_cache(maxsize=4096)
def mailbox(name: str, address: str) -> str:
    """A name and its one address, as a header shows them; a comma in the name makes no second one (EM-2)."""
    name, address = safe_header(name)[:LONGEST_NAME], safe_header(address)
    if not name:
        return address
    if not name.isascii() or "=?" in name:  # what looks encoded is decoded even in quotes
        return f"\r\n {_encoded(name, 0)}\r\n <{address}>"  # on lines of its own, most names are a single word
    if not _ATOMS.fullmatch(name):
        quoted = name.replace("\\", "\\\\").replace('"', '\\"')
        return f'"{quoted}" <{address}>'
    return f"{name} <{address}>"


_PLAIN = "Content-Type: text/plain; charset=utf-8\r\nContent-Transfer-Encoding: quoted-printable\r\n\r\n"
_HTML = "Content-Type: text/html; charset=utf-8\r\nContent-Transfer-Encoding: quoted-printable\r\n\r\n"


@lru_cache(maxsize=64)
def _same_in_all(sender_name: str, sender: str, reply_to: str, host: str) -> str:
    """The headers that are the same in every letter of a municipality; without a line break at the end.

    They say that a machine wrote the letter, so that no out-of-office answer comes back (EM-8).
    """
    lines = [
        f"From: {mailbox(sender_name, sender)}",
        f"List-Id: {mailbox('Förändringsportföljen', f'forandringsportfoljen.{host}')}",
        "Auto-Submitted: auto-generated",
        "X-Auto-Response-Suppress: All",
        "Content-Language: sv",
        "MIME-Version: 1.0",
    ]
    if reply_to:
        lines.append(f"Reply-To: {mailbox('', reply_to)}")
    return "\r\n".join(lines)


def _unstructured(line: str, used: int) -> str:
    """The text of a header without parts: as it is if it is ASCII, else in encoded words."""
    if line.isascii() and "=?" not in line:
        return line
    return _encoded(line, used)


def _encoded(line: str, used: int) -> str:
    """A text in encoded words, one to a line; `used` signs stand before it on the first line."""
    return "\r\n ".join(_encoded_words(line, ENCODED_WORD_BYTES - used))


def _encoded_words(line: str, room: int) -> Iterator[str]:
    """Each word holds whole characters: a reader decodes it by itself."""
    word = b""
    for sign in line:
        octets = sign.encode()
        if word and len(word) + len(octets) > room:
            yield f"=?utf-8?b?{b64encode(word).decode()}?="
            word, room = b"", ENCODED_WORD_BYTES
        word += octets
    yield f"=?utf-8?b?{b64encode(word).decode()}?="


def _quoted_printable(text: str) -> bytes:
    """A text in quoted-printable with lines of at most 76 signs, each ended by CRLF."""
    lines = text.replace("\r\n", "\n").replace("\r", "\n").replace("\n", "\r\n")
    ended = f"{lines}\r\n"  # the first line end tells the encoder which ones to write
    return b2a_qp(ended.encode("utf-8", "replace"), istext=True)[:-2]
