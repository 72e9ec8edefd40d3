"""The queue for SQLite's only write lock: who came first is let in first.

SQLite has no queue of its own. It lets a writer sleep and try again, so that one who has waited for long is passed
by those who have just come, and on a busy machine some wait in vain.

Every writer takes the next number from a small file beside the database, locks the byte of that number, and waits
until nobody holds the byte of the number before. The system drops the locks of a process that dies, so a number
never outlives its writer, and what stands in the file needs no care: a lost or damaged counter only begins anew.
See docs/adr/0004-one-lock-on-two-databases.md.
"""

import fcntl
import os
import stat
import struct
from collections.abc import Iterator
from contextlib import contextmanager
from time import monotonic, sleep

from portfolio.base.errors import Busy

RETRY_SECONDS = 0.001
"""How long a writer sleeps before it looks again whether its turn has come."""

_COUNTER = struct.Struct("<Q")
_NUMBERS = 2**62
"""So many bytes can be locked: they need not exist."""

# Locks of an open file, not of a process: two threads queue as two processes do.
_FLOCK = struct.Struct("hhqqi0q")


@contextmanager
def turn(path: str, give_up_at: float) -> Iterator[None]:
    """Wait for one's turn in the queue of the database at `path` and keep it for as long as the block lasts.

    `give_up_at` is a time of `monotonic()`. Raises Busy when it has come.
    """
    file = _opened(path)
    try:
        _wait_until_free(file, 0, give_up_at)
        mine = _next_number(file)
        _wait_until_free(file, mine, give_up_at)
        _let_go(file, 0)
        _wait_until_free(file, mine - 1, give_up_at)
        yield
    finally:
        os.close(file)


def _opened(path: str) -> int:
    """The queue's file, which belongs to whoever the database belongs to, whoever was the first to queue."""
    try:
        return os.open(f"{path}-queue", os.O_RDWR | os.O_CLOEXEC)
    except FileNotFoundError:
        file = os.open(f"{path}-queue", os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    known = os.stat(path) if os.path.exists(path) else None
    if known is not None and os.fstat(file).st_uid == os.geteuid():
        os.fchmod(file, stat.S_IMODE(known.st_mode))
        if os.geteuid() == 0:
            os.fchown(file, known.st_uid, known.st_gid)
    return file


def _next_number(file: int) -> int:
    """One more than the number taken last, and from 2 again if what stands in the file cannot be a number."""
    [last] = _COUNTER.unpack(os.pread(file, _COUNTER.size, 0).ljust(_COUNTER.size, b"\0"))
    mine = last + 1 if 0 < last < _NUMBERS else 2
    os.pwrite(file, _COUNTER.pack(mine), 0)
    return mine


def _wait_until_free(file: int, byte: int, give_up_at: float) -> None:
    """Lock the byte as soon as nobody else holds it."""
    while True:
        try:
            fcntl.fcntl(file, fcntl.F_OFD_SETLK, _FLOCK.pack(fcntl.F_WRLCK, os.SEEK_SET, byte, 1, 0))
        except BlockingIOError as error:
            if monotonic() > give_up_at:
                raise Busy from error
            sleep(RETRY_SECONDS)
        else:
            return


def _let_go(file: int, byte: int) -> None:
    fcntl.fcntl(file, fcntl.F_OFD_SETLK, _FLOCK.pack(fcntl.F_UNLCK, os.SEEK_SET, byte, 1, 0))
