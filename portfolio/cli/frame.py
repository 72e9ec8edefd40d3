"""What all commands share: who acts in them, and how a refusal is told."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import click
from flask.cli import AppGroup
from sqlalchemy.exc import DBAPIError

from portfolio.base.errors import Invalid, Refusal
from portfolio.people.rules import Actor, Role
from portfolio.web.problems import problem_of

COMMAND_LINE = Actor("Kommandorad", Role.ADMIN)
"""Who acts in a command: whoever may run one on the server administers the product."""


class Refused(click.ClickException):
    """A command that did nothing, and the one line that says why."""

    def show(self, file: Any = None) -> None:
        """Write the line on stderr."""
        click.echo(self.message, err=True)


class Commands(AppGroup):
    """A group of commands whose refusals are told in one line."""

    def invoke(self, ctx: click.Context) -> Any:
        """Run the command."""
        with _telling():
            return super().invoke(ctx)


class Command(click.Command):
    """A command of its own whose refusals are told in one line."""

    def invoke(self, ctx: click.Context) -> Any:
        """Run the command."""
        with _telling():
            return super().invoke(ctx)


@contextmanager
def _telling() -> Iterator[None]:
    try:
        yield
    except Refusal as refusal:
        raise Refused(_in_words(refusal)) from refusal
    except OSError as error:
        raise Refused(f"{error.filename}: {error.strerror}") from error
    except DBAPIError as error:
        reason = str(error.orig).strip().splitlines()[0]
        lacks_tables = "no such table" in reason or "does not exist" in reason
        advice = "Är den skapad? flask --app wsgi db upgrade" if lacks_tables else "Stämmer DATABASE_URL?"
        raise Refused(f"Databasen: {reason}. {advice}") from error


def _in_words(refusal: Refusal) -> str:
    if isinstance(refusal, Invalid):
        named = [(name, text) for name, texts in refusal.errors.items() for text in texts]
        return " ".join(text if name == "_form" else f"{name}: {text}" for name, text in named)
    return problem_of(refusal).detail
