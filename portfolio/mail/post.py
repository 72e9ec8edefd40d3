"""The ways by which a letter leaves: a mail server, or a folder."""

import os
import re
import smtplib
import socket
import ssl
from collections.abc import Callable
from pathlib import Path
from time import monotonic
from types import TracebackType
from typing import Any, Protocol, Self, cast
from urllib.parse import parse_qs, unquote, urlsplit

from portfolio.mail.rules import Outcome, Stage, is_address, is_policy, outcome_of, safe_header

TIMEOUT_SECONDS = 30.0
"""How long to wait for each answer of a mail server; the standard library's default is for ever (SMTP-7)."""

MOST_OF_AN_ANSWER = 100_000
"""Bytes of one answer of a mail server; one that goes on for longer is not listened to."""

LONGEST_ANSWER = 300
"""Signs kept of a mail server's answer."""

_ID = re.compile(rb"^X-Delivery-Id: ([^\r\n]+)", re.MULTILINE)
_NOT_IN_A_NAME = re.compile(r"[^A-Za-z0-9._-]")


class Undelivered(Exception):
    """A letter was not handed over, or nobody knows; `line` says why: the mail server's answer, or ours in Swedish.

    `reached` is whether a mail server was ready for it at all. `bad_address` is whether it is the address that was
    refused for good.
    """

    def __init__(self, outcome: Outcome, line: str, *, reached: bool = True, bad_address: bool = False):
        """Keep what is known."""
        super().__init__(line)
        self.outcome, self.line = outcome, safe_header(line)[:LONGEST_ANSWER]
        self.reached, self.bad_address = reached, bad_address


class Post(Protocol):
    """A way for letters to leave. Within `with` it keeps its connection between them."""

    leaves_the_house: bool
    """Whether somebody outside may get the letter; the demo sends none such."""

    def __enter__(self) -> Self:
        """Begin to send."""
        ...

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Let go of the connection."""
        ...

    def hand_over(self, sender: str, to: str, message: bytes) -> None:
        """Hand over one letter to one receiver; Undelivered if it was not taken. Never inside a transaction."""
        ...


def post_for(mail_url: str, *, timeout: float = TIMEOUT_SECONDS) -> Post:
    """The way that `MAIL_URL` names; `timeout` in seconds."""
    if mail_url.startswith("file:"):
        return FilePost(Path(mail_url.removeprefix("file:")))
    return SMTPPost(mail_url, timeout=timeout)


class FilePost:
    """A folder with one `.eml` file for each letter; a copy takes the place of the first."""

    leaves_the_house = False

    def __init__(self, folder: Path):
        """Keep the folder, which is made when the first letter comes."""
        self.folder = folder

    def __enter__(self) -> Self:
        """Nothing is to be opened."""
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Nothing is to be closed."""

    def hand_over(self, sender: str, to: str, message: bytes) -> None:
        """Write the whole file or none."""
        found = _ID.search(message)
        name = _NOT_IN_A_NAME.sub("", found[1].decode()) if found else "brev"
        try:
            self.folder.mkdir(parents=True, exist_ok=True)
            being_written = self.folder / f".{name}.{os.getpid()}"
            with being_written.open("wb") as file:
                file.write(message)
                file.flush()  # to the operating system; fsync takes it to the disk
                os.fsync(file.fileno())
            being_written.replace(self.folder / f"{name}.eml")
        except OSError as error:
            raise Undelivered(Outcome.RETRY, f"{self.folder}: {error.strerror}", reached=False) from error


