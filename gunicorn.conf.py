"""How gunicorn serves the product: `make run`, and `.venv/bin/gunicorn wsgi:app` in production."""

import gc
import os
import sys

host, port = os.environ.get("HOST", "127.0.0.1"), os.environ.get("PORT", "5000")
if not port.isdecimal() or not 0 < int(port) < 65536:
    sys.exit(f"PORT: {port!r} is not a port number between 1 and 65535")

wsgi_app = "wsgi:app"
bind = f"{host}:{port}"

# One process with threads is enough for a municipality, and SQLite has one writer at a time anyway.
# WEB_CONCURRENCY, which gunicorn reads itself, asks for more processes on a larger PostgreSQL installation.
worker_class = "gthread"
threads = 8

# The socket that steers gunicorn lives in the user's home folder, which a container or a service account
# often lacks. Signals do all we need.
control_socket_disable = True


def on_starting(server: object) -> None:
    """Stop with one line, before the port opens, if a setting is wrong: a worker would be started again for ever."""
    from config import ConfigError, read_environment  # the product's folder is on the path only now

    try:
        read_environment(os.environ)
    except ConfigError as error:
        sys.exit(str(error))


def post_worker_init(worker: object) -> None:
    """Keep the garbage collector out of the way of the pages.

    A page of 200 initiatives makes enough objects to trigger full collections, and each of those walks
    everything the imports have left behind: the slowest answers become several times slower than the middle
    one. What exists once the product is loaded lives for ever, so it is frozen out of every collection, and a
    higher threshold makes the collections rarer.
    """
    gc.collect()
    gc.freeze()
    gc.set_threshold(50_000, 50, 50)
