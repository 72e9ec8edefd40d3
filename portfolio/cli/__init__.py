"""The commands: `flask --app wsgi GROUP COMMAND`. `offer` joins them to the app.

Exit codes: 0 done, 1 refused (one clear line on stderr), 2 wrong usage (Click says which).

frame    who acts, and how a refusal is told
people   `person` and `token`
lists    `import` and `export`
copies   `backup` and `restore`
checks   `audit verify` and `check`
load     `load show`
clock    `clock run` and `clock tick`
outbox   `outbox status` and `outbox retry`
demo     `demo load` and `demo reset`
"""

from flask import Flask

from portfolio.cli.checks import audit, check
from portfolio.cli.clock import clock
from portfolio.cli.copies import backup, restore
from portfolio.cli.demo import demo
from portfolio.cli.lists import export, import_
from portfolio.cli.load import load
from portfolio.cli.outbox import outbox
from portfolio.cli.people import person, token

COMMANDS = (person, token, import_, export, backup, restore, audit, check, load, clock, outbox, demo)


def offer(app: Flask) -> None:
    """Join every command to the app."""
    for command in COMMANDS:
        app.cli.add_command(command)
