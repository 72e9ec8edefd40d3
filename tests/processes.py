"""Processes of the tests' own, forked from one that has loaded the product once: to load it takes seconds."""

import os
import sys
from collections.abc import Callable, Mapping, Sequence
from multiprocessing import get_context
from pathlib import Path
from typing import Any

from tests.house.sources import ROOT

CONTEXT = get_context("forkserver")
CONTEXT.set_forkserver_preload(["portfolio.app", "gunicorn.app.wsgiapp"])

PROCESSORS = "PROCESSORS_OF_ALL_WORKERS"
"""The variable of the environment in which a worker that keeps to one processor notes all that there are."""

PATIENCE_SECONDS = 120
"""How long a process may take before it counts as stuck."""


def meet_on_sqlite(environment: Mapping[str, str]) -> None:
    """Let this process of a race run beside the others, not by turns with them on the one processor of a worker.

    SQLite answers at once: by turns a process would do all that it has to before another comes, and no two would
    ever meet. With PostgreSQL a turn ends at every question.
    """
    given = os.environ.get(PROCESSORS)
    if given and environment["DATABASE_URL"].startswith("sqlite"):
        os.sched_setaffinity(0, set(map(int, given.split(","))))


def exit_code_of(target: Callable[..., None], *args: Any) -> int | None:
    """Run a function in a process of its own; how that ended, or None if it never did."""
    process = CONTEXT.Process(target=target, args=args)
    process.start()
    process.join(PATIENCE_SECONDS)
    ended = process.exitcode
    process.kill()
    process.join()
    return ended


def flask(environment: Mapping[str, str], words: Sequence[str], log: Path) -> None:
    """Become one of the product's own commands; `target` of a process."""
    from flask.cli import main

    become(["flask", "--app", "wsgi", *words], environment, log)
    main()


def become(command: list[str], environment: Mapping[str, str], log: Path) -> None:
    """A program that is told this environment and nothing else, and writes what it says in the log."""
    os.environ.clear()
    os.environ.update(environment)
    os.chdir(ROOT)
    sys.argv = command
    speak_into(log)


def speak_into(log: Path) -> None:
    """Write in the log what would have stood on the screen."""
    output = os.open(log, os.O_WRONLY | os.O_CREAT | os.O_TRUNC)
    os.dup2(output, sys.stdout.fileno())
    os.dup2(output, sys.stderr.fileno())
