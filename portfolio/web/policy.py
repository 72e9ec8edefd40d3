"""Who may visit a view. Every view declares it here; people/access.py refuses the ones that do not."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, TypeVar

View = TypeVar("View", bound=Callable[..., Any])


@dataclass(frozen=True, slots=True)
class Policy:
    """Who may visit: anyone at all, or those who are signed in and have one of the rights (none: all of them)."""

    anyone: bool = False
    rights: tuple[str, ...] = ()


def public(view: View) -> View:
    """Anyone may visit, signed in or not."""
    return _declare(view, Policy(anyone=True))


def signed_in(view: View) -> View:
    """Everybody who is signed in may visit; what they may do there is for the rules to say."""
    return _declare(view, Policy())


def requires(*rights: str) -> Callable[[View], View]:
    """Only those who have one of the rights (people/rules.py, `May`) may visit."""
    return lambda view: _declare(view, Policy(rights=rights))


def policy_of(view: object) -> Policy | None:
    """What a view has declared; None if it has forgotten to."""
    declared = getattr(view, "policy", None)
    return declared if isinstance(declared, Policy) else None


def _declare(view: View, policy: Policy) -> View:
    view.policy = policy  # type: ignore[attr-defined]
    return view
