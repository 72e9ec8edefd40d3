"""What a decision at the meeting must say beyond what it changes: who decides, of what kind, on what ground.

There is no voting: each decision has one decision maker.
"""

from dataclasses import dataclass
from enum import StrEnum

from portfolio.base.errors import Invalid
from portfolio.initiatives.rules import Kind

DECISION_MAKER = "Kommundirektören, efter samråd i ledningsgruppen"
"""Who decides where nobody else is named."""


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
    """`principal` answers whether the matter is one of principle or concerns the operation's aims, direction, extent
    or quality (KL 6 kap. 38 §). `point` is the point in the delegationsordning. `remark` is what somebody wants
    noted, `withheld` keeps the item out of the general minutes until its ärende is decided.
    """

    maker: str = DECISION_MAKER
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
