"""What an initiative gives and asks, and how the members of the ledningsgrupp would order the open proposals."""

from sqlalchemy import BigInteger, CheckConstraint, ForeignKey, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from portfolio.base.db import Base


class AssessmentRow(Base):
    """An initiative's nytta, angelägenhet and genomförbarhet, 1 to 3 each, and its costs in kronor.

    `cost` is paid once, `yearly_cost` every year afterwards; `funded_by_id` is the unit that finances both.
    """

    __tablename__ = "assessment"
    __table_args__ = (
        CheckConstraint("benefit BETWEEN 1 AND 3", name="benefit_1_to_3"),
        CheckConstraint("urgency BETWEEN 1 AND 3", name="urgency_1_to_3"),
        CheckConstraint("feasibility BETWEEN 1 AND 3", name="feasibility_1_to_3"),
        CheckConstraint("cost >= 0", name="cost_not_negative"),
        CheckConstraint("yearly_cost >= 0", name="yearly_cost_not_negative"),
    )

    initiative_id: Mapped[int] = mapped_column(ForeignKey("initiative.id", ondelete="CASCADE"), primary_key=True)
    benefit: Mapped[int | None]
    urgency: Mapped[int | None]
    feasibility: Mapped[int | None]
    cost: Mapped[int | None] = mapped_column(BigInteger)
    yearly_cost: Mapped[int | None] = mapped_column(BigInteger)
    funded_by_id: Mapped[int | None] = mapped_column(ForeignKey("unit.id"), index=True)


class OwnPlace(Base):
    """The place that one member gives one proposal in an order of their own. Nobody else ever reads it."""

    __tablename__ = "own_ranking"
    __table_args__ = (UniqueConstraint("person_id", "place"), CheckConstraint("place >= 1", name="place_positive"))

    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), primary_key=True)
    initiative_id: Mapped[int] = mapped_column(
        ForeignKey("initiative.id", ondelete="CASCADE"), primary_key=True, index=True
    )
    place: Mapped[int]


class ChangedAnswer(Base):
    """Somebody who has answered, changed or withdrawn their order since the picture of all was drawn last."""

    __tablename__ = "ranking_change"

    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), primary_key=True)


class DrawnSpread(Base):
    """What the members' orders said of one proposal when the picture of all was drawn last."""

    __tablename__ = "ranking_spread"

    initiative_id: Mapped[int] = mapped_column(ForeignKey("initiative.id", ondelete="CASCADE"), primary_key=True)
    answers: Mapped[int]
    middle: Mapped[int]
    low: Mapped[int]
    high: Mapped[int]
