"""Priorities"""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """What initiatives give and ask, and the members' own orders of the proposals"""
    op.create_table(
        "assessment",
        sa.Column("initiative_id", sa.Integer(), nullable=False),
        sa.Column("benefit", sa.Integer(), nullable=True),
        sa.Column("urgency", sa.Integer(), nullable=True),
        sa.Column("feasibility", sa.Integer(), nullable=True),
        sa.Column("cost", sa.BigInteger(), nullable=True),
        sa.CheckConstraint("benefit BETWEEN 1 AND 3", name=op.f("ck_assessment_benefit_1_to_3")),
        sa.CheckConstraint("urgency BETWEEN 1 AND 3", name=op.f("ck_assessment_urgency_1_to_3")),
        sa.CheckConstraint("feasibility BETWEEN 1 AND 3", name=op.f("ck_assessment_feasibility_1_to_3")),
        sa.CheckConstraint("cost >= 0", name=op.f("ck_assessment_cost_not_negative")),
        sa.ForeignKeyConstraint(
            ["initiative_id"], ["initiative.id"], name=op.f("fk_assessment_initiative_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("initiative_id", name=op.f("pk_assessment")),
    )
    op.create_table(
        "own_ranking",
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("initiative_id", sa.Integer(), nullable=False),
        sa.Column("place", sa.Integer(), nullable=False),
        sa.CheckConstraint("place >= 1", name=op.f("ck_own_ranking_place_positive")),
        sa.ForeignKeyConstraint(
            ["initiative_id"], ["initiative.id"], name=op.f("fk_own_ranking_initiative_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_own_ranking_person_id")),
        sa.PrimaryKeyConstraint("person_id", "initiative_id", name=op.f("pk_own_ranking")),
        sa.UniqueConstraint("person_id", "place", name=op.f("uq_own_ranking_person_id_place")),
    )
    with op.batch_alter_table("own_ranking", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_own_ranking_initiative_id"), ["initiative_id"], unique=False)

    op.create_table(
        "ranking_change",
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_ranking_change_person_id")),
        sa.PrimaryKeyConstraint("person_id", name=op.f("pk_ranking_change")),
    )
    op.create_table(
        "ranking_spread",
        sa.Column("initiative_id", sa.Integer(), nullable=False),
        sa.Column("answers", sa.Integer(), nullable=False),
        sa.Column("middle", sa.Integer(), nullable=False),
        sa.Column("low", sa.Integer(), nullable=False),
        sa.Column("high", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["initiative_id"], ["initiative.id"], name=op.f("fk_ranking_spread_initiative_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("initiative_id", name=op.f("pk_ranking_spread")),
    )


def downgrade() -> None:
    """Back to reports, reminders and letters"""
    op.drop_table("ranking_spread")
    op.drop_table("ranking_change")
    with op.batch_alter_table("own_ranking", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_own_ranking_initiative_id"))

    op.drop_table("own_ranking")
    op.drop_table("assessment")
