"""What a completion and a stop leave behind"""

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """What a completion and a stop leave behind"""
    op.create_table(
        "handover",
        sa.Column("initiative_id", sa.Integer(), nullable=False),
        sa.Column("ends", sa.Boolean(), nullable=False),
        sa.Column("unit_id", sa.Integer(), nullable=True),
        sa.Column("function", sa.String(length=120), nullable=False),
        sa.Column("on_day", sa.Date(), nullable=True),
        _belongs_to("handover", "initiative"),
        sa.ForeignKeyConstraint(["unit_id"], ["unit.id"], name=op.f("fk_handover_unit_id")),
        sa.PrimaryKeyConstraint("initiative_id", name=op.f("pk_handover")),
    )
    op.create_index(op.f("ix_handover_unit_id"), "handover", ["unit_id"])
    op.create_table(
        "lesson",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("initiative_id", sa.Integer(), nullable=False),
        sa.Column("decision_id", sa.Integer(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("tag", sa.String(length=20), nullable=True),
        sa.Column("useful", sa.Boolean(), nullable=True),
        sa.Column("use", sa.Text(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        _belongs_to("lesson", "initiative"),
        _belongs_to("lesson", "decision"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_lesson")),
    )
    op.create_index(op.f("ix_lesson_initiative_id"), "lesson", ["initiative_id"])
    op.create_index(op.f("ix_lesson_decision_id"), "lesson", ["decision_id"])


def _belongs_to(table: str, above: str) -> sa.ForeignKeyConstraint:
    name = op.f(f"fk_{table}_{above}_id")
    return sa.ForeignKeyConstraint([f"{above}_id"], [f"{above}.id"], name=name, ondelete="CASCADE")


def downgrade() -> None:
    """Back to decisions that leave nothing but a reason"""
    op.drop_table("lesson")
    op.drop_table("handover")