class SMTPPost:
    """A mail server: one receiver in each transaction (SMTP-10), many letters over one connection."""

    leaves_the_house = True

    def __init__(self, mail_url: str, *, timeout: float = TIMEOUT_SECONDS):
        """Read the address; nothing is connected before the first letter."""
        parts = urlsplit(mail_url)
        self.encrypted = parts.scheme == "smtps"
        self.starttls = parse_qs(parts.query).get("starttls") == ["1"]
        self.host, self.port = parts.hostname or "localhost", parts.port or (465 if self.encrypted else 25)
        self.user, self.password = unquote(parts.username or ""), unquote(parts.password or "")
        self.timeout = timeout
        self._connection: smtplib.SMTP | None = None
        self._stage = Stage.CONNECT

    def __enter__(self) -> Self:
        """Nothing is connected before the first letter."""
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Say goodbye, without waiting for long."""
        connection, self._connection = self._connection, None
        if connection is None:
            return
        try:
            connection.quit()
        except (OSError, smtplib.SMTPException):
            connection.close()

    def hand_over(self, sender: str, to: str, message: bytes) -> None:
        """One letter to one receiver; Undelivered unless the server said that it has it."""
        if not is_address(to):
            raise Undelivered(Outcome.FAILED, "Adressen är inte en giltig e-postadress.", bad_address=True)
        kept_from_before = self._connection is not None
        try:
            self._say(sender, to, message)
        except (OSError, smtplib.SMTPException, ValueError) as error:
            if kept_from_before and self._stage <= Stage.SENDER and self._is_gone(error):
                self._drop()  # the server has had enough of this connection, and not of the letter
                self.hand_over(sender, to, message)
                return
            raise self._undelivered(error) from error

    def _say(self, sender: str, to: str, message: bytes) -> None:
        self._stage = Stage.CONNECT
        connection = self._connected()
        self._stage = Stage.SENDER
        options = _options(connection, sender, to)
        _expect(connection.mail(_wire(sender), options), 250)
        self._stage = Stage.RECIPIENT
        _expect(connection.rcpt(_wire(to)), 250, 251)
        self._stage = Stage.DATA
        _expect(connection.docmd("DATA"), 354)
        connection.send(_with_stuffed_dots(message) + b".\r\n")
        self._stage = Stage.HANDED_OVER
        _expect(connection.getreply(), 250)

    def _connected(self) -> smtplib.SMTP:
        if self._connection is not None:
            return self._connection
        opens: Callable[..., smtplib.SMTP] = _EncryptedTalk if self.encrypted else _Talk
        with_context = {"context": ssl.create_default_context()} if self.encrypted else {}
        connection = opens(self.host, self.port, timeout=self.timeout, **with_context)
        try:
            if self.starttls:
                connection.starttls(context=ssl.create_default_context())
            connection.ehlo_or_helo_if_needed()
            if self.user:
                connection.login(self.user, self.password)
        except BaseException:
            connection.close()
            raise
        self._connection = connection
        return connection

    def _is_gone(self, error: BaseException) -> bool:
        """Whether the server has closed a connection that had been good, or says that it is about to."""
        if isinstance(error, smtplib.SMTPResponseException):
            return error.smtp_code == 421
        return isinstance(error, smtplib.SMTPServerDisconnected | ConnectionError) and not _is_timeout(error)

    def _undelivered(self, error: BaseException) -> Undelivered:
        """The same error as we tell it; afterwards the connection is ready for the next letter, or gone."""
        stage, outcome = self._stage, outcome_of(error, self._stage)
        if isinstance(error, smtplib.SMTPResponseException) and error.smtp_code != 421 and stage > Stage.CONNECT:
            self._start_over()
        elif not isinstance(error, smtplib.SMTPNotSupportedError):
            self._drop()
        bad_address = outcome is Outcome.FAILED and stage is Stage.RECIPIENT and not is_policy(error)
        return Undelivered(outcome, _told(error), reached=stage > Stage.CONNECT, bad_address=bad_address)

    def _start_over(self) -> None:
        """Forget the refused letter, and keep the connection for the next one."""
        try:
            if self._connection is not None:
                _expect(self._connection.docmd("RSET"), 250)
        except (OSError, smtplib.SMTPException):
            self._drop()

    def _drop(self) -> None:
        connection, self._connection = self._connection, None
        if connection is not None:
            connection.close()


class _Answers:
    """What a mail server says: each answer whole within `timeout` seconds, and no longer than can be borne.

    The standard library waits so long for each piece of an answer, so that one that drips never ends (SMTP-7).
    """

    def __init__(self, connection: socket.socket, timeout: float):
        """Nothing has been said yet."""
        self._connection, self._timeout = connection, timeout
        self._said, self._left, self._until = b"", 0, 0.0

    def begin(self) -> None:
        """Another answer is to come."""
        self._left, self._until = MOST_OF_AN_ANSWER, monotonic() + self._timeout

    def readline(self, _most: int) -> bytes:
        """The next line; empty if the connection has been closed."""
        while b"\n" not in self._said:
            more = self._more()
            if not more:
                return b""
            self._said += more
        line, _, self._said = self._said.partition(b"\n")
        return line + b"\n"

    def close(self) -> None:
        """The connection is closed by whoever has opened it."""

    def _more(self) -> bytes:
        left = self._until - monotonic()
        if left <= 0:
            raise TimeoutError
        self._connection.settimeout(left)
        try:
            more = self._connection.recv(4096)
        finally:
            self._connection.settimeout(self._timeout)
        self._left -= len(more)
        if self._left < 0:
            raise ConnectionAbortedError("the answer is too long")
        return more


class _Talk(smtplib.SMTP):
    """A talk with a mail server whose every answer comes in time, or not at all."""

    file: Any

    def getreply(self) -> tuple[int, bytes]:
        """The whole answer."""
        if self.file is None:  # a new connection, or one that has just become encrypted
            self.file = _Answers(cast("socket.socket", self.sock), self.timeout)
        self.file.begin()
        return super().getreply()


class _EncryptedTalk(_Talk, smtplib.SMTP_SSL):
    """The same over a connection that is encrypted from the beginning."""


def _expect(answer: tuple[int, bytes], *codes: int) -> None:
    if answer[0] not in codes:
        raise smtplib.SMTPResponseException(*answer)


def _options(connection: smtplib.SMTP, sender: str, to: str) -> tuple[str, ...]:
    """What MAIL needs to say about the addresses; SMTPNotSupportedError if the server cannot take them (SMTP-11)."""
    if _wire(sender).isascii() and _wire(to).isascii():
        return ()
    if not connection.has_extn("smtputf8"):
        raise smtplib.SMTPNotSupportedError(
            "Mejlservern klarar inte adresser med å, ä, ö eller andra särskilda tecken före @."
        )
    return ("SMTPUTF8", "BODY=8BITMIME")


def _wire(address: str) -> str:
    """An address as servers tell it to each other: the part after @ in ASCII, `kommun.xn--…`."""
    local, _, domain = address.rpartition("@")
    if domain.isascii():
        return address
    try:
        return f"{local}@{domain.encode('idna').decode()}"
    except UnicodeError:
        raise smtplib.SMTPNotSupportedError("Adressen är inte en giltig e-postadress.") from None


def _with_stuffed_dots(message: bytes) -> bytes:
    """A line that begins with a dot gets another one: a dot alone would end the letter."""
    return message.replace(b"\r\n.", b"\r\n..") if b"\r\n." in message else message


def _is_timeout(error: BaseException) -> bool:
    """Whether nobody answered in time; the standard library tells that as a lost connection."""
    return isinstance(error, TimeoutError) or isinstance(error.__context__, TimeoutError)


def _told(error: BaseException) -> str:
    """What the server answered, or what happened instead, in one line."""
    if isinstance(error, smtplib.SMTPResponseException):
        answer = error.smtp_error
        said = answer.decode("utf-8", "replace") if isinstance(answer, bytes) else str(answer)
        return f"Mejlservern svarade {error.smtp_code}: {said}"
    if isinstance(error, smtplib.SMTPNotSupportedError):
        return str(error)
    if _is_timeout(error):
        return "Mejlservern svarade inte i tid."
    if isinstance(error, smtplib.SMTPServerDisconnected | ConnectionResetError | BrokenPipeError):
        return "Mejlservern bröt förbindelsen."
    return f"Mejlservern kunde inte nås: {error}"
