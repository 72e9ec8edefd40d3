"""What an initiative gives and what it asks: nytta, angelägenhet, genomförbarhet, cost and burden."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from enum import StrEnum
from typing import NamedTuple


class Criterion(StrEnum):
    """What an initiative is assessed by, from 1 to 3 each."""

    BENEFIT = "benefit"
    URGENCY = "urgency"
    FEASIBILITY = "feasibility"


CRITERION_WORDS = {
    Criterion.BENEFIT: "Nytta",
    Criterion.URGENCY: "Angelägenhet",
    Criterion.FEASIBILITY: "Genomförbarhet",
}

CRITERION_QUESTIONS = {
    Criterion.BENEFIT: "Hur mycket bättre blir det, och för hur många?",
    Criterion.URGENCY: "Vad händer om vi väntar?",
    Criterion.FEASIBILITY: "Har vi det som behövs för att lyckas?",
}


class Grade(NamedTuple):
    """One step of a criterion: its word in a table, how a sentence tells it, and what it means."""

    word: str
    told: str
    help: str


GRADES: Mapping[Criterion, Mapping[int, Grade]] = {
    Criterion.BENEFIT: {
        1: Grade("liten", "liten nytta", "Märks av få, eller bara hos oss själva."),
        2: Grade("måttlig", "måttlig nytta", "Märks tydligt av en grupp invånare eller medarbetare."),
        3: Grade("stor", "stor nytta", "Gör skillnad för många, eller mycket stor skillnad för några."),
    },
    Criterion.URGENCY: {
        1: Grade("kan vänta", "kan vänta", "Inget blir sämre om vi väntar ett år."),
        2: Grade("snart", "bör göras snart", "Det blir dyrare eller svårare för varje halvår vi väntar."),
        3: Grade("brådskar", "brådskar", "Något går förlorat eller går fel om vi inte börjar nu."),
    },
    Criterion.FEASIBILITY: {
        1: Grade(
            "svår", "svårt att genomföra", "Kompetens, pengar eller avtal saknas, och vi vet inte hur de ska ordnas."
        ),
        2: Grade("möjlig", "möjligt att genomföra", "Något måste komma på plats först, och vi vet vad."),
        3: Grade("god", "lätt att genomföra", "Vi har det som behövs och har gjort liknande förut."),
    },
}

MOST_KRONOR = 9_999_999_999
"""The highest cost that can be written."""


@dataclass(frozen=True, slots=True)
class Assessment:
    """What is known of an initiative: each criterion 1 to 3, the costs in kronor; None where nobody has said.

    `cost` is paid once, `yearly_cost` every year afterwards, both by the unit with the code `funded_by`.
    """

    benefit: int | None = None
    urgency: int | None = None
    feasibility: int | None = None
    cost: int | None = None
    yearly_cost: int | None = None
    funded_by: str | None = None

    @property
    def is_unfunded(self) -> bool:
        """Whether it costs something, and nobody has said who pays."""
        return bool(self.cost or self.yearly_cost) and self.funded_by is None

    @property
    def grades(self) -> dict[Criterion, int | None]:
        """The grade of each criterion."""
        return {one: getattr(self, one) for one in Criterion}

    @property
    def missing(self) -> list[Criterion]:
        """The criteria that nobody has assessed."""
        return [one for one, grade in self.grades.items() if grade is None]

    @property
    def value(self) -> int | None:
        """Nytta × angelägenhet × genomförbarhet, 1 to 27; None until all three are assessed."""
        if self.benefit is None or self.urgency is None or self.feasibility is None:
            return None
        return self.benefit * self.urgency * self.feasibility


NOT_ASSESSED = Assessment()


def changes_between(before: Assessment, after: Assessment) -> dict[str, list[int | str | None]]:
    """{field: [before, after]} of what a new assessment changes."""
    old, new = asdict(before), asdict(after)
    return {name: [old[name], new[name]] for name in new if old[name] != new[name]}
