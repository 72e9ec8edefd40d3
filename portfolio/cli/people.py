"""`person`: who may sign in. `token`: what may call the API."""

import click

from portfolio.base.db import transaction
from portfolio.base.errors import Invalid, NotFound
from portfolio.base.time import real_now
from portfolio.cli.frame import COMMAND_LINE, Commands, Refused
from portfolio.people import queries as people_queries
from portfolio.people.actions import persons, tokens
from portfolio.people.actions.invitations import invite
from portfolio.people.models import Person
from portfolio.people.rules import ROLE_WORDS, Role
from portfolio.people.schemas import INVITATION_PATH, PersonForm, TokenForm
from portfolio.units import queries as units
from portfolio.web.clock import now, settings
from portfolio.web.forms import check

ROLES = click.Choice([role.value for role in Role])

person = Commands("person", help="Add and deactivate persons.")


@person.command("add")
@click.argument("email", metavar="E-MAIL")
@click.option("--function", required=True, help="What the person is in the municipality, such as Kanslichef.")
@click.option("--role", required=True, type=ROLES)
@click.option("--unit", metavar="CODE", help="The unit that the person is chief of or works in.")
def add_person(email: str, function: str, role: str, unit: str | None) -> None:
    """Add a person and print the one-time link with which they choose a password."""
    sent = check(PersonForm(), {"email": email, "function": function, "role": role, "unit": unit})
    with transaction():
        added = persons.add_person(**sent | {"role": Role(role)}, by=COMMAND_LINE, now=now())
        link = _new_link(added)
    click.echo(f"{function} kan välja lösenord här inom sju dagar:")
    click.echo(link)


@person.command("invite")
@click.argument("who", metavar="E-MAIL|FUNCTION")
def invite_person(who: str) -> None:
    """Print a new one-time link; the earlier one is over."""
    with transaction():
        link = _new_link(_the_person(who))
    click.echo(link)


@person.command("deactivate")
@click.argument("who", metavar="E-MAIL|FUNCTION")
def deactivate_person(who: str) -> None:
    """Take a person out: every session of theirs ends at once."""
    with transaction():
        function = persons.deactivate(_the_person(who).id, by=COMMAND_LINE, now=now()).function
    click.echo(f"{function} kan inte längre logga in.")


@person.command("list")
def list_persons() -> None:
    """List everybody who is active."""
    codes = units.codes_by_id()
    for one in people_queries.persons(active_only=True):
        unit = codes[one.unit_id] if one.unit_id is not None else "-"
        click.echo(f"{one.function}\t{one.role}\t{unit}\t{one.email or '-'}")


def _the_person(who: str) -> Person:
    found = people_queries.find_person(who)
    if found is None:
        raise Invalid({"_form": [f"Det finns ingen aktiv person med funktionen eller adressen {who}."]})
    return found


def _new_link(one: Person) -> str:
    secret = invite(one.id, by=COMMAND_LINE, real_now=real_now())
    return settings().base_url + INVITATION_PATH.format(secret)


token = Commands("token", help="Create and revoke API tokens.")


@token.command("create")
@click.argument("name")
@click.option("--role", required=True, type=ROLES)
def create_token(name: str, role: str) -> None:
    """Create a token; it stands alone on the last line and is never shown again."""
    sent = check(TokenForm(), {"name": name, "role": role})
    with transaction():
        secret = tokens.create_token(sent["name"], Role(role), by=COMMAND_LINE, now=now())
    click.echo(f"Token {name} ({ROLE_WORDS[Role(role)]}). Den visas bara nu:")
    click.echo(secret)


@token.command("list")
def list_tokens() -> None:
    """List every token by name, with the beginning of its secret."""
    for one in people_queries.tokens():
        state = f"återkallad {one.revoked_at:%Y-%m-%d}" if one.revoked_at else "gäller"
        click.echo(f"{one.name}\t{one.role}\t{one.prefix}…\t{state}")


@token.command("revoke")
@click.argument("name")
def revoke_token(name: str) -> None:
    """Refuse every further call with a token."""
    try:
        with transaction():
            tokens.revoke_token(name, by=COMMAND_LINE, now=now())
    except NotFound:
        raise Refused(f"Det finns ingen token {name} som gäller.") from None
    click.echo(f"Token {name} är återkallad.")
