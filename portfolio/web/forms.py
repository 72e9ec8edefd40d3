"""What the user sent, checked: a form and a JSON body meet the same schema."""

from collections.abc import Mapping, Sequence
from types import MappingProxyType
from typing import Any, NamedTuple

from flask import request
from marshmallow import Schema, ValidationError, fields
from werkzeug.datastructures import MultiDict

from portfolio.base.errors import Invalid, Stale
from portfolio.web.addresses import LARGEST_ID

Errors = Mapping[str, Sequence[str]]
"""What is wrong with a form: sentences in Swedish by field, under `_form` what is wrong with all of it."""


class Typed(NamedTuple):
    """What a form has in its boxes, what is wrong with it, and whether somebody else changed the same meanwhile.

    `status` is that of the answer which shows it.
    """

    values: Mapping[str, Any]
    errors: Errors = MappingProxyType({})
    status: int = 200
    changed: bool = False


def kept(error: Invalid | Stale, sent: Mapping[str, str]) -> Typed:
    """A refused form with all that was typed: with what is wrong, or as the next version of what was changed."""
    if isinstance(error, Stale):
        return Typed({**sent, "version": str(error.current)}, status=412, changed=True)
    return Typed(sent, error.errors, status=422)


def read(schema: Schema) -> dict[str, Any]:
    """The fields of the request's form; Invalid with Swedish messages by field."""
    return check(schema, from_form(schema, request.form))


def check(schema: Schema, sent: object) -> dict[str, Any]:
    """What was sent, as the schema understands it; Invalid if it does not."""
    if not isinstance(sent, Mapping):
        raise Invalid({"_form": ["Skicka ett JSON-objekt."]})
    try:
        loaded: dict[str, Any] = schema.load(sent)
    except ValidationError as error:
        messages = error.normalized_messages()  # type: ignore[no-untyped-call]
        raise Invalid(flat_errors(messages)) from None
    return loaded


def from_form(schema: Schema, form: "MultiDict[str, str]") -> dict[str, Any]:
    """The form's fields as the schema names them; empty means absent, so that a cleared box really clears."""
    sent: dict[str, Any] = {}
    for name, field in schema.fields.items():
        key = field.data_key or name
        if isinstance(field, fields.List):
            sent[key] = [value.strip() for value in form.getlist(key) if value.strip()]
        elif isinstance(field, fields.Boolean):
            sent[key] = key in form
        elif form.get(key, "").strip():
            sent[key] = form[key].strip()
    return sent


def number_in(written: str | None) -> int | None:
    """The number in a hidden field or an address; None where there is none, or none that a row could have."""
    if not written or not written.isascii() or not written.isdecimal() or len(written) > len(str(LARGEST_ID)):
        return None
    return min(int(written), LARGEST_ID)


def flat_errors(messages: Mapping[str, Any], before: str = "") -> dict[str, list[str]]:
    """Nested messages as `{"phases.0.weeks": [...]}`."""
    found: dict[str, list[str]] = {}
    for key, value in messages.items():
        name = f"{before}{'_form' if key == '_schema' else key}"
        if isinstance(value, Mapping):
            found |= flat_errors(value, f"{name}.")
        else:
            found[name] = [str(message) for message in value]
    return found
