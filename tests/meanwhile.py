"""What somebody else is in the middle of while a test does something: in a thread, with a connection of its own."""

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from threading import Event, Thread

from portfolio.app import create_app
from portfolio.base.db import db, transaction

PATIENCE_SECONDS = 60


@contextmanager
def somebody_has_done(act: Callable[[], object], settings: Mapping[str, str]) -> Iterator[None]:
    """Another process of the product has done something in a transaction that lasts as long as the block."""
    did, over = Event(), Event()

    def work() -> None:
        with create_app(settings).app_context():
            with transaction():
                act()
                did.set()
                over.wait(PATIENCE_SECONDS)
            db.session.remove()
            db.engine.dispose()

    other = Thread(target=work)
    other.start()
    try:
        assert did.wait(PATIENCE_SECONDS)
        yield
    finally:
        over.set()
        other.join()
