"""A move in the group's order, by button, keyboard or drag: a decision like any other, with its reason."""

from portfolio.base.db import transaction
from portfolio.base.errors import Invalid
from portfolio.initiatives.decisions.asked import Asked
from portfolio.initiatives.decisions.taking import decide
from portfolio.initiatives.pages.decision import undo_of
from portfolio.initiatives.pages.forms import RankForm
from portfolio.initiatives.rules.kinds import Kind
from portfolio.people.access import me
from portfolio.web.clock import now
from portfolio.web.flashes import tell
from portfolio.web.forms import number_in, read


def move() -> str:
    """Move the initiative that the form names to its place, and tell of it; the reason that was given."""
    form = read(RankForm())
    code, place = where_to(form["move"])
    asked = Asked(Kind.RERANK, form["reason"], rank=place)
    with transaction():
        outcome = decide(code, asked, by=me(), now=now())
        decision_id, got = outcome.decision.id, outcome.initiative.rank
    tell(f"Beslutat: {code} har plats {got}.", undo=undo_of(code, decision_id))
    reason: str = form["reason"]
    return reason


def where_to(written: str) -> tuple[str, int]:
    """What a button says: `FI-011 3` is FI-011 to the third place."""
    code, _, place = written.rpartition(" ")
    number = number_in(place)
    if not code or number is None:
        raise Invalid({"move": ["Välj vart initiativet ska flyttas."]})
    return code, number
