"""Trials"""

import sqlalchemy as sa
from alembic import op

import portfolio.base.db

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Trials"""
    op.create_table(
        "trial",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(length=120), nullable=False),
        sa.Column("created_by", sa.String(length=120), nullable=False),
        sa.Column("created_by_id", sa.Integer(), nullable=True),
        sa.Column("created_at", portfolio.base.db.UTCDateTime(timezone=True), nullable=False),
        sa.Column("closed_at", portfolio.base.db.UTCDateTime(timezone=True), nullable=True),
        sa.Column("closed_by", sa.String(length=120), nullable=False),
        sa.Column("outcome", sa.String(length=10), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["created_by_id"], ["person.id"], name=op.f("fk_trial_created_by_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_trial")),
    )
    with op.batch_alter_table("trial", schema=None) as batch_op:
        batch_op.create_index("ix_trial_closed_at", ["closed_at"], unique=False)

    op.create_table(
        "trial_move",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("trial_id", sa.Integer(), nullable=False),
        sa.Column("initiative_id", sa.Integer(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("start_week", portfolio.base.db.IsoWeek(), nullable=True),
        sa.Column("until", sa.Date(), nullable=True),
        sa.Column("decision_id", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(
            ["decision_id"], ["decision.id"], name=op.f("fk_trial_move_decision_id"), ondelete="SET NULL"
        ),
        sa.ForeignKeyConstraint(
            ["initiative_id"], ["initiative.id"], name=op.f("fk_trial_move_initiative_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(["trial_id"], ["trial.id"], name=op.f("fk_trial_move_trial_id"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_trial_move")),
        sa.UniqueConstraint("trial_id", "initiative_id", name=op.f("uq_trial_move_trial_id_initiative_id")),
    )
    with op.batch_alter_table("trial_move", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_trial_move_initiative_id"), ["initiative_id"], unique=False)


def downgrade() -> None:
    """Back to what is decided one by one"""
    with op.batch_alter_table("trial_move", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_trial_move_initiative_id"))

    op.drop_table("trial_move")
    with op.batch_alter_table("trial", schema=None) as batch_op:
        batch_op.drop_index("ix_trial_closed_at")

    op.drop_table("trial")
