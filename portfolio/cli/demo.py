"""`demo`: the demo municipality, with a calendar of its own. Never in production."""

import click

from portfolio.base.db import transaction
from portfolio.base.time import real_now
from portfolio.cli.frame import Commands, Refused
from portfolio.demo import actions
from portfolio.web.clock import settings

demo = Commands("demo", help="Fill the database with the demo municipality, or empty it.")


@demo.command("load")
@click.option("--force", is_flag=True, help="Empty the database first.")
@click.option("--if-empty", is_flag=True, help="Do nothing if somebody or something is there.")
def load_demo(force: bool, if_empty: bool) -> None:
    """Load the demo municipality; its calendar starts at Monday 2026-11-23 08.00."""
    _refuse_in_production()
    if if_empty and not actions.is_empty():
        return
    with transaction():
        if force:
            actions.reset()
        actions.load(real_now=real_now())
    click.echo("Demokommunen är inlagd. Kalendern står på måndag 23 november 2026.")


@demo.command("reset")
def reset_demo() -> None:
    """Empty the database and return to the real calendar."""
    _refuse_in_production()
    with transaction():
        actions.reset()
    click.echo("Databasen är tömd, och kalendern är den vanliga.")


def _refuse_in_production() -> None:
    if settings().production:
        raise Refused("Demon får inte användas i produktion: den tömmer databasen och flyttar kalendern.")
