"""What the receiving chefs answer"""

import sqlalchemy as sa
from alembic import op

import portfolio.base.db

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None

STATEMENTS = ("why", "will", "how", "can", "settled")


def upgrade() -> None:
    """How many each chef leads, what the chefs lead with, how ready their people are, and how heavy it feels"""
    with op.batch_alter_table("unit", schema=None) as batch_op:
        batch_op.add_column(sa.Column("direct_reports", sa.Integer(), nullable=True))
    with op.batch_alter_table("portfolio", schema=None) as batch_op:
        batch_op.add_column(sa.Column("most_direct_reports", sa.Integer(), nullable=False, server_default="25"))

    op.create_table(
        "chef_conditions",
        sa.Column("initiative_id", sa.Integer(), nullable=False),
        sa.Column("unit_id", sa.Integer(), nullable=False),
        *(sa.Column(question, sa.String(length=10), nullable=False) for question in ("mandate", "room", "span")),
        *_answered_by(),
        *_about_an_initiative_and_a_unit("chef_conditions"),
        sa.PrimaryKeyConstraint("initiative_id", "unit_id", name=op.f("pk_chef_conditions")),
    )
    op.create_index(op.f("ix_chef_conditions_unit_id"), "chef_conditions", ["unit_id"], unique=False)

    op.create_table(
        "readiness",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("initiative_id", sa.Integer(), nullable=False),
        sa.Column("unit_id", sa.Integer(), nullable=False),
        sa.Column("month", sa.String(length=7), nullable=False),
        *(sa.Column(statement, sa.Integer(), nullable=False) for statement in STATEMENTS),
        *_answered_by(),
        *(
            sa.CheckConstraint(f"{statement} BETWEEN 1 AND 4", name=op.f(f"ck_readiness_{statement}_1_to_4"))
            for statement in STATEMENTS
        ),
        *_about_an_initiative_and_a_unit("readiness"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_readiness")),
        sa.UniqueConstraint(
            "initiative_id", "unit_id", "month", name=op.f("uq_readiness_initiative_id_unit_id_month")
        ),
    )
    op.create_index(op.f("ix_readiness_unit_id"), "readiness", ["unit_id"], unique=False)

    op.create_table(
        "felt_load",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("unit_id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("month", sa.String(length=7), nullable=False),
        sa.Column("felt", sa.Integer(), nullable=False),
        sa.Column("load", sa.Integer(), nullable=False),
        sa.Column("limit", sa.Integer(), nullable=True),
        sa.Column("answered_at", portfolio.base.db.UTCDateTime(timezone=True), nullable=False),
        sa.CheckConstraint("felt BETWEEN 1 AND 5", name=op.f("ck_felt_load_felt_1_to_5")),
        sa.ForeignKeyConstraint(["unit_id"], ["unit.id"], name=op.f("fk_felt_load_unit_id")),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_felt_load_person_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_felt_load")),
        sa.UniqueConstraint("unit_id", "person_id", "month", name=op.f("uq_felt_load_unit_id_person_id_month")),
    )
    op.create_index(op.f("ix_felt_load_person_id"), "felt_load", ["person_id"], unique=False)


def _answered_by() -> tuple[sa.Column[str], sa.Column[object]]:
    return (
        sa.Column("answered_by", sa.String(length=120), nullable=False),
        sa.Column("answered_at", portfolio.base.db.UTCDateTime(timezone=True), nullable=False),
    )


def _about_an_initiative_and_a_unit(table: str) -> tuple[sa.ForeignKeyConstraint, sa.ForeignKeyConstraint]:
    about = op.f(f"fk_{table}_initiative_id")
    return (
        sa.ForeignKeyConstraint(["initiative_id"], ["initiative.id"], name=about, ondelete="CASCADE"),
        sa.ForeignKeyConstraint(["unit_id"], ["unit.id"], name=op.f(f"fk_{table}_unit_id")),
    )


def downgrade() -> None:
    """Back to chefs who are asked only about the impact"""
    for table in ("felt_load", "readiness", "chef_conditions"):
        op.drop_table(table)
    with op.batch_alter_table("portfolio", schema=None) as batch_op:
        batch_op.drop_column("most_direct_reports")
    with op.batch_alter_table("unit", schema=None) as batch_op:
        batch_op.drop_column("direct_reports")
