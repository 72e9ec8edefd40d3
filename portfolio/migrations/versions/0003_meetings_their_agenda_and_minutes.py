"""Meetings, their agenda and minutes"""

import sqlalchemy as sa
from alembic import op

import portfolio.base.db

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Meetings, their agenda and minutes"""
    op.create_table(
        "meeting",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("starts_at", portfolio.base.db.UTCDateTime(timezone=True), nullable=False),
        sa.Column("place", sa.String(length=120), nullable=False),
        sa.Column("frozen_at", portfolio.base.db.UTCDateTime(timezone=True), nullable=True),
        sa.Column("began_at", portfolio.base.db.UTCDateTime(timezone=True), nullable=True),
        sa.Column("ended_at", portfolio.base.db.UTCDateTime(timezone=True), nullable=True),
        sa.Column("showing", sa.String(length=120), nullable=False),
        sa.Column("shown_at", portfolio.base.db.UTCDateTime(timezone=True), nullable=True),
        sa.Column("participants", sa.Text(), nullable=False),
        sa.Column("secretary", sa.String(length=120), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_meeting")),
        sa.UniqueConstraint("starts_at", name=op.f("uq_meeting_starts_at")),
    )
    op.create_table(
        "agenda_question",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("meeting_id", sa.Integer(), nullable=False),
        sa.Column("key", sa.String(length=120), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("asked_by", sa.String(length=120), nullable=False),
        sa.Column("asked_at", portfolio.base.db.UTCDateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["meeting_id"], ["meeting.id"], name=op.f("fk_agenda_question_meeting_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_agenda_question")),
    )
    with op.batch_alter_table("agenda_question", schema=None) as batch_op:
        batch_op.create_index("ix_agenda_question_meeting_id_key", ["meeting_id", "key"], unique=False)

    op.create_table(
        "minutes",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("meeting_id", sa.Integer(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("number", sa.String(length=40), nullable=False),
        sa.Column("document", sa.Text(), nullable=False),
        sa.Column("correction", sa.Text(), nullable=False),
        sa.Column("completed_by", sa.String(length=120), nullable=False),
        sa.Column("completed_at", portfolio.base.db.UTCDateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["meeting_id"], ["meeting.id"], name=op.f("fk_minutes_meeting_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_minutes")),
        sa.UniqueConstraint("meeting_id", "version", name=op.f("uq_minutes_meeting_id_version")),
    )
    with op.batch_alter_table("minutes", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_minutes_number"), ["number"], unique=False)

    op.create_table(
        "agenda_item",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("meeting_id", sa.Integer(), nullable=False),
        sa.Column("key", sa.String(length=120), nullable=False),
        sa.Column("matter", sa.String(length=20), nullable=False),
        sa.Column("initiative_id", sa.Integer(), nullable=True),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("held_back", sa.Boolean(), nullable=False),
        sa.Column("sentence", sa.Text(), nullable=False),
        sa.Column("added_by", sa.String(length=120), nullable=False),
        sa.Column("added_at", portfolio.base.db.UTCDateTime(timezone=True), nullable=True),
        sa.Column("decision_id", sa.Integer(), nullable=True),
        sa.Column("basis", sa.String(length=20), nullable=False),
        sa.Column("point", sa.String(length=120), nullable=False),
        sa.Column("remark", sa.Text(), nullable=False),
        sa.Column("withheld", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(
            ["decision_id"], ["decision.id"], name=op.f("fk_agenda_item_decision_id"), ondelete="SET NULL"
        ),
        sa.ForeignKeyConstraint(
            ["initiative_id"], ["initiative.id"], name=op.f("fk_agenda_item_initiative_id"), ondelete="SET NULL"
        ),
        sa.ForeignKeyConstraint(
            ["meeting_id"], ["meeting.id"], name=op.f("fk_agenda_item_meeting_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_agenda_item")),
        sa.UniqueConstraint("meeting_id", "key", name=op.f("uq_agenda_item_meeting_id_key")),
    )
    with op.batch_alter_table("agenda_item", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_agenda_item_decision_id"), ["decision_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_agenda_item_initiative_id"), ["initiative_id"], unique=False)
        batch_op.create_index("ix_agenda_item_key", ["key"], unique=False)

    with op.batch_alter_table("initiative", schema=None) as batch_op:
        batch_op.add_column(sa.Column("risk_assessed_on", sa.Date(), nullable=True))
        batch_op.add_column(sa.Column("consulted_on", sa.Date(), nullable=True))

    with op.batch_alter_table("portfolio", schema=None) as batch_op:
        batch_op.add_column(sa.Column("meeting_days", sa.Text(), nullable=False, server_default=""))
        batch_op.add_column(sa.Column("meeting_place", sa.String(length=120), nullable=False, server_default=""))
        batch_op.add_column(sa.Column("minutes_form", sa.String(length=10), nullable=False, server_default="notes"))


def downgrade() -> None:
    """Back to a product without meetings"""
    with op.batch_alter_table("portfolio", schema=None) as batch_op:
        batch_op.drop_column("minutes_form")
        batch_op.drop_column("meeting_place")
        batch_op.drop_column("meeting_days")

    with op.batch_alter_table("initiative", schema=None) as batch_op:
        batch_op.drop_column("consulted_on")
        batch_op.drop_column("risk_assessed_on")

    with op.batch_alter_table("agenda_item", schema=None) as batch_op:
        batch_op.drop_index("ix_agenda_item_key")
        batch_op.drop_index(batch_op.f("ix_agenda_item_initiative_id"))
        batch_op.drop_index(batch_op.f("ix_agenda_item_decision_id"))

    op.drop_table("agenda_item")
    with op.batch_alter_table("minutes", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_minutes_number"))

    op.drop_table("minutes")
    with op.batch_alter_table("agenda_question", schema=None) as batch_op:
        batch_op.drop_index("ix_agenda_question_meeting_id_key")

    op.drop_table("agenda_question")
    op.drop_table("meeting")
