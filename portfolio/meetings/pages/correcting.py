"""What somebody writes in the forms about minutes: who was there, and what is corrected."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from marshmallow import fields

from portfolio.base.errors import Invalid
from portfolio.meetings.actions.minutes import Correction
from portfolio.meetings.rules.minutes import Attendance, Minutes, Participant
from portfolio.meetings.schemas import LONGEST_QUESTION
from portfolio.web.fields import Form, Text
from portfolio.web.forms import check

MORE = "more"
"""The row in which somebody writes one who was there beside the group."""
ROW = ("present", "substitute")
"""The boxes of each row."""
BOTH = "Den som var med har ingen ersättare. Ta bort bocken eller ersättaren."


class ParticipantForm(Form):
    """One row of who was there."""

    present = fields.Boolean(load_default=False)
    substitute = Text(120, load_default="")


class PlaceForm(Form):
    """Where the meeting was held, and who wrote down what it decided."""

    place = Text(120, load_default="")
    secretary = Text(120, load_default="")


class CorrectionForm(PlaceForm):
    """What a correction says beside who was there."""

    reason = Text(LONGEST_QUESTION, required=True, error_messages={"required": "Skriv varför du rättar."})
    more = Text(120, load_default="")


class RemarkForm(Form):
    """The remark of one item."""

    remark = Text(LONGEST_QUESTION, load_default="")


def participants_in(typed: Mapping[str, str], known: Sequence[Participant]) -> list[Participant]:
    """Who was there, as the form says of those who are `known`, and of one more; Invalid names the wrong boxes."""
    errors: dict[str, list[str]] = {}
    found = [_participant(typed, number, one.function, errors) for number, one in enumerate(known)]
    more = typed.get(MORE, "").strip()
    if errors:
        raise Invalid(errors)
    check(CorrectionForm(only=[MORE]), {MORE: more})
    return [*found, *([Participant(more, True)] if more else [])]


def attendance_in(typed: Mapping[str, str], known: Sequence[Participant]) -> Attendance:
    """What the draft says was noted, of those who are `known` and of one more; Invalid names the wrong boxes."""
    errors: dict[str, list[str]] = {}
    read, present = {}, []
    try:
        read = _place_in(typed)
    except Invalid as error:
        errors |= error.errors
    try:
        present = participants_in(typed, known)
    except Invalid as error:
        errors |= error.errors
    if errors:
        raise Invalid(errors)
    return Attendance(tuple(present), read["place"], read["secretary"])


def _place_in(typed: Mapping[str, str]) -> dict[str, Any]:
    form = PlaceForm()
    return check(form, {name: typed[name] for name in form.fields if typed.get(name, "").strip()})


def _participant(typed: Mapping[str, str], number: int, function: str, errors: dict[str, list[str]]) -> Participant:
    box, present = f"substitute.{number}", f"present.{number}" in typed
    try:
        substitute = check(ParticipantForm(only=["substitute"]), {"substitute": typed.get(box, "")})["substitute"]
    except Invalid as error:
        errors[box] = error.errors["substitute"]
        return Participant(function, present)
    if present and substitute:
        errors[box] = [BOTH]
    return Participant(function, present, substitute)


def correction_in(typed: Mapping[str, str], before: Minutes) -> Correction:
    """The correction that stands in the form; Invalid names each box that is wrong."""
    form = CorrectionForm()
    sent = {name: typed[name] for name in form.fields if typed.get(name, "").strip()}
    errors: dict[str, list[str]] = {}
    read, present = {}, []
    try:
        read = check(form, sent)
    except Invalid as error:
        errors |= error.errors
    try:
        present = participants_in(typed, before.participants)
    except Invalid as error:
        errors |= error.errors
    remarks = dict(_remarks(typed, before, errors))
    if errors:
        raise Invalid(errors)
    return Correction(read["reason"], present, read["place"], read["secretary"], remarks)


def _remarks(typed: Mapping[str, str], before: Minutes, errors: dict[str, list[str]]) -> Iterator[tuple[int, str]]:
    for item in before.items:
        box = f"remark.{item.number}"
        if box in typed:
            try:
                yield item.number, check(RemarkForm(), {"remark": typed[box].replace("\r\n", "\n")})["remark"]
            except Invalid as error:
                errors[box] = error.errors["remark"]


def kept_in(typed: Mapping[str, str], current: Minutes) -> dict[str, str]:
    """What was typed, with the rows of who was there that have come since the form was drawn."""
    written, first_new = written_in(current), sum(name.startswith("substitute.") for name in typed)
    new = [f"{name}.{number}" for number in range(first_new, len(current.participants)) for name in ROW]
    return {name: written[name] for name in new if name in written} | dict(typed)


def written_in(minutes: Minutes) -> dict[str, str]:
    """What the forms show of minutes before anybody has written in them."""
    shown = {"version": str(minutes.version), "place": minutes.place, "secretary": minutes.secretary}
    for number, one in enumerate(minutes.participants):
        shown |= {f"present.{number}": "on"} if one.present else {}
        shown[f"substitute.{number}"] = one.substitute
    return shown | {f"remark.{item.number}": item.remark for item in minutes.items}
