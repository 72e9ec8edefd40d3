"""The shape of a note in its form."""

from portfolio.web.fields import Form, Text

LONGEST_NOTE = 500


class NoteForm(Form):
    """What was changed in the way of working."""

    text = Text(LONGEST_NOTE, required=True, error_messages={"required": "Skriv vad ni har ändrat."})
