"""The tables of the first product"""

import sqlalchemy as sa
from alembic import op

import portfolio.base.db

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None

FIRST_SETTINGS = {
    "id": 1,
    "municipality": "Kommunen",
    "next_number": 1,
    "max_owned": 3,
    "drag_weeks": 8,
    "chain_head": "0" * 64,
}


def upgrade() -> None:
    """The tables of the first product"""
    op.create_table(
        "api_token",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(length=80), nullable=False),
        sa.Column("role", sa.String(length=20), nullable=False),
        sa.Column("prefix", sa.String(length=8), nullable=False),
        sa.Column("token_hash", sa.String(length=64), nullable=False),
        sa.Column("created_at", portfolio.base.db.UTCDateTime(timezone=True), nullable=False),
        sa.Column("revoked_at", portfolio.base.db.UTCDateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_api_token")),
        sa.UniqueConstraint("name", name=op.f("uq_api_token_name")),
        sa.UniqueConstraint("token_hash", name=op.f("uq_api_token_token_hash")),
    )
    op.create_table(
        "event",
        sa.Column("seq", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("type", sa.String(length=60), nullable=False),
        sa.Column("time", portfolio.base.db.UTCDateTime(timezone=True), nullable=False),
        sa.Column("actor", sa.String(length=120), nullable=False),
        sa.Column("subject", sa.String(length=80), nullable=False),
        sa.Column("data", sa.Text(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("seal", sa.String(length=64), nullable=False),
        sa.PrimaryKeyConstraint("seq", name=op.f("pk_event")),
        sa.UniqueConstraint("id", name=op.f("uq_event_id")),
    )
    with op.batch_alter_table("event", schema=None) as batch_op:
        batch_op.create_index("ix_event_subject_seq", ["subject", "seq"], unique=False)
        batch_op.create_index(batch_op.f("ix_event_type"), ["type"], unique=False)

    op.create_table(
        "failed_sign_in",
        sa.Column("key", sa.String(length=120), nullable=False),
        sa.Column("hour", portfolio.base.db.UTCDateTime(timezone=True), nullable=False),
        sa.Column("count", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("key", "hour", name=op.f("pk_failed_sign_in")),
    )
    op.create_table(
        "import_batch",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("file_name", sa.String(length=200), nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=False),
        sa.Column("sheet", sa.String(length=120), nullable=True),
        sa.Column("mapping", sa.Text(), nullable=False),
        sa.Column("create_units", sa.Boolean(), nullable=False),
        sa.Column("state", sa.String(length=20), nullable=False),
        sa.Column("seen_seq", sa.Integer(), nullable=False),
        sa.Column("uploaded_by", sa.String(length=120), nullable=False),
        sa.Column("uploaded_at", portfolio.base.db.UTCDateTime(timezone=True), nullable=False),
        sa.Column("stored_at", portfolio.base.db.UTCDateTime(timezone=True), nullable=True),
        sa.Column("undone_at", portfolio.base.db.UTCDateTime(timezone=True), nullable=True),
        sa.Column("created", sa.Integer(), nullable=False),
        sa.Column("updated", sa.Integer(), nullable=False),
        sa.Column("unchanged", sa.Integer(), nullable=False),
        sa.Column("refused", sa.Integer(), nullable=False),
        sa.Column("new_units", sa.Text(), nullable=False),
        sa.Column("report", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_import_batch")),
    )
    with op.batch_alter_table("import_batch", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_import_batch_state"), ["state"], unique=False)

    op.create_table(
        "portfolio",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("municipality", sa.String(length=120), nullable=False),
        sa.Column("next_number", sa.Integer(), nullable=False),
        sa.Column("max_owned", sa.Integer(), nullable=False),
        sa.Column("drag_weeks", sa.Integer(), nullable=False),
        sa.Column("calendar_started_at", portfolio.base.db.UTCDateTime(timezone=True), nullable=True),
        sa.Column("calendar_stood_at", portfolio.base.db.UTCDateTime(timezone=True), nullable=True),
        sa.Column("begun_week", portfolio.base.db.IsoWeek(), nullable=True),
        sa.Column("chain_head", sa.String(length=64), nullable=False),
        sa.CheckConstraint("id = 1", name=op.f("ck_portfolio_only_one")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_portfolio")),
    )
    op.create_table(
        "standstill",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("from_week", portfolio.base.db.IsoWeek(), nullable=False),
        sa.Column("to_week", portfolio.base.db.IsoWeek(), nullable=False),
        sa.Column("yearly", sa.Boolean(), nullable=False),
        sa.Column("reason", sa.String(length=200), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_standstill")),
    )
    op.create_table(
        "unit",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("code", sa.String(length=20), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("parent_id", sa.Integer(), nullable=True),
        sa.Column("limit", sa.Integer(), nullable=True),
        sa.Column("max_parallel", sa.Integer(), nullable=True),
        sa.Column("limits_confirmed", sa.Boolean(), nullable=False),
        sa.Column("headcount", sa.Integer(), nullable=True),
        sa.Column("valid_from", sa.Date(), nullable=True),
        sa.Column("valid_to", sa.Date(), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint('"limit" >= 0', name=op.f("ck_unit_limit_not_negative")),
        sa.CheckConstraint("max_parallel >= 0", name=op.f("ck_unit_max_parallel_not_negative")),
        sa.ForeignKeyConstraint(["parent_id"], ["unit.id"], name=op.f("fk_unit_parent_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_unit")),
        sa.UniqueConstraint("code", name=op.f("uq_unit_code")),
    )
    with op.batch_alter_table("unit", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_unit_parent_id"), ["parent_id"], unique=False)

    op.create_table(
        "idempotent_call",
        sa.Column("token_id", sa.Integer(), nullable=False),
        sa.Column("key", sa.String(length=200), nullable=False),
        sa.Column("request_hash", sa.String(length=64), nullable=False),
        sa.Column("status", sa.Integer(), nullable=False),
        sa.Column("body", sa.String(), nullable=False),
        sa.Column("headers", sa.String(), nullable=False),
        sa.Column("created_at", portfolio.base.db.UTCDateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["token_id"], ["api_token.id"], name=op.f("fk_idempotent_call_token_id")),
        sa.PrimaryKeyConstraint("token_id", "key", name=op.f("pk_idempotent_call")),
    )
    op.create_table(
        "lowered_limit",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("unit_id", sa.Integer(), nullable=False),
        sa.Column("from_week", portfolio.base.db.IsoWeek(), nullable=False),
        sa.Column("to_week", portfolio.base.db.IsoWeek(), nullable=False),
        sa.Column("yearly", sa.Boolean(), nullable=False),
        sa.Column("limit", sa.Integer(), nullable=True),
        sa.Column("max_parallel", sa.Integer(), nullable=True),
        sa.Column("reason", sa.String(length=200), nullable=False),
        sa.CheckConstraint(
            '"limit" IS NOT NULL OR max_parallel IS NOT NULL', name=op.f("ck_lowered_limit_lowers_something")
        ),
        sa.ForeignKeyConstraint(["unit_id"], ["unit.id"], name=op.f("fk_lowered_limit_unit_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_lowered_limit")),
    )
    with op.batch_alter_table("lowered_limit", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_lowered_limit_unit_id"), ["unit_id"], unique=False)

    op.create_table(
        "person",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("function", sa.String(length=120), nullable=False),
        sa.Column("email", sa.String(length=254), nullable=True),
        sa.Column("role", sa.String(length=20), nullable=False),
        sa.Column("unit_id", sa.Integer(), nullable=True),
        sa.Column("max_owned", sa.Integer(), nullable=True),
        sa.Column("active", sa.Boolean(), nullable=False),
        sa.Column("password_hash", sa.String(length=200), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["unit_id"], ["unit.id"], name=op.f("fk_person_unit_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_person")),
        sa.UniqueConstraint("email", name=op.f("uq_person_email")),
    )
    with op.batch_alter_table("person", schema=None) as batch_op:
        batch_op.create_index(
            "uq_person_active_function",
            ["function"],
            unique=True,
            sqlite_where=sa.text("active"),
            postgresql_where=sa.text("active"),
        )

    op.create_table(
        "conflict",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("unit_id", sa.Integer(), nullable=True),
        sa.Column("person_id", sa.Integer(), nullable=True),
        sa.Column("week", portfolio.base.db.IsoWeek(), nullable=False),
        sa.Column("measure", sa.String(length=10), nullable=False),
        sa.Column("value", sa.Integer(), nullable=False),
        sa.Column("limit", sa.Integer(), nullable=False),
        sa.Column("cause", sa.String(length=60), nullable=False),
        sa.Column("cause_text", sa.String(length=200), nullable=False),
        sa.Column("cause_seq", sa.Integer(), nullable=True),
        sa.Column("since", portfolio.base.db.UTCDateTime(timezone=True), nullable=False),
        sa.Column("resolved_at", portfolio.base.db.UTCDateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_conflict_person_id")),
        sa.ForeignKeyConstraint(["unit_id"], ["unit.id"], name=op.f("fk_conflict_unit_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_conflict")),
    )
    with op.batch_alter_table("conflict", schema=None) as batch_op:
        batch_op.create_index(
            "ix_conflict_open_week",
            ["week"],
            unique=False,
            sqlite_where=sa.text("resolved_at IS NULL"),
            postgresql_where=sa.text("resolved_at IS NULL"),
        )

    op.create_table(
        "initiative",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("code", sa.String(length=20), nullable=False),
        sa.Column("title", sa.String(length=200), nullable=False),
        sa.Column("summary", sa.String(length=280), nullable=False),
        sa.Column("why", sa.Text(), nullable=False),
        sa.Column("if_we_wait", sa.Text(), nullable=False),
        sa.Column("assignment_source", sa.String(length=20), nullable=True),
        sa.Column("diarienummer", sa.String(length=60), nullable=False),
        sa.Column("goal_area", sa.String(length=200), nullable=True),
        sa.Column("legal_duty", sa.Boolean(), nullable=False),
        sa.Column("must_finish_by", sa.Date(), nullable=True),
        sa.Column("status", sa.String(length=20), nullable=False),
        sa.Column("rank", sa.Integer(), nullable=True),
        sa.Column("owner_id", sa.Integer(), nullable=True),
        sa.Column("owner_text", sa.String(length=200), nullable=False),
        sa.Column("proposer_id", sa.Integer(), nullable=True),
        sa.Column("start_week", portfolio.base.db.IsoWeek(), nullable=True),
        sa.Column("forecast_end_week", portfolio.base.db.IsoWeek(), nullable=True),
        sa.Column("paused_week", portfolio.base.db.IsoWeek(), nullable=True),
        sa.Column("until", sa.Date(), nullable=True),
        sa.Column("dragging_noted", sa.Boolean(), nullable=False),
        sa.Column("external_id", sa.String(length=120), nullable=True),
        sa.Column("search_text", sa.Text(), nullable=False),
        sa.Column("title_folded", sa.String(length=200), nullable=False),
        sa.Column("created_at", portfolio.base.db.UTCDateTime(timezone=True), nullable=False),
        sa.Column("updated_at", portfolio.base.db.UTCDateTime(timezone=True), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["owner_id"], ["person.id"], name=op.f("fk_initiative_owner_id")),
        sa.ForeignKeyConstraint(["proposer_id"], ["person.id"], name=op.f("fk_initiative_proposer_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_initiative")),
        sa.UniqueConstraint("code", name=op.f("uq_initiative_code")),
    )
    with op.batch_alter_table("initiative", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_initiative_external_id"), ["external_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_initiative_owner_id"), ["owner_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_initiative_rank"), ["rank"], unique=False)
        batch_op.create_index("ix_initiative_status_rank", ["status", "rank"], unique=False)
        batch_op.create_index(batch_op.f("ix_initiative_title_folded"), ["title_folded"], unique=False)

    op.create_table(
        "invitation",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("token_hash", sa.String(length=64), nullable=False),
        sa.Column("expires_at", portfolio.base.db.UTCDateTime(timezone=True), nullable=False),
        sa.Column("used_at", portfolio.base.db.UTCDateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_invitation_person_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_invitation")),
        sa.UniqueConstraint("token_hash", name=op.f("uq_invitation_token_hash")),
    )
    op.create_table(
        "sign_in",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("token_hash", sa.String(length=64), nullable=False),
        sa.Column("started_at", portfolio.base.db.UTCDateTime(timezone=True), nullable=False),
        sa.Column("seen_at", portfolio.base.db.UTCDateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_sign_in_person_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_sign_in")),
        sa.UniqueConstraint("token_hash", name=op.f("uq_sign_in_token_hash")),
    )
    with op.batch_alter_table("sign_in", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_sign_in_person_id"), ["person_id"], unique=False)

    op.create_table(
        "acknowledgement",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("initiative_id", sa.Integer(), nullable=False),
        sa.Column("unit_id", sa.Integer(), nullable=False),
        sa.Column("answer", sa.String(length=20), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("answered_by", sa.String(length=120), nullable=False),
        sa.Column("answered_at", portfolio.base.db.UTCDateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["initiative_id"], ["initiative.id"], name=op.f("fk_acknowledgement_initiative_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(["unit_id"], ["unit.id"], name=op.f("fk_acknowledgement_unit_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_acknowledgement")),
        sa.UniqueConstraint("initiative_id", "unit_id", name=op.f("uq_acknowledgement_initiative_id_unit_id")),
    )
    with op.batch_alter_table("acknowledgement", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_acknowledgement_unit_id"), ["unit_id"], unique=False)

    op.create_table(
        "commitment",
        sa.Column("initiative_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("code", sa.String(length=20), nullable=False),
        sa.Column("owner_id", sa.Integer(), nullable=True),
        sa.Column("start_week", portfolio.base.db.IsoWeek(), nullable=False),
        sa.Column("forecast_end", portfolio.base.db.IsoWeek(), nullable=True),
        sa.ForeignKeyConstraint(
            ["initiative_id"], ["initiative.id"], name=op.f("fk_commitment_initiative_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(["owner_id"], ["person.id"], name=op.f("fk_commitment_owner_id")),
        sa.PrimaryKeyConstraint("initiative_id", name=op.f("pk_commitment")),
        sa.UniqueConstraint("code", name=op.f("uq_commitment_code")),
    )
    with op.batch_alter_table("commitment", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_commitment_owner_id"), ["owner_id"], unique=False)

    op.create_table(
        "granted_exception",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("initiative_id", sa.Integer(), nullable=False),
        sa.Column("why", sa.Text(), nullable=False),
        sa.Column("relief", sa.Text(), nullable=False),
        sa.Column("risk", sa.Text(), nullable=False),
        sa.Column("stance", sa.Text(), nullable=False),
        sa.Column("valid_to", portfolio.base.db.IsoWeek(), nullable=False),
        sa.Column("granted_by", sa.String(length=120), nullable=False),
        sa.Column("granted_at", portfolio.base.db.UTCDateTime(timezone=True), nullable=False),
        sa.Column("ended_at", portfolio.base.db.UTCDateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["initiative_id"], ["initiative.id"], name=op.f("fk_granted_exception_initiative_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_granted_exception")),
    )
    with op.batch_alter_table("granted_exception", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_granted_exception_initiative_id"), ["initiative_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_granted_exception_valid_to"), ["valid_to"], unique=False)

    op.create_table(
        "imported_row",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("batch_id", sa.Integer(), nullable=False),
        sa.Column("row", sa.Integer(), nullable=False),
        sa.Column("initiative_id", sa.Integer(), nullable=False),
        sa.Column("version_after", sa.Integer(), nullable=False),
        sa.Column("before", sa.Text(), nullable=True),
        sa.ForeignKeyConstraint(
            ["batch_id"], ["import_batch.id"], name=op.f("fk_imported_row_batch_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["initiative_id"], ["initiative.id"], name=op.f("fk_imported_row_initiative_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_imported_row")),
    )
    with op.batch_alter_table("imported_row", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_imported_row_batch_id"), ["batch_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_imported_row_initiative_id"), ["initiative_id"], unique=False)

    op.create_table(
        "phase",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("initiative_id", sa.Integer(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("weeks", sa.Integer(), nullable=False),
        sa.CheckConstraint("weeks >= 1", name=op.f("ck_phase_weeks_positive")),
        sa.ForeignKeyConstraint(
            ["initiative_id"], ["initiative.id"], name=op.f("fk_phase_initiative_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_phase")),
        sa.UniqueConstraint("initiative_id", "position", name=op.f("uq_phase_initiative_id_position")),
    )
    op.create_table(
        "claim",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("initiative_id", sa.Integer(), nullable=False),
        sa.Column("phase", sa.Integer(), nullable=False),
        sa.Column("weeks", sa.Integer(), nullable=False),
        sa.Column("unit_id", sa.Integer(), nullable=True),
        sa.Column("first_week", portfolio.base.db.IsoWeek(), nullable=False),
        sa.Column("last_week", portfolio.base.db.IsoWeek(), nullable=False),
        sa.Column("counts_to", portfolio.base.db.IsoWeek(), nullable=False),
        sa.Column("impact", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(
            ["initiative_id"], ["commitment.initiative_id"], name=op.f("fk_claim_initiative_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(["unit_id"], ["unit.id"], name=op.f("fk_claim_unit_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_claim")),
    )
    with op.batch_alter_table("claim", schema=None) as batch_op:
        batch_op.create_index("ix_claim_initiative_id", ["initiative_id"], unique=False)
        batch_op.create_index("ix_claim_unit_id_counts_to", ["unit_id", "counts_to"], unique=False)

    op.create_table(
        "decision",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("initiative_id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("decision_maker", sa.String(length=120), nullable=False),
        sa.Column("decided_at", portfolio.base.db.UTCDateTime(timezone=True), nullable=False),
        sa.Column("decided_by_id", sa.Integer(), nullable=True),
        sa.Column("responsible", sa.String(length=120), nullable=False),
        sa.Column("due", sa.Date(), nullable=True),
        sa.Column("until", sa.Date(), nullable=True),
        sa.Column("despite", sa.Text(), nullable=True),
        sa.Column("exception_id", sa.Integer(), nullable=True),
        sa.Column("version_after", sa.Integer(), nullable=False),
        sa.Column("before", sa.Text(), nullable=False),
        sa.Column("undone_at", portfolio.base.db.UTCDateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["decided_by_id"], ["person.id"], name=op.f("fk_decision_decided_by_id")),
        sa.ForeignKeyConstraint(["exception_id"], ["granted_exception.id"], name=op.f("fk_decision_exception_id")),
        sa.ForeignKeyConstraint(
            ["initiative_id"], ["initiative.id"], name=op.f("fk_decision_initiative_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_decision")),
    )
    with op.batch_alter_table("decision", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_decision_initiative_id"), ["initiative_id"], unique=False)

    op.create_table(
        "exception_cell",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("exception_id", sa.Integer(), nullable=False),
        sa.Column("unit_id", sa.Integer(), nullable=True),
        sa.Column("person_id", sa.Integer(), nullable=True),
        sa.Column("week", portfolio.base.db.IsoWeek(), nullable=False),
        sa.Column("measure", sa.String(length=10), nullable=False),
        sa.Column("value", sa.Integer(), nullable=False),
        sa.Column("limit", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["exception_id"],
            ["granted_exception.id"],
            name=op.f("fk_exception_cell_exception_id"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_exception_cell_person_id")),
        sa.ForeignKeyConstraint(["unit_id"], ["unit.id"], name=op.f("fk_exception_cell_unit_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_exception_cell")),
    )
    with op.batch_alter_table("exception_cell", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_exception_cell_exception_id"), ["exception_id"], unique=False)

    op.create_table(
        "impact",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("phase_id", sa.Integer(), nullable=False),
        sa.Column("unit_id", sa.Integer(), nullable=False),
        sa.Column("impact", sa.Integer(), nullable=True),
        sa.CheckConstraint("impact BETWEEN 1 AND 3", name=op.f("ck_impact_impact_1_to_3")),
        sa.ForeignKeyConstraint(["phase_id"], ["phase.id"], name=op.f("fk_impact_phase_id"), ondelete="CASCADE"),
        sa.ForeignKeyConstraint(["unit_id"], ["unit.id"], name=op.f("fk_impact_unit_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_impact")),
        sa.UniqueConstraint("phase_id", "unit_id", name=op.f("uq_impact_phase_id_unit_id")),
    )
    with op.batch_alter_table("impact", schema=None) as batch_op:
        batch_op.create_index("ix_impact_unit_id", ["unit_id"], unique=False)
    row = sa.table("portfolio", *(sa.column(name) for name in FIRST_SETTINGS))
    op.bulk_insert(row, [FIRST_SETTINGS])


def downgrade() -> None:
    """Undo it."""
    with op.batch_alter_table("impact", schema=None) as batch_op:
        batch_op.drop_index("ix_impact_unit_id")

    op.drop_table("impact")
    with op.batch_alter_table("exception_cell", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_exception_cell_exception_id"))

    op.drop_table("exception_cell")
    with op.batch_alter_table("decision", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_decision_initiative_id"))

    op.drop_table("decision")
    with op.batch_alter_table("claim", schema=None) as batch_op:
        batch_op.drop_index("ix_claim_unit_id_counts_to")
        batch_op.drop_index("ix_claim_initiative_id")

    op.drop_table("claim")
    op.drop_table("phase")
    with op.batch_alter_table("imported_row", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_imported_row_initiative_id"))
        batch_op.drop_index(batch_op.f("ix_imported_row_batch_id"))

    op.drop_table("imported_row")
    with op.batch_alter_table("granted_exception", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_granted_exception_valid_to"))
        batch_op.drop_index(batch_op.f("ix_granted_exception_initiative_id"))

    op.drop_table("granted_exception")
    with op.batch_alter_table("commitment", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_commitment_owner_id"))

    op.drop_table("commitment")
    with op.batch_alter_table("acknowledgement", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_acknowledgement_unit_id"))

    op.drop_table("acknowledgement")
    with op.batch_alter_table("sign_in", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_sign_in_person_id"))

    op.drop_table("sign_in")
    op.drop_table("invitation")
    with op.batch_alter_table("initiative", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_initiative_title_folded"))
        batch_op.drop_index("ix_initiative_status_rank")
        batch_op.drop_index(batch_op.f("ix_initiative_rank"))
        batch_op.drop_index(batch_op.f("ix_initiative_owner_id"))
        batch_op.drop_index(batch_op.f("ix_initiative_external_id"))

    op.drop_table("initiative")
    with op.batch_alter_table("conflict", schema=None) as batch_op:
        batch_op.drop_index(
            "ix_conflict_open_week",
            sqlite_where=sa.text("resolved_at IS NULL"),
            postgresql_where=sa.text("resolved_at IS NULL"),
        )

    op.drop_table("conflict")
    with op.batch_alter_table("person", schema=None) as batch_op:
        batch_op.drop_index(
            "uq_person_active_function", sqlite_where=sa.text("active"), postgresql_where=sa.text("active")
        )

    op.drop_table("person")
    with op.batch_alter_table("lowered_limit", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_lowered_limit_unit_id"))

    op.drop_table("lowered_limit")
    op.drop_table("idempotent_call")
    with op.batch_alter_table("unit", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_unit_parent_id"))

    op.drop_table("unit")
    op.drop_table("standstill")
    op.drop_table("portfolio")
    with op.batch_alter_table("import_batch", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_import_batch_state"))

    op.drop_table("import_batch")
    op.drop_table("failed_sign_in")
    with op.batch_alter_table("event", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_event_type"))
        batch_op.drop_index("ix_event_subject_seq")

    op.drop_table("event")
    op.drop_table("api_token")
