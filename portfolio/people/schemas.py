"""The shape of what is sent about persons and sign-in."""

import re
from typing import Any

from marshmallow import ValidationError, fields, validates_schema
from marshmallow.validate import Length

from portfolio.people.rules import LetterRhythm, Role
from portfolio.web.fields import Choice, Day, Form, Text, WholeNumber

SHORTEST_PASSWORD = 12
LONGEST_PASSWORD = 200

_EMAIL = re.compile(r"[^@\s]+@[^@\s]+\.[^@\s.]+")


INVITATION_PATH = "/valkommen/{}"
"""Where the one-time link leads: people.invitation, also known to the commands, which serve no address."""


class Email(Text):
    """A work e-mail address."""

    def __init__(self, **options: Any):
        """As long as an address can be."""
        super().__init__(longest=254, **options)

    def _deserialize(self, value: object, attr: str | None, data: object, **options: object) -> str:
        text = super()._deserialize(value, attr, data, **options)
        if _EMAIL.fullmatch(text) is None:
            raise ValidationError("Skriv en e-postadress, till exempel anna.berg@kommunen.se.")
        return text.lower()


class Password(fields.String):
    """A password just as it was typed, spaces included."""


class SignInForm(Form):
    """E-mail address and password; `next` is the page to go to afterwards. Never says which of them is wrong."""

    email = Text(254, load_default="")
    password = Password(load_default="", validate=Length(max=LONGEST_PASSWORD))
    next = Text(2000, load_default="")


class DemoSignInForm(Form):
    """The person whose function was picked in the demo."""

    person = WholeNumber(1, 2**31 - 1, required=True)
    next = Text(2000, load_default="")


class PasswordForm(Form):
    """A password chosen twice."""

    password = Password(load_default="")
    confirm = Password(load_default="")

    @validates_schema
    def _is_good(self, data: dict[str, str], **_: object) -> None:
        if len(data["password"]) < SHORTEST_PASSWORD:
            raise ValidationError(f"Välj ett lösenord med minst {SHORTEST_PASSWORD} tecken.", "password")
        if len(data["password"]) > LONGEST_PASSWORD:
            raise ValidationError(f"Välj ett lösenord med högst {LONGEST_PASSWORD} tecken.", "password")
        if data["password"] != data["confirm"]:
            raise ValidationError("Lösenorden är inte lika. Skriv samma lösenord i båda fälten.", "confirm")


class PersonForm(Form):
    """A person as the page of persons adds them."""

    function = Text(120, required=True)
    email = Email(load_default=None)
    role = Choice(tuple(Role), required=True)
    unit = Text(20, load_default=None)


class EditPersonForm(PersonForm):
    """A person as the page of persons changes them; `version` is the one that was read."""

    version = WholeNumber(1, 2**31 - 1, required=True)


class TokenForm(Form):
    """An API token."""

    name = Text(80, required=True)
    role = Choice(tuple(Role), required=True)


class LetterRhythmForm(Form):
    """How often somebody wants the veckobrev."""

    rhythm = Choice(tuple(LetterRhythm), required=True)


class AbsenceForm(Form):
    """Days on which somebody is away; `substitute` is the id of who gets their letters meanwhile."""

    first_day = Day(required=True)
    last_day = Day(required=True)
    substitute = WholeNumber(1, 2**31 - 1, load_default=None)
