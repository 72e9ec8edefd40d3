"""`clock`: what time itself changes, what follows from events, and the letters."""

import click
from flask import Flask, current_app

from portfolio import clock as the_clock
from portfolio.cli.frame import Commands

clock = Commands("clock", help="Let time do its work, and send what is to be sent.")


@clock.command("run")
def run_clock() -> None:
    """Follow the calendar and send what is due until told to stop (SIGTERM). Any number may run."""
    the_clock.run(_app())


@clock.command("tick")
def tick_clock() -> None:
    """Do once all that is due, and stop: for cron."""
    done = the_clock.tick(_app())
    counts = ", ".join(f"{done[step]} {word}" for step, word in the_clock.STEP_WORDS.items())
    click.echo(f"Klockan har gått: {counts}.")


def _app() -> Flask:
    app: Flask = current_app._get_current_object()  # type: ignore[attr-defined]
    return app
