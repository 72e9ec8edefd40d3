"""`audit verify`: the event log holds. `check`: all the data does."""

import click
from flask.cli import with_appcontext

from portfolio.cli.frame import Command, Commands, Refused
from portfolio.outbox.queries import first_broken_event, newest_seq
from portfolio.overview.checks import breached_invariants
from portfolio.web.clock import now

audit = Commands("audit", help="Check the event log.")


@audit.command("verify")
def verify_audit() -> None:
    """Check that no event has been changed, inserted, removed or swapped."""
    broken = first_broken_event()
    if broken is not None:
        raise Refused(f"Händelseloggen håller inte från händelse {broken}: den är ändrad eller borttagen.")
    click.echo(f"Händelseloggen håller: {newest_seq()} händelser.")


@click.command("check", cls=Command)
@with_appcontext
def check() -> None:
    """Check every invariant of the data and name each breach."""
    breaches = list(breached_invariants(now()))
    for breach in breaches:
        click.echo(breach)
    if breaches:
        raise Refused(f"{len(breaches)} fel i databasen.")
    click.echo("Allt stämmer.")
