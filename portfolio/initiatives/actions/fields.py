"""What stands in an initiative's row beside its plan."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import delete

from portfolio.base.db import current_session
from portfolio.base.errors import Invalid
from portfolio.base.text import fold
from portfolio.base.time import today
from portfolio.initiatives.models import AimRow, Initiative
from portfolio.scorecard.rules import Aims

TEXTS = (
    "title",
    "summary",
    "why",
    "if_we_wait",
    "assignment_source",
    "diarienummer",
    "legal_duty",
    "must_finish_by",
    "risk_assessed_on",
    "consulted_on",
)
"""The fields that change nothing in the load."""

DONE_ON = ("risk_assessed_on", "consulted_on")
"""The days on which something was done before the decision: what is to come has not been done."""
NOT_DONE_YET = "Skriv dagen då det gjordes. Den kan inte ligga framåt i tiden."


def ensure_done(fields: Mapping[str, Any], now: datetime) -> None:
    """Refuse with Invalid a day of DONE_ON that lies ahead."""
    ahead = [name for name in DONE_ON if fields.get(name) is not None and fields[name] > today(now)]
    if ahead:
        raise Invalid({name: [NOT_DONE_YET] for name in ahead})


def refold(initiative: Initiative) -> None:
    """Bring what search looks in up to date."""
    one = initiative
    folded = searched_texts(one.code, one.title, one.summary or "", one.diarienummer or "")
    one.title_folded, one.search_text = folded["title_folded"], folded["search_text"]


def searched_texts(code: str, title: str, summary: str, diarienummer: str = "") -> dict[str, str]:
    """The columns that search and import look in, from the texts that they fold."""
    texts = (code, title, summary, diarienummer)
    return {"title_folded": fold(title)[:200], "search_text": fold(" ".join(text for text in texts if text))}


def aim_at(initiative: Initiative, aims: Aims) -> None:
    """Put these aims in the place of those that were."""
    initiative.goal_text, initiative.programme_id = aims.text, aims.programme
    current_session().execute(delete(AimRow).where(AimRow.initiative_id == initiative.id))
    current_session().add_all(
        AimRow(initiative_id=initiative.id, goal_id=goal_id, place=place)
        for place, goal_id in enumerate(aims.areas, start=1)
    )


def touch(initiative: Initiative, now: datetime) -> None:
    """A new version: whoever read an older one is told so."""
    initiative.version += 1
    initiative.updated_at = now
