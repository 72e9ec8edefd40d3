"""`outbox`: what is on its way from events to those who react to them, and the letters."""

from collections.abc import Mapping
from typing import Any

import click

from portfolio.base.db import transaction
from portfolio.base.time import STOCKHOLM, real_now
from portfolio.cli.frame import Commands
from portfolio.letters import queries as letters
from portfolio.letters.rules import STATE_WORDS
from portfolio.outbox import actions, queries
from portfolio.outbox.rules import DELIVERY_WORDS
from portfolio.subscriptions import SUBSCRIPTIONS

outbox = Commands("outbox", help="See and retry what follows from events.")


@outbox.command("status")
def show_status() -> None:
    """Count deliveries and letters by state, and name every delivery that was given up, with its latest error."""
    beat_at = queries.clock_beat_at()
    told = "har inte gått än" if beat_at is None else f"gick senast {beat_at.astimezone(STOCKHOLM):%Y-%m-%d %H:%M:%S}"
    click.echo(f"Klockan: {told}")
    click.echo(f"Leveranser: {_counted(queries.deliveries_by_state(), DELIVERY_WORDS)}")
    click.echo(f"Brev: {_counted(letters.counts(), STATE_WORDS)}")
    for delivery, event in queries.given_up():
        click.echo(f"Händelse {event.seq} {event.type} till {delivery.handler}: {delivery.error}")


@outbox.command("retry")
def retry() -> None:
    """Try once more what was given up, and what an earlier version of the product did not know."""
    with transaction():
        dead = actions.retry_dead(real_now=real_now())
        known = actions.unpark(SUBSCRIPTIONS, real_now=real_now())
    click.echo(f"Försöks igen: {dead} uppgivna och {known} tidigare okända leveranser.")


def _counted(counts: Mapping[Any, int], words: Mapping[Any, str]) -> str:
    return ", ".join(f"{counts.get(state, 0)} {word[:1].lower()}{word[1:]}" for state, word in words.items())
