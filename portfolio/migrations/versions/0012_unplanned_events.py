"""Unplanned events and changes of the organisation"""

import sqlalchemy as sa
from alembic import op

import portfolio.base.db

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """What takes a unit's strength without anybody's decision, and what becomes of units from a week on"""
    op.create_table(
        "unplanned_event",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("unit_id", sa.Integer(), nullable=False),
        sa.Column("level", sa.Integer(), nullable=False),
        sa.Column("from_week", portfolio.base.db.IsoWeek(), nullable=False),
        sa.Column("to_week", portfolio.base.db.IsoWeek(), nullable=True),
        sa.Column("counts_to", portfolio.base.db.IsoWeek(), nullable=False),
        sa.Column("reason", sa.String(length=200), nullable=False),
        sa.Column("registered_by", sa.String(length=120), nullable=False),
        sa.Column("registered_at", portfolio.base.db.UTCDateTime(timezone=True), nullable=False),
        sa.Column("ended_at", portfolio.base.db.UTCDateTime(timezone=True), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint("level BETWEEN 1 AND 3", name=op.f("ck_unplanned_event_level_is_rated")),
        sa.ForeignKeyConstraint(["unit_id"], ["unit.id"], name=op.f("fk_unplanned_event_unit_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_unplanned_event")),
    )
    with op.batch_alter_table("unplanned_event", schema=None) as batch_op:
        batch_op.create_index("ix_unplanned_event_unit_id_counts_to", ["unit_id", "counts_to"], unique=False)

    op.create_table(
        "reorganisation",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=10), nullable=False),
        sa.Column("from_week", portfolio.base.db.IsoWeek(), nullable=False),
        sa.Column("told", sa.Text(), nullable=False),
        sa.Column("decided_by", sa.String(length=120), nullable=False),
        sa.Column("decided_at", portfolio.base.db.UTCDateTime(timezone=True), nullable=False),
        sa.Column("undone_at", portfolio.base.db.UTCDateTime(timezone=True), nullable=True),
        sa.Column("done_at", portfolio.base.db.UTCDateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_reorganisation")),
    )
    op.create_table(
        "unit_change",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("reorganisation_id", sa.Integer(), nullable=False),
        sa.Column("what", sa.String(length=10), nullable=False),
        sa.Column("unit_id", sa.Integer(), nullable=False),
        sa.Column("other_id", sa.Integer(), nullable=True),
        sa.Column("person_id", sa.Integer(), nullable=True),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("former", sa.String(length=200), nullable=False),
        sa.ForeignKeyConstraint(["other_id"], ["unit.id"], name=op.f("fk_unit_change_other_id")),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_unit_change_person_id")),
        sa.ForeignKeyConstraint(
            ["reorganisation_id"],
            ["reorganisation.id"],
            name=op.f("fk_unit_change_reorganisation_id"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(["unit_id"], ["unit.id"], name=op.f("fk_unit_change_unit_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_unit_change")),
    )
    with op.batch_alter_table("unit_change", schema=None) as batch_op:
        for column in ("reorganisation_id", "unit_id", "other_id", "person_id"):
            batch_op.create_index(batch_op.f(f"ix_unit_change_{column}"), [column], unique=False)


def downgrade() -> None:
    """Back to a map of what is decided alone, and to units that are as they are"""
    op.drop_table("unit_change")
    op.drop_table("reorganisation")
    op.drop_table("unplanned_event")
