"""Hur redo är ni? Five statements about a complex change, and what to do about the weakest of them."""

from dataclasses import asdict, dataclass

from portfolio.initiatives.rules.statuses import Status
from portfolio.initiatives.rules.triage import TriageClass

STATEMENTS = {
    "why": "Vi vet varför",
    "will": "Vi vill",
    "how": "Vi vet hur",
    "can": "Vi kan",
    "settled": "Det sitter",
}
"""By the fields of Readiness, in the order in which people come to them: each rests on those before it."""

LEVEL_WORDS = {1: "Stämmer inte", 2: "Stämmer delvis", 3: "Stämmer till stor del", 4: "Stämmer helt"}
LEAST, MOST = min(LEVEL_WORDS), max(LEVEL_WORDS)

ADVICE = {
    "why": "Berätta varför, och vad som händer om ni låter bli, innan ni gör mer.",
    "will": "Ta reda på vad som tar emot, och låt dem som berörs påverka hur det görs.",
    "how": "Visa och öva det nya arbetssättet innan fler börjar.",
    "can": "Ge tid, stöd och verktyg i vardagen innan tempot höjs.",
    "settled": "Följ upp i vardagen, så att ni inte går tillbaka till det gamla.",
}
ALL_IS_READY = "Fortsätt som ni gör. Allt stämmer helt."


@dataclass(frozen=True, slots=True)
class Readiness:
    """How true each of the five statements is of a unit, from LEAST to MOST."""

    why: int
    will: int
    how: int
    can: int
    settled: int

    @property
    def weakest(self) -> str:
        """The statement with the lowest figure; of several the first, since the others rest on it."""
        scores = asdict(self)
        return min(STATEMENTS, key=lambda name: scores[name])

    @property
    def lowest(self) -> int:
        """The figure of the weakest statement."""
        return int(getattr(self, self.weakest))

    @property
    def advice(self) -> str:
        """What to do next, in one sentence: the weakest statement decides."""
        return ALL_IS_READY if self.lowest == MOST else ADVICE[self.weakest]


def is_asked_for(triage_class: str | None, status: Status, step: str | None) -> bool:
    """Whether the receiving chefs are asked: something complex runs, and has come to Genomföra (`step`)."""
    return triage_class == TriageClass.COMPLEX and status is Status.ONGOING and step == "implement"
