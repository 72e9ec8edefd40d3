"""The forms about meetings."""

from marshmallow import fields

from portfolio.web.fields import Form, Text

LONGEST_QUESTION = 500


class QuestionForm(Form):
    """A question about an item."""

    item = fields.String(required=True)
    text = Text(LONGEST_QUESTION, required=True, error_messages={"required": "Skriv din fråga."})


class AddForm(Form):
    """An initiative that somebody puts on the agenda."""

    code = Text(20, required=True, error_messages={"required": "Skriv beteckningen, till exempel FI-011."})
    reason = Text(
        LONGEST_QUESTION, required=True, error_messages={"required": "Skriv vad gruppen ska ta ställning till."}
    )
