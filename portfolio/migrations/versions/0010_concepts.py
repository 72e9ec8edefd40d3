"""Förändringskoncept, and what initiatives were made from"""

import sqlalchemy as sa
from alembic import op

import portfolio.base.db

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Förändringskoncept, and what initiatives were made from"""
    op.create_table(
        "concept",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("title", sa.String(length=200), nullable=False),
        sa.Column("problem", sa.Text(), nullable=False),
        sa.Column("fits", sa.Text(), nullable=False),
        sa.Column("steps", sa.Text(), nullable=False),
        sa.Column("pitfalls", sa.Text(), nullable=False),
        sa.Column("source", sa.String(length=20), nullable=False),
        sa.Column("source_name", sa.String(length=200), nullable=False),
        sa.Column("initiative_id", sa.Integer(), nullable=True),
        sa.Column("created_at", portfolio.base.db.UTCDateTime(timezone=True), nullable=False),
        sa.Column("updated_at", portfolio.base.db.UTCDateTime(timezone=True), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["initiative_id"], ["initiative.id"], name=op.f("fk_concept_initiative_id"), ondelete="SET NULL"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_concept")),
    )
    with op.batch_alter_table("concept", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_concept_initiative_id"), ["initiative_id"], unique=False)

    op.create_table(
        "concept_effort",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("concept_id", sa.Integer(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("weeks", sa.Integer(), nullable=False),
        sa.Column("leading", sa.Integer(), nullable=True),
        sa.Column("receiving", sa.Integer(), nullable=True),
        sa.CheckConstraint("weeks >= 1", name=op.f("ck_concept_effort_weeks_positive")),
        sa.CheckConstraint('"leading" BETWEEN 0 AND 3', name=op.f("ck_concept_effort_leading_0_to_3")),
        sa.CheckConstraint("receiving BETWEEN 0 AND 3", name=op.f("ck_concept_effort_receiving_0_to_3")),
        sa.ForeignKeyConstraint(
            ["concept_id"], ["concept.id"], name=op.f("fk_concept_effort_concept_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_concept_effort")),
        sa.UniqueConstraint("concept_id", "position", name=op.f("uq_concept_effort_concept_id_position")),
    )

    op.create_table(
        "origin",
        sa.Column("initiative_id", sa.Integer(), nullable=False),
        sa.Column("concept_id", sa.Integer(), nullable=True),
        sa.Column("pilot_id", sa.Integer(), nullable=True),
        sa.CheckConstraint("(concept_id IS NULL) <> (pilot_id IS NULL)", name=op.f("ck_origin_one_origin")),
        sa.ForeignKeyConstraint(
            ["concept_id"], ["concept.id"], name=op.f("fk_origin_concept_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["initiative_id"], ["initiative.id"], name=op.f("fk_origin_initiative_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(["pilot_id"], ["initiative.id"], name=op.f("fk_origin_pilot_id"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("initiative_id", name=op.f("pk_origin")),
    )
    with op.batch_alter_table("origin", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_origin_concept_id"), ["concept_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_origin_pilot_id"), ["pilot_id"], unique=False)


def downgrade() -> None:
    """Back to initiatives that come from nothing but themselves"""
    for table in ("origin", "concept_effort", "concept"):
        op.drop_table(table)
