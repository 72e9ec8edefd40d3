"""`backup` and `restore`: the whole database in one file, the same for SQLite and PostgreSQL."""

import gzip
import os
from pathlib import Path

import click
from flask.cli import with_appcontext

from portfolio.base.db import transaction
from portfolio.base.errors import Invalid
from portfolio.base.time import real_now
from portfolio.cli.frame import Command
from portfolio.exchange.actions.copies import backup_lines, restore_lines

READABLE_BY_ITS_OWNER = 0o600
"""A backup holds password hashes."""


@click.command("backup", cls=Command)
@click.argument("file", type=click.Path(dir_okay=False, path_type=Path))
@with_appcontext
def backup(file: Path) -> None:
    """Write a backup to FILE, while the product runs; compressed."""
    unfinished = file.with_name(f"{file.name}.unfinished")
    unfinished.touch(mode=READABLE_BY_ITS_OWNER)
    try:
        with gzip.open(unfinished, "wt", encoding="utf-8", newline="\n") as copy:
            copy.writelines(backup_lines(real_now()))
        os.replace(unfinished, file)
    finally:
        unfinished.unlink(missing_ok=True)
    click.echo(f"Säkerhetskopian ligger i {file}.")


@click.command("restore", cls=Command)
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@with_appcontext
def restore(file: Path) -> None:
    """Put a backup into an empty, migrated database."""
    try:
        with transaction(), gzip.open(file, "rt", encoding="utf-8") as copy:
            rows = restore_lines(copy)
    except (OSError, EOFError, UnicodeDecodeError):
        raise Invalid(
            {"_form": [f"Filen {file} är skadad eller ingen säkerhetskopia. Inget har lästs in."]}
        ) from None
    click.echo(f"{rows} rader är tillbaka.")
