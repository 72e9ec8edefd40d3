"""The form of a concept: the text in its boxes before anybody knows whether it can be read.

A step's boxes are named `efforts.0.weeks`; one without weeks and impacts is not part of the concept.
"""

import re
from collections.abc import Mapping, Sequence
from typing import Any

from portfolio.base.errors import Invalid
from portfolio.concepts.models import ConceptRow
from portfolio.concepts.queries import efforts_in
from portfolio.concepts.rules.strength import Effort
from portfolio.concepts.schemas import ConceptForm
from portfolio.initiatives.rules.plans import PHASE_WORDS
from portfolio.web.forms import check

UNRATED = "?"
TEXTS = ("title", "problem", "fits", "steps", "pitfalls", "source", "source_name")
_BOX = re.compile(r"efforts\.(\d{1,2})\.(kind|weeks|leading|receiving)")

Values = dict[str, str]


def fields_of(values: Mapping[str, str]) -> tuple[dict[str, str], list[Effort]]:
    """The texts of the form and its steps; Invalid by the names of the boxes."""
    boxes = {at: one for at, one in boxes_of(values).items() if not _is_empty(one)}
    sent: dict[str, Any] = {name: text for name in TEXTS if (text := values.get(name, "").strip())}
    try:
        read = check(ConceptForm(), sent | {"efforts": [_sent(one) for one in boxes.values()]})
    except Invalid as error:
        raise _named_as_typed(error, list(boxes)) from None
    return {name: read[name] for name in TEXTS}, [Effort(**one) for one in read["efforts"]]


def boxes_of(values: Mapping[str, str]) -> dict[int, dict[str, str]]:
    """The steps as they stand in the form: {place: {box: text}}, in order."""
    found: dict[int, dict[str, str]] = {}
    for name, text in values.items():
        box = _BOX.fullmatch(name)
        if box:
            found.setdefault(int(box[1]), {})[box[2]] = text.strip()
    return dict(sorted(found.items()))


def values_of(row: ConceptRow) -> Values:
    """The form of a stored concept."""
    texts = {name: str(getattr(row, name)) for name in TEXTS}
    return texts | effort_values(efforts_in(row.efforts)) | {"version": str(row.version)}


def effort_values(efforts: Sequence[Effort]) -> Values:
    """The boxes of the steps; the ordinary ones that are missing are there to be filled in."""
    values: Values = {}
    for at, one in enumerate(_padded(efforts)):
        values[f"efforts.{at}.kind"] = one.kind
        values[f"efforts.{at}.weeks"] = str(one.weeks or "")
        values[f"efforts.{at}.leading"] = _level(one.leading)
        values[f"efforts.{at}.receiving"] = _level(one.receiving)
    return values


def _padded(efforts: Sequence[Effort]) -> Sequence[Effort]:
    kinds = [one.kind for one in efforts]
    if kinds != [kind for kind in PHASE_WORDS if kind in kinds]:
        return efforts
    known = {one.kind: one for one in efforts}
    return [known.get(kind, Effort(kind, 0)) for kind in PHASE_WORDS]


def _level(level: int | None) -> str:
    return UNRATED if level is None else str(level or "")


def _is_empty(boxes: Mapping[str, str]) -> bool:
    return not any(boxes.get(name) for name in ("weeks", "leading", "receiving"))


def _sent(boxes: Mapping[str, str]) -> dict[str, Any]:
    return {name: None if text == UNRATED else text for name, text in boxes.items() if text}


def _named_as_typed(error: Invalid, places: Sequence[int]) -> Invalid:
    return Invalid({_box(name, places): texts for name, texts in error.errors.items()})


def _box(name: str, places: Sequence[int]) -> str:
    """The schema counts only the steps that have something in them."""
    part = name.split(".")
    if part[0] == "efforts" and len(part) > 1 and part[1].isdigit():
        part[1] = str(places[int(part[1])])
    return ".".join(part)
