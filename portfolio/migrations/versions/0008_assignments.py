"""Triage, and the assignments behind the initiatives"""

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None

QUESTIONS = ("what", "for_whom", "by_when", "mandate", "stops")


def upgrade() -> None:
    """Triage, and the assignments behind the initiatives"""
    with op.batch_alter_table("initiative", schema=None) as batch_op:
        batch_op.add_column(sa.Column("clarity_answers", sa.Integer(), nullable=False, server_default="0"))
        batch_op.add_column(sa.Column("triage_class", sa.String(length=10), nullable=True))

    op.create_table(
        "triage",
        sa.Column("initiative_id", sa.Integer(), nullable=False),
        sa.Column("one_department", sa.Boolean(), nullable=False),
        sa.Column("known_way", sa.Boolean(), nullable=False),
        sa.Column("needed", sa.Boolean(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        _belongs_to_an_initiative("triage"),
        sa.PrimaryKeyConstraint("initiative_id", name=op.f("pk_triage")),
    )
    op.create_table(
        "assignment",
        sa.Column("initiative_id", sa.Integer(), nullable=False),
        sa.Column("paragraph", sa.String(length=40), nullable=False),
        *(sa.Column(question, sa.Text(), nullable=False) for question in QUESTIONS),
        _belongs_to_an_initiative("assignment"),
        sa.PrimaryKeyConstraint("initiative_id", name=op.f("pk_assignment")),
    )
    op.create_table(
        "groundwork",
        sa.Column("initiative_id", sa.Integer(), nullable=False),
        sa.Column("participation", sa.Text(), nullable=False),
        sa.Column("review_on", sa.Date(), nullable=True),
        sa.Column("breadth_reason", sa.Text(), nullable=False),
        sa.Column("change_lead", sa.String(length=10), nullable=True),
        sa.Column("change_type", sa.String(length=20), nullable=True),
        _belongs_to_an_initiative("groundwork"),
        sa.PrimaryKeyConstraint("initiative_id", name=op.f("pk_groundwork")),
    )


def _belongs_to_an_initiative(table: str) -> sa.ForeignKeyConstraint:
    name = op.f(f"fk_{table}_initiative_id")
    return sa.ForeignKeyConstraint(["initiative_id"], ["initiative.id"], name=name, ondelete="CASCADE")


def downgrade() -> None:
    """Back to proposals that nobody has sorted"""
    for table in ("groundwork", "assignment", "triage"):
        op.drop_table(table)
    with op.batch_alter_table("initiative", schema=None) as batch_op:
        batch_op.drop_column("triage_class")
        batch_op.drop_column("clarity_answers")
