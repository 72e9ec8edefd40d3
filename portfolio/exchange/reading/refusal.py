"""Why a file is not read, in the words that the person who chose it will see."""

from collections.abc import Mapping

from portfolio.base.errors import Invalid

_WANTED = "Filen måste vara Excel (.xlsx) eller csv."
_MESSAGES: Mapping[str, str] = {
    "too_large": "Filen är {megabytes} MB. Den får vara högst {limit} MB. Dela upp den i flera.",
    "wrong_type": _WANTED + " Du valde {chosen}.",
    "disguised": _WANTED + " Den här heter {suffix} men är {found}.",
    "locked": "Filen är skyddad med lösenord. Ta bort lösenordet i Excel och välj filen igen.",
    "unpacked_too_large": "Filen blir för stor när den packas upp, så den läses inte. Dela upp den i flera.",
    "too_many_parts": "Filen har fler än {limit} delar inuti, så den läses inte. Spara listan i en ny fil.",
    "damaged": "Filen är skadad och går inte att läsa. Öppna den i Excel, spara den på nytt och försök igen.",
    "too_many_rows": "Filen har fler än {limit} rader. Ta bort tomma rader i slutet eller dela upp filen.",
    "too_many_columns": "Filen har fler än {limit} kolumner. Ta bort tomma kolumner till höger om listan.",
    "unknown_sheet": "Bladet ”{sheet}” finns inte i filen. Bladen heter {sheets}.",
    "unclosed_quote": "En cell på rad {row} är för lång. Ofta saknas ett avslutande citattecken där.",
    "empty": "Filen innehåller inga rader.",
}


class UnreadableFile(Invalid):
    """A file that is not read in: `code` says why, `facts` with what numbers, `message` says it in Swedish.

    As `Invalid` it belongs to the field `file` of a form.
    """

    def __init__(self, code: str, **facts: object):
        """Word the refusal; KeyError for an unknown code."""
        self.code, self.facts = code, facts
        self.message = _MESSAGES[code].format(**{name: _written(fact) for name, fact in facts.items()})
        super().__init__({"file": [self.message]})


def _written(fact: object) -> str:
    """Numbers as Swedish writes them, 50 000 with a space that does not break."""
    return f"{fact:,}".replace(",", "\u00a0") if isinstance(fact, int) else str(fact)
