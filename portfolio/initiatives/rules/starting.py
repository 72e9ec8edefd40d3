"""What an initiative must have before it starts."""

from collections.abc import Iterable

from portfolio.base.errors import NotReady

MISSING_WORDS = {
    "owner": "en projektägare",
    "phases": "minst ett steg med antal veckor",
    "impacts_rated": "en bedömning av påverkan på varje enhet",
    "clear_assignment": "ett tydligt uppdrag",
    "ready_effects": "effektmål som är tydliga och går att följa upp",
}
"""What a start may lack, by the code words of `missing_for_start`."""


def missing_for_start(
    *, has_owner: bool, has_phases: bool, unrated: int, unclear: bool = False, effects_unready: int = 0
) -> list[str]:
    """What an initiative lacks before it may start (§4), as code words; empty when it is ready."""
    lacks = [
        ("owner", not has_owner),
        ("phases", not has_phases),
        ("impacts_rated", unrated > 0),
        ("clear_assignment", unclear),
        ("ready_effects", effects_unready > 0),
    ]
    return [word for word, is_missing in lacks if is_missing]


def ensure_ready(missing: Iterable[str], despite: str | None) -> None:
    """Refuse with NotReady if something is missing, unless a written reason says why it starts all the same."""
    lacking = list(missing)
    if lacking and not despite:
        raise NotReady(lacking)
