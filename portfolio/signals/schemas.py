"""The shape of what is worth knowing in its form."""

from portfolio.signals.rules import LONGEST_LINK, LONGEST_TEXT, LONGEST_TITLE
from portfolio.web.fields import Form, Text

WHAT_MISSING = "Skriv vad det handlar om."
WHY_MISSING = "Skriv en mening om varför det är värt att veta."


class SignalForm(Form):
    """What one tells. `initiatives` are codes as people list them."""

    title = Text(LONGEST_TITLE, required=True, error_messages={"required": WHAT_MISSING})
    text = Text(LONGEST_TEXT, required=True, error_messages={"required": WHY_MISSING})
    link = Text(LONGEST_LINK, load_default="")
    initiatives = Text(200, load_default="")
