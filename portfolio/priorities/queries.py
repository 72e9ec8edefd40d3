"""Read what the ranked list shows, one's own order, and the picture that is drawn of all of them."""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import NamedTuple

from sqlalchemy import func, select

from portfolio.base.db import current_session
from portfolio.base.time import this_week
from portfolio.capacity.rules.burden import Burden, burden_of
from portfolio.initiatives.models import ImpactRow, Initiative, PhaseRow
from portfolio.initiatives.rules.statuses import UNDECIDED, Status, status_now
from portfolio.people.models import Person
from portfolio.people.rules import May, roles_that_may
from portfolio.priorities.models import AssessmentRow, ChangedAnswer, DrawnSpread, OwnPlace
from portfolio.priorities.rules.assessment import NOT_ASSESSED, Assessment
from portfolio.priorities.rules.spread import Spread, places_in
from portfolio.priorities.rules.suggestion import Candidate
from portfolio.units import queries as units


@dataclass(frozen=True, slots=True)
class Ranked:
    """An open initiative in the group's order. `owner_id` and `proposer_id` tell who may assess it."""

    id: int
    title: str
    status: Status
    owner_id: int | None
    proposer_id: int | None
    candidate: Candidate

    @property
    def code(self) -> str:
        """Its beteckning."""
        return self.candidate.code

    @property
    def is_proposal(self) -> bool:
        """Whether nobody has decided on it yet."""
        return self.status in UNDECIDED


RANKED = (
    Initiative.id,
    Initiative.code,
    Initiative.title,
    Initiative.status,
    Initiative.start_week,
    Initiative.rank,
    Initiative.legal_duty,
    Initiative.owner_id,
    Initiative.proposer_id,
)
ASSESSED = (AssessmentRow.benefit, AssessmentRow.urgency, AssessmentRow.feasibility, AssessmentRow.cost)


def ranked(now: datetime) -> list[Ranked]:
    """Every open initiative in the group's order, with what it gives and asks; always two questions."""
    wanted = select(*RANKED, *ASSESSED).outerjoin(AssessmentRow, AssessmentRow.initiative_id == Initiative.id)
    rows = current_session().execute(wanted.where(Initiative.rank.is_not(None)).order_by(Initiative.rank)).all()
    burdens, week = _burdens(), this_week(now)
    return [
        Ranked(
            one.id,
            one.title,
            status_now(Status(one.status), one.start_week, week),
            one.owner_id,
            one.proposer_id,
            Candidate(
                one.code,
                one.rank,
                one.legal_duty,
                Assessment(one.benefit, one.urgency, one.feasibility, one.cost),
                burdens.get(one.id, Burden()),
            ),
        )
        for one in rows
    ]


def _burdens() -> dict[int, Burden]:
    """What the plan of each open initiative lays on its units, by id."""
    impacts: dict[int, list[tuple[int, int | None]]] = defaultdict(list)
    wanted = (
        select(PhaseRow.initiative_id, PhaseRow.weeks, ImpactRow.impact)
        .join(ImpactRow, ImpactRow.phase_id == PhaseRow.id)
        .where(PhaseRow.initiative_id.in_(select(Initiative.id).where(Initiative.rank.is_not(None))))
    )
    for initiative_id, weeks, impact in current_session().execute(wanted):
        impacts[initiative_id].append((weeks, impact))
    return {initiative_id: burden_of(found) for initiative_id, found in impacts.items()}


def assessment_row(initiative_id: int) -> AssessmentRow | None:
    """What is stored of an initiative's assessment; None if nobody has made any."""
    return current_session().get(AssessmentRow, initiative_id)


def assessment_of(initiative_id: int) -> Assessment:
    """What an initiative gives and asks, as far as anybody has said."""
    row = assessment_row(initiative_id)
    if row is None:
        return NOT_ASSESSED
    funded_by = None if row.funded_by_id is None else units.codes_by_id()[row.funded_by_id]
    return Assessment(row.benefit, row.urgency, row.feasibility, row.cost, row.yearly_cost, funded_by)


class Proposal(NamedTuple):
    """An open proposal, as one orders it for oneself."""

    id: int
    code: str
    title: str
    legal_duty: bool


def open_proposals() -> list[Proposal]:
    """What nobody has decided on yet, in the group's order."""
    wanted = select(Initiative.id, Initiative.code, Initiative.title, Initiative.legal_duty)
    among = wanted.where(Initiative.status.in_(UNDECIDED))
    rows = current_session().execute(among.order_by(Initiative.rank, Initiative.id))
    return [Proposal(*row) for row in rows]


def own_order(person_id: int) -> list[int]:
    """The ids of the proposals in the order that a person has given them, also of those that are open no longer."""
    wanted = select(OwnPlace.initiative_id).where(OwnPlace.person_id == person_id).order_by(OwnPlace.place)
    return list(current_session().scalars(wanted))


def answers(open_ids: Sequence[int]) -> Iterator[dict[int, int]]:
    """Each answer of those who may answer today, as places among what is open; whose it is, nobody is told."""
    orders: dict[int, list[int]] = defaultdict(list)
    wanted = (
        select(OwnPlace.person_id, OwnPlace.initiative_id)
        .join(Person, Person.id == OwnPlace.person_id)
        .where(Person.active, Person.role.in_(roles_that_may(May.RANK)))
        .order_by(OwnPlace.person_id, OwnPlace.place)
    )
    for person_id, initiative_id in current_session().execute(wanted):
        orders[person_id].append(initiative_id)
    for order in orders.values():
        places = places_in(order, open_ids)
        if places:
            yield places


def number_asked() -> int:
    """How many there are who may answer."""
    wanted = select(func.count(Person.id)).where(Person.active, Person.role.in_(roles_that_may(May.RANK)))
    return current_session().scalar(wanted) or 0


def number_changed() -> int:
    """How many have answered, changed or withdrawn since the picture was drawn."""
    return current_session().scalar(select(func.count(ChangedAnswer.person_id))) or 0


def drawn_spreads(open_ids: Sequence[int]) -> dict[int, Spread]:
    """The picture as it was drawn last, of what is still open: {initiative's id: its spread}."""
    wanted = select(DrawnSpread).where(DrawnSpread.initiative_id.in_(open_ids))
    rows = current_session().scalars(wanted)
    return {row.initiative_id: Spread(row.answers, row.middle, row.low, row.high) for row in rows}
