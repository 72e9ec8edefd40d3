"""What a completion and a stop leave behind, and what initiatives are to change"""

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
    _create_effect_goals()
    _create_indicators()
    with op.batch_alter_table("initiative", schema=None) as batch_op:
        batch_op.add_column(sa.Column("effects_unready", sa.Integer(), nullable=False, server_default="0"))
    with op.batch_alter_table("assessment", schema=None) as batch_op:
        batch_op.add_column(sa.Column("yearly_cost", sa.BigInteger(), nullable=True))
        batch_op.add_column(sa.Column("funded_by_id", sa.Integer(), nullable=True))
        batch_op.create_check_constraint(op.f("ck_assessment_yearly_cost_not_negative"), "yearly_cost >= 0")
        batch_op.create_foreign_key(op.f("fk_assessment_funded_by_id"), "unit", ["funded_by_id"], ["id"])
        batch_op.create_index(op.f("ix_assessment_funded_by_id"), ["funded_by_id"])


def _create_effect_goals() -> None:
    op.create_table(
        "effect_goal",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("initiative_id", sa.Integer(), nullable=False),
        sa.Column("change", sa.Text(), nullable=False),
        sa.Column("for_whom", sa.String(length=200), nullable=False),
        sa.Column("baseline", sa.String(length=200), nullable=False),
        sa.Column("target", sa.String(length=200), nullable=False),
        sa.Column("by_when", sa.Date(), nullable=True),
        sa.Column("source", sa.String(length=200), nullable=False),
        sa.Column("benefit", sa.String(length=20), nullable=True),
        sa.Column("hours", sa.Integer(), nullable=True),
        sa.Column("tkr", sa.Integer(), nullable=True),
        sa.Column("unit_id", sa.Integer(), nullable=True),
        sa.CheckConstraint("hours >= 0", name=op.f("ck_effect_goal_hours_not_negative")),
        sa.CheckConstraint("tkr >= 0", name=op.f("ck_effect_goal_tkr_not_negative")),
        _belongs_to("effect_goal", "initiative"),
        sa.ForeignKeyConstraint(["unit_id"], ["unit.id"], name=op.f("fk_effect_goal_unit_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_effect_goal")),
    )
    op.create_index(op.f("ix_effect_goal_initiative_id"), "effect_goal", ["initiative_id"])
    op.create_index(op.f("ix_effect_goal_unit_id"), "effect_goal", ["unit_id"])
    op.create_table(
        "effect_answer",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("initiative_id", sa.Integer(), nullable=False),
        sa.Column("effect_goal_id", sa.Integer(), nullable=True),
        sa.Column("months", sa.Integer(), nullable=False),
        sa.Column("answer", sa.String(length=20), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("answered_by", sa.String(length=120), nullable=False),
        sa.Column("answered_at", sa.DateTime(timezone=True), nullable=False),
        _belongs_to("effect_answer", "initiative"),
        _belongs_to("effect_answer", "effect_goal"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_effect_answer")),
    )
    op.create_index(op.f("ix_effect_answer_initiative_id"), "effect_answer", ["initiative_id"])
    op.create_index(op.f("ix_effect_answer_effect_goal_id"), "effect_answer", ["effect_goal_id"])


def _create_indicators() -> None:
    op.create_table(
        "indicator",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("effect_goal_id", sa.Integer(), nullable=False),
        sa.Column("place", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(length=120), nullable=False),
        sa.Column("measured_in", sa.String(length=30), nullable=False),
        sa.Column("baseline", sa.Double(), nullable=True),
        sa.Column("target", sa.Double(), nullable=True),
        sa.Column("source", sa.String(length=200), nullable=False),
        sa.Column("forecast", sa.String(length=20), nullable=False),
        sa.CheckConstraint("place BETWEEN 1 AND 3", name=op.f("ck_indicator_place_1_to_3")),
        _belongs_to("indicator", "effect_goal"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_indicator")),
        sa.UniqueConstraint("effect_goal_id", "place", name=op.f("uq_indicator_effect_goal_id_place")),
    )
    op.create_table(
        "measurement",
        sa.Column("indicator_id", sa.Integer(), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("value", sa.Double(), nullable=False),
        _belongs_to("measurement", "indicator"),
        sa.PrimaryKeyConstraint("indicator_id", "day", name=op.f("pk_measurement")),
    )


def _belongs_to(table: str, above: str) -> sa.ForeignKeyConstraint:
    name = op.f(f"fk_{table}_{above}_id")
    return sa.ForeignKeyConstraint([f"{above}_id"], [f"{above}.id"], name=name, ondelete="CASCADE")


def downgrade() -> None:
    """Back to decisions that leave nothing but a reason"""
    with op.batch_alter_table("initiative", schema=None) as batch_op:
        batch_op.drop_column("effects_unready")
    with op.batch_alter_table("assessment", schema=None) as batch_op:
        batch_op.drop_index(op.f("ix_assessment_funded_by_id"))
        batch_op.drop_constraint(op.f("fk_assessment_funded_by_id"), type_="foreignkey")
        batch_op.drop_constraint(op.f("ck_assessment_yearly_cost_not_negative"), type_="check")
        batch_op.drop_column("funded_by_id")
        batch_op.drop_column("yearly_cost")
    for table in ("measurement", "indicator", "effect_answer", "effect_goal"):
        op.drop_table(table)
    op.drop_table("lesson")
    op.drop_table("handover")
