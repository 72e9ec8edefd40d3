"""What is worth knowing, and what was changed in the way of working"""

import sqlalchemy as sa
from alembic import op

import portfolio.base.db

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """What is worth knowing, and what was changed in the way of working"""
    op.create_table(
        "signal",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("title", sa.String(length=120), nullable=False),
        sa.Column("link", sa.String(length=500), nullable=False),
        sa.Column("text", sa.String(length=280), nullable=False),
        sa.Column("author_id", sa.Integer(), nullable=True),
        sa.Column("written_by", sa.String(length=120), nullable=False),
        sa.Column("written_at", portfolio.base.db.UTCDateTime(timezone=True), nullable=False),
        sa.Column("hidden_at", portfolio.base.db.UTCDateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["author_id"], ["person.id"], name=op.f("fk_signal_author_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_signal")),
    )
    with op.batch_alter_table("signal", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_signal_written_at"), ["written_at"], unique=False)
    op.create_table(
        "signal_about",
        sa.Column("signal_id", sa.Integer(), nullable=False),
        sa.Column("initiative_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["signal_id"], ["signal.id"], name=op.f("fk_signal_about_signal_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["initiative_id"], ["initiative.id"], name=op.f("fk_signal_about_initiative_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("signal_id", "initiative_id", name=op.f("pk_signal_about")),
    )
    with op.batch_alter_table("signal_about", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_signal_about_initiative_id"), ["initiative_id"], unique=False)
    op.create_table(
        "review_note",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("half_year", sa.String(length=6), nullable=False),
        sa.Column("text", sa.String(length=500), nullable=False),
        sa.Column("written_by", sa.String(length=120), nullable=False),
        sa.Column("written_at", portfolio.base.db.UTCDateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_review_note")),
    )
    with op.batch_alter_table("review_note", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_review_note_half_year"), ["half_year"], unique=False)


def downgrade() -> None:
    """Back to a portfolio that nobody looks back on"""
    for table in ("review_note", "signal_about", "signal"):
        op.drop_table(table)
