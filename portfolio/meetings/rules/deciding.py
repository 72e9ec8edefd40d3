"""What a decision at the meeting must say beyond what it changes: who decides, of what kind, on what ground.

There is no voting: each decision has one decision maker.
"""

from collections.abc import Collection
from dataclasses import dataclass
from enum import StrEnum

from portfolio.base.errors import Invalid
from portfolio.initiatives.rules.kinds import Kind
from portfolio.initiatives.rules.statuses import UNDECIDED, Status

DECISION_MAKER = "Kommundirektör"
"""Who decides where nobody else is named and nobody is the chair."""

SETTLING = frozenset(
    {Kind.START, Kind.REJECT, Kind.RESCOPE, Kind.PAUSE, Kind.RESUME, Kind.COMPLETE, Kind.CLOSE, Kind.CANCEL}
)
"""The kinds that decide an ärende; the others only put it off, pass it on or tell of it."""


class Basis(StrEnum):
    """The kind of a decision, as the minutes say it."""

    INTERNAL = "internal"
    DELEGATED = "delegated"
    PROPOSAL = "proposal"
    INFORMATION = "information"


BASIS_WORDS = {
    Basis.INTERNAL: "Internt ledningsbeslut (verkställighet)",
    Basis.DELEGATED: "Delegationsbeslut",
    Basis.PROPOSAL: "Förslag till nämnd eller kommunstyrelse",
    Basis.INFORMATION: "Information",
}


@dataclass(frozen=True, slots=True)
class Ground:
    """`maker` is the function that decides, None for the chair's. `principal` answers whether the matter is one of
    principle or concerns the operation's aims, direction, extent or quality (KL 6 kap. 38 §). `point` is the point in
    the delegationsordning. `remark` is what somebody wants noted, `withheld` keeps the item out of the general
    minutes until its ärende is decided.
    """

    maker: str | None = None
    basis: Basis = Basis.INTERNAL
    point: str = ""
    principal: bool = False
    remark: str = ""
    withheld: bool = False


def ensure_ground(kind: Kind, ground: Ground) -> None:
    """Refuse with Invalid a decision that nobody at the meeting may take, or that does not say on what ground.

    A matter of principle may not be delegated (KL 6 kap. 38 §): it can only be referred, or be deferred, returned
    or noted meanwhile. A delegationsbeslut is reported to its nämnd (KL 6 kap. 40 §), so it names its point.
    """
    errors = {}
    if ground.principal and kind not in (Kind.REFER, Kind.DEFER, Kind.RETURN, Kind.NOTE):
        errors["principal"] = ["Då avgör nämnden eller kommunstyrelsen. Välj Hänskjut."]
    if ground.basis is Basis.DELEGATED and not ground.point.strip():
        errors["point"] = ["Skriv punkten i delegationsordningen, till exempel 3.2."]
    if errors:
        raise Invalid(errors)


def decider(maker: str) -> str:
    """The function alone, however somebody wrote it: the minutes themselves say with whom it was talked over."""
    return maker.partition("efter samråd")[0].strip(" ,")


def basis_told(basis: str, point: str) -> str:
    """The kind of a decision in words; a delegationsbeslut with its point in the delegationsordning."""
    word = BASIS_WORDS[Basis(basis)] if basis else ""
    if basis == Basis.DELEGATED and point.strip():
        return f"{word}, punkt {point.strip()} i delegationsordningen, anmäls till nämnd"
    return word


def is_undecided(kind: Kind, basis: str, since: Collection[Kind], status: Status) -> bool:
    """Whether the ärende of an item still waits to be decided.

    `since` are the kinds of what was decided on the initiative after the item, `status` is the initiative's now.
    """
    if SETTLING & {*since}:
        return False
    if kind is Kind.REFER or basis == Basis.PROPOSAL:
        return True
    return kind not in SETTLING and status in UNDECIDED
