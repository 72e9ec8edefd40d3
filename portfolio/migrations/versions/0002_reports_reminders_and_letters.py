"""Reports, reminders and letters"""

import sqlalchemy as sa
from alembic import op

import portfolio.base.db

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Reports, reminders and letters"""
    op.create_table(
        "clock",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("leader", sa.String(length=80), nullable=True),
        sa.Column("lease_until", portfolio.base.db.UTCDateTime(timezone=True), nullable=True),
        sa.Column("beat_at", portfolio.base.db.UTCDateTime(timezone=True), nullable=True),
        sa.Column("fanned_out", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_clock")),
    )
    # What happened before there were letters is history: nobody is to be told of it now.
    op.execute("INSERT INTO clock (id, fanned_out) SELECT 1, COALESCE(MAX(seq), 0) FROM event")
    op.create_table(
        "reminder_rule",
        sa.Column("name", sa.String(length=40), nullable=False),
        sa.Column("active", sa.Boolean(), nullable=False),
        sa.Column("days", sa.Integer(), nullable=False),
        sa.Column("time", sa.String(length=5), nullable=False),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_reminder_rule")),
    )
    op.create_table(
        "delivery",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("event_seq", sa.Integer(), nullable=False),
        sa.Column("handler", sa.String(length=80), nullable=False),
        sa.Column("state", sa.String(length=10), nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("next_at", portfolio.base.db.UTCDateTime(timezone=True), nullable=False),
        sa.Column("lease_until", portfolio.base.db.UTCDateTime(timezone=True), nullable=True),
        sa.Column("claim", sa.String(length=36), nullable=True),
        sa.Column("error", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["event_seq"], ["event.seq"], name=op.f("fk_delivery_event_seq")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_delivery")),
        sa.UniqueConstraint("event_seq", "handler", name=op.f("uq_delivery_event_seq_handler")),
    )
    with op.batch_alter_table("delivery", schema=None) as batch_op:
        batch_op.create_index("ix_delivery_state_next_at", ["state", "next_at"], unique=False)

    op.create_table(
        "absence",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("first_day", sa.Date(), nullable=False),
        sa.Column("last_day", sa.Date(), nullable=False),
        sa.Column("substitute_id", sa.Integer(), nullable=True),
        sa.CheckConstraint("last_day >= first_day", name=op.f("ck_absence_in_order")),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_absence_person_id")),
        sa.ForeignKeyConstraint(["substitute_id"], ["person.id"], name=op.f("fk_absence_substitute_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_absence")),
    )
    with op.batch_alter_table("absence", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_absence_person_id"), ["person_id"], unique=False)

    op.create_table(
        "letter",
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("state", sa.String(length=10), nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("due_at", portfolio.base.db.UTCDateTime(timezone=True), nullable=False),
        sa.Column("next_at", portfolio.base.db.UTCDateTime(timezone=True), nullable=False),
        sa.Column("lease_until", portfolio.base.db.UTCDateTime(timezone=True), nullable=True),
        sa.Column("claim", sa.String(length=36), nullable=True),
        sa.Column("possible_duplicate", sa.Boolean(), nullable=False),
        sa.Column("subject", sa.String(length=200), nullable=False),
        sa.Column("error", sa.Text(), nullable=False),
        sa.Column("sent_at", portfolio.base.db.UTCDateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_letter_person_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_letter")),
        sa.UniqueConstraint("person_id", "day", name=op.f("uq_letter_person_id_day")),
    )
    with op.batch_alter_table("letter", schema=None) as batch_op:
        batch_op.create_index("ix_letter_state_due_at", ["state", "due_at", "id"], unique=False)

    op.create_table(
        "reminder",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("rule", sa.String(length=40), nullable=False),
        sa.Column("subject", sa.String(length=160), nullable=False),
        sa.Column("period", sa.String(length=40), nullable=False),
        sa.Column("due_at", portfolio.base.db.UTCDateTime(timezone=True), nullable=False),
        sa.Column("useful_until", portfolio.base.db.UTCDateTime(timezone=True), nullable=True),
        sa.Column("state", sa.String(length=10), nullable=False),
        sa.Column("reason", sa.String(length=200), nullable=False),
        sa.Column("letter_id", sa.String(length=36), nullable=True),
        sa.Column("created_at", portfolio.base.db.UTCDateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["letter_id"], ["letter.id"], name=op.f("fk_reminder_letter_id")),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_reminder_person_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_reminder")),
        sa.UniqueConstraint(
            "person_id", "rule", "subject", "period", name=op.f("uq_reminder_person_id_rule_subject_period")
        ),
    )
    with op.batch_alter_table("reminder", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_reminder_letter_id"), ["letter_id"], unique=False)
        batch_op.create_index("ix_reminder_state_person_id", ["state", "person_id"], unique=False)

    op.create_table(
        "report",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("initiative_id", sa.Integer(), nullable=False),
        sa.Column("state", sa.String(length=20), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("help", sa.Text(), nullable=False),
        sa.Column("forecast_end_week", portfolio.base.db.IsoWeek(), nullable=True),
        sa.Column("reported_by", sa.String(length=120), nullable=False),
        sa.Column("reported_at", portfolio.base.db.UTCDateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["initiative_id"], ["initiative.id"], name=op.f("fk_report_initiative_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_report")),
    )
    with op.batch_alter_table("report", schema=None) as batch_op:
        batch_op.create_index("ix_report_initiative_id_id", ["initiative_id", "id"], unique=False)

    with op.batch_alter_table("initiative", schema=None) as batch_op:
        batch_op.add_column(sa.Column("delegate_id", sa.Integer(), nullable=True))
        batch_op.add_column(sa.Column("resumed_at", portfolio.base.db.UTCDateTime(timezone=True), nullable=True))
        batch_op.add_column(sa.Column("reported_state", sa.String(length=20), nullable=True))
        batch_op.add_column(sa.Column("reported_at", portfolio.base.db.UTCDateTime(timezone=True), nullable=True))
        batch_op.add_column(sa.Column("help_needed", sa.Text(), nullable=False, server_default=""))
        batch_op.create_foreign_key(batch_op.f("fk_initiative_delegate_id"), "person", ["delegate_id"], ["id"])

    # A subject holds a person's function, of at most 120 characters.
    with op.batch_alter_table("event", schema=None) as batch_op:
        batch_op.alter_column("subject", type_=sa.String(length=160), existing_nullable=False)

    with op.batch_alter_table("person", schema=None) as batch_op:
        batch_op.add_column(sa.Column("letter_rhythm", sa.String(length=12), nullable=False, server_default="weekly"))
        batch_op.add_column(sa.Column("bounced_at", portfolio.base.db.UTCDateTime(timezone=True), nullable=True))

    with op.batch_alter_table("portfolio", schema=None) as batch_op:
        batch_op.add_column(sa.Column("report_days", sa.Integer(), nullable=False, server_default="14"))
        batch_op.add_column(sa.Column("meeting_weekday", sa.Integer(), nullable=False, server_default="2"))
        batch_op.add_column(sa.Column("meeting_time", sa.String(length=5), nullable=False, server_default="08:30"))
        batch_op.add_column(
            sa.Column("meeting_rhythm", sa.String(length=10), nullable=False, server_default="weekly")
        )
        batch_op.add_column(sa.Column("contact", sa.String(length=254), nullable=False, server_default=""))


def downgrade() -> None:
    """Back to the tables of the first product"""
    with op.batch_alter_table("event", schema=None) as batch_op:
        batch_op.alter_column("subject", type_=sa.String(length=80), existing_nullable=False)

    with op.batch_alter_table("portfolio", schema=None) as batch_op:
        batch_op.drop_column("contact")
        batch_op.drop_column("meeting_rhythm")
        batch_op.drop_column("meeting_time")
        batch_op.drop_column("meeting_weekday")
        batch_op.drop_column("report_days")

    with op.batch_alter_table("person", schema=None) as batch_op:
        batch_op.drop_column("bounced_at")
        batch_op.drop_column("letter_rhythm")

    with op.batch_alter_table("initiative", schema=None) as batch_op:
        batch_op.drop_constraint(batch_op.f("fk_initiative_delegate_id"), type_="foreignkey")
        batch_op.drop_column("help_needed")
        batch_op.drop_column("reported_at")
        batch_op.drop_column("reported_state")
        batch_op.drop_column("resumed_at")
        batch_op.drop_column("delegate_id")

    with op.batch_alter_table("report", schema=None) as batch_op:
        batch_op.drop_index("ix_report_initiative_id_id")

    op.drop_table("report")
    with op.batch_alter_table("reminder", schema=None) as batch_op:
        batch_op.drop_index("ix_reminder_state_person_id")
        batch_op.drop_index(batch_op.f("ix_reminder_letter_id"))

    op.drop_table("reminder")
    with op.batch_alter_table("letter", schema=None) as batch_op:
        batch_op.drop_index("ix_letter_state_due_at")

    op.drop_table("letter")
    with op.batch_alter_table("absence", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_absence_person_id"))

    op.drop_table("absence")
    with op.batch_alter_table("delivery", schema=None) as batch_op:
        batch_op.drop_index("ix_delivery_state_next_at")

    op.drop_table("delivery")
    op.drop_table("reminder_rule")
    op.drop_table("clock")
