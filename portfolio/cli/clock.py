"""`clock`: what time itself changes."""

import click
from flask import Flask, current_app

from portfolio import clock as the_clock
from portfolio.cli.frame import Commands

clock = Commands("clock", help="Let time do its work: start weeks that come, exceptions that end.")


@clock.command("run")
def run_clock() -> None:
    """Tick once a minute until told to stop."""
    the_clock.run(_app())


@clock.command("tick")
def tick_clock() -> None:
    """Tick once and stop: for cron."""
    changed = the_clock.tick(_app())
    click.echo(f"Klockan har gått: {changed} ändringar.")


def _app() -> Flask:
    app: Flask = current_app._get_current_object()  # type: ignore[attr-defined]
    return app
