"""A real mail server that misbehaves as told.

In the tests' own process: `with MailServer() as server: server.faults["MAIL"] = ["451 later"]`. In a process of its
own, for senders that are killed: `python -m tests.letters.smtp_server FILE` prints its port and writes the
Message-ID of every letter that it has accepted to FILE, before it says so.
"""

import asyncio
import sys
from collections import defaultdict
from collections.abc import Callable
from dataclasses import dataclass, field
from email import message_from_bytes, policy
from email.message import Message
from pathlib import Path
from threading import Event, Thread
from typing import Any, Self

from aiosmtpd.smtp import SMTP, Envelope, Session

HANG, DROP, DROP_HALFWAY = "hang", "drop", "drop halfway"
"""Faults that are no answer: say nothing, break the connection, break it when half of the letter has come."""

HANG_SECONDS = 30


@dataclass
class Mailbox:
    """What the server has accepted, and what it is to do wrong: at each stage the faults come one after the other.

    Stages are CONNECT, MAIL, RCPT, DATA (before the letter), DOT (after it, not accepted) and ACCEPTED (after it).
    A fault is an answer such as `451 later`, or HANG or DROP; an empty one is none.
    """

    faults: dict[str, list[str]] = field(default_factory=lambda: defaultdict(list))
    refused: dict[str, str] = field(default_factory=dict)
    """Receivers that are always refused, with the answer."""
    letters: list[tuple[str, Message]] = field(default_factory=list)
    """Receiver and letter, in the order of arrival."""
    connections: int = 0
    arrived: Event = field(default_factory=Event)
    """Set once a whole letter has come, whatever becomes of it."""
    on_accept: Callable[[str], object] = lambda _: None
    transports: list[asyncio.Transport] = field(default_factory=list)

    def fault(self, stage: str) -> str:
        """What is to go wrong now."""
        return self.faults[stage].pop(0) if self.faults[stage] else ""

    async def handle_MAIL(
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        """MAIL FROM."""
        answer = await misbehave(server, self.fault("MAIL"))
        envelope.mail_from = address
        return answer or "250 OK"

    async def handle_RCPT(
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        """RCPT TO."""
        answer = await misbehave(server, self.fault("RCPT")) or self.refused.get(address, "")
        if not answer:
            envelope.rcpt_tos.append(address)
        return answer or "250 OK"

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:
        """The whole letter has come."""
        self.arrived.set()
        if answer := await misbehave(server, self.fault("DOT")):
            return answer
        letter = message_from_bytes(envelope.content or b"", policy=policy.default)  # type: ignore[arg-type]
        self.letters += [(receiver, letter) for receiver in envelope.rcpt_tos]
        self.on_accept(str(letter["Message-ID"]))
        return await misbehave(server, self.fault("ACCEPTED")) or "250 OK"


async def misbehave(server: SMTP, fault: str) -> str:
    """Hang or drop the connection; any other fault is the answer."""
    if fault == HANG:
        await asyncio.sleep(HANG_SECONDS)
    if fault == DROP:
        server.transport.abort()
        return "451 nobody hears this"
    return fault


class Misbehaving(SMTP):
    """One connection."""

    async def _handle_client(self) -> None:
        self.event_handler.connections += 1
        self.event_handler.transports.append(self.transport)
        if not await misbehave(self, self.event_handler.fault("CONNECT")):
            await super()._handle_client()

    async def smtp_DATA(self, arg: str) -> None:
        """Before the letter itself."""
        fault = self.event_handler.fault("DATA")
        if fault == DROP_HALFWAY:
            await self.push("354 go on")
            await self._reader.read(100)
            fault = DROP
        if not fault:
            await super().smtp_DATA(arg)
        elif answer := await misbehave(self, fault):
            await self.push(answer)


class MailServer(Mailbox):
    """The server in a thread of the tests' own process."""

    def __init__(self, *, utf8: bool = True) -> None:
        super().__init__()
        self.port = 0
        self.utf8 = utf8
        self._loop = asyncio.new_event_loop()
        self._ready = Event()
        self._thread = Thread(target=self._run, daemon=True)

    @property
    def url(self) -> str:
        """What MAIL_URL says."""
        return f"smtp://127.0.0.1:{self.port}"

    @property
    def receivers(self) -> list[str]:
        """Who has got a letter, one word for each copy."""
        return [receiver for receiver, _ in self.letters]

    def __enter__(self) -> Self:
        self._thread.start()
        assert self._ready.wait(10)
        return self

    def __exit__(self, *_: object) -> None:
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join(10)

    def _run(self) -> None:
        server = self._loop.run_until_complete(listen(self, self._loop, utf8=self.utf8))
        self.port = server.sockets[0].getsockname()[1]
        self._ready.set()
        self._loop.run_forever()
        server.close()
        self._loop.run_until_complete(self._hang_up())
        self._loop.close()

    async def _hang_up(self) -> None:
        """Leave no connection behind."""
        for transport in self.transports:
            transport.abort()
        rest = asyncio.all_tasks() - {asyncio.current_task()}
        for task in rest:
            task.cancel()
        await asyncio.gather(*rest, return_exceptions=True)
        await asyncio.sleep(0)


async def listen(mailbox: Mailbox, loop: Any, *, utf8: bool = True) -> asyncio.Server:
    """Serve a mailbox on a free port."""

    def connection() -> SMTP:
        return Misbehaving(mailbox, enable_SMTPUTF8=utf8, loop=loop)

    server: asyncio.Server = await loop.create_server(connection, "127.0.0.1", 0)
    return server


async def serve(path: Path) -> None:
    """Serve until killed; write down every accepted Message-ID at once."""
    with path.open("a", buffering=1) as file:
        mailbox = Mailbox(on_accept=lambda name: file.write(f"{name}\n"))
        server = await listen(mailbox, asyncio.get_running_loop())
        sys.stdout.write(f"{server.sockets[0].getsockname()[1]}\n")
        sys.stdout.flush()
        await server.serve_forever()


if __name__ == "__main__":
    asyncio.run(serve(Path(sys.argv[1])))
