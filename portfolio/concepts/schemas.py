"""The shape of a concept and its steps."""

from marshmallow import fields

from portfolio.concepts.rules.reuse import Source
from portfolio.initiatives.rules.plans import PHASE_WORDS
from portfolio.web.fields import Choice, Form, Text, WholeNumber

LONGEST_TEXT = 5000
WEEKS_HELP = "Skriv hur många veckor steget tar, till exempel 16."


class EffortForm(Form):
    """One step: how long it takes, and what it does to whoever leads and whoever receives."""

    kind = Choice(tuple(PHASE_WORDS), required=True)
    weeks = WholeNumber(1, 260, required=True, error_messages={"required": WEEKS_HELP, "invalid": WEEKS_HELP})
    leading = WholeNumber(0, 3, load_default=0, allow_none=True)
    receiving = WholeNumber(0, 3, load_default=0, allow_none=True)


class ConceptForm(Form):
    """A concept: what it is called, and five things to say of it."""

    title = Text(200, required=True, error_messages={"required": "Skriv vad konceptet ska heta."})
    problem = Text(LONGEST_TEXT, required=True, error_messages={"required": "Skriv vilket problem det löser."})
    fits = Text(LONGEST_TEXT, load_default="")
    steps = Text(
        LONGEST_TEXT, required=True, error_messages={"required": "Skriv hur man gör, ett steg på varje rad."}
    )
    pitfalls = Text(LONGEST_TEXT, load_default="")
    source = Choice(tuple(Source), load_default=Source.OWN)
    source_name = Text(200, load_default="")
    efforts = fields.List(fields.Nested(EffortForm), load_default=list)
