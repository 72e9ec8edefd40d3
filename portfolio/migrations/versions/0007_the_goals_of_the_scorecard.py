"""The goals of the scorecard"""

import sqlalchemy as sa
from alembic import op

import portfolio.base.db

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None

NAMES_AGAIN = """
UPDATE initiative SET goal_text = COALESCE((
    SELECT goal_wording.name FROM aim JOIN goal_wording ON goal_wording.goal_id = aim.goal_id
    WHERE aim.initiative_id = initiative.id AND aim.place = 1
    ORDER BY goal_wording.first_year DESC, goal_wording.id DESC LIMIT 1
), goal_text)
"""
"""Before the goals go, each initiative keeps the name of its primary one."""


def upgrade() -> None:
    """Goals with their wordings, what initiatives aim at, and as text what they said that they aim at"""
    op.create_table(
        "goal",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("parent_id", sa.Integer(), nullable=True),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("last_year", sa.Integer(), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["parent_id"], ["goal.id"], name=op.f("fk_goal_parent_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_goal")),
    )
    with op.batch_alter_table("goal", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_goal_parent_id"), ["parent_id"], unique=False)

    op.create_table(
        "goal_wording",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("goal_id", sa.Integer(), nullable=False),
        sa.Column("first_year", sa.Integer(), nullable=False),
        sa.Column("written_at", portfolio.base.db.UTCDateTime(timezone=True), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("source", sa.String(length=200), nullable=False),
        sa.Column("source_year", sa.Integer(), nullable=True),
        sa.Column("factors", sa.Text(), nullable=False),
        sa.CheckConstraint("first_year BETWEEN 1900 AND 2199", name=op.f("ck_goal_wording_first_year_is_a_year")),
        sa.ForeignKeyConstraint(["goal_id"], ["goal.id"], name=op.f("fk_goal_wording_goal_id"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_goal_wording")),
    )
    with op.batch_alter_table("goal_wording", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_goal_wording_goal_id"), ["goal_id"], unique=False)

    op.create_table(
        "goal_unit",
        sa.Column("goal_id", sa.Integer(), nullable=False),
        sa.Column("unit_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["goal_id"], ["goal.id"], name=op.f("fk_goal_unit_goal_id"), ondelete="CASCADE"),
        sa.ForeignKeyConstraint(["unit_id"], ["unit.id"], name=op.f("fk_goal_unit_unit_id")),
        sa.PrimaryKeyConstraint("goal_id", "unit_id", name=op.f("pk_goal_unit")),
    )
    with op.batch_alter_table("goal_unit", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_goal_unit_unit_id"), ["unit_id"], unique=False)

    op.create_table(
        "aim",
        sa.Column("initiative_id", sa.Integer(), nullable=False),
        sa.Column("goal_id", sa.Integer(), nullable=False),
        sa.Column("place", sa.Integer(), nullable=False),
        sa.CheckConstraint("place BETWEEN 1 AND 3", name=op.f("ck_aim_place_1_to_3")),
        sa.ForeignKeyConstraint(["goal_id"], ["goal.id"], name=op.f("fk_aim_goal_id")),
        sa.ForeignKeyConstraint(
            ["initiative_id"], ["initiative.id"], name=op.f("fk_aim_initiative_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("initiative_id", "goal_id", name=op.f("pk_aim")),
        sa.UniqueConstraint("initiative_id", "place", name=op.f("uq_aim_initiative_id_place")),
    )
    with op.batch_alter_table("aim", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_aim_goal_id"), ["goal_id"], unique=False)

    op.execute("UPDATE initiative SET goal_area = '' WHERE goal_area IS NULL")
    with op.batch_alter_table("initiative", schema=None) as batch_op:
        batch_op.alter_column(
            "goal_area", new_column_name="goal_text", existing_type=sa.String(length=200), nullable=False
        )
        batch_op.add_column(sa.Column("programme_id", sa.Integer(), nullable=True))
        batch_op.create_index(batch_op.f("ix_initiative_programme_id"), ["programme_id"], unique=False)
        batch_op.create_foreign_key(batch_op.f("fk_initiative_programme_id"), "goal", ["programme_id"], ["id"])


def downgrade() -> None:
    """Back to a målområde in free text"""
    op.execute(NAMES_AGAIN)
    with op.batch_alter_table("initiative", schema=None) as batch_op:
        batch_op.drop_constraint(batch_op.f("fk_initiative_programme_id"), type_="foreignkey")
        batch_op.drop_index(batch_op.f("ix_initiative_programme_id"))
        batch_op.drop_column("programme_id")
        batch_op.alter_column(
            "goal_text", new_column_name="goal_area", existing_type=sa.String(length=200), nullable=True
        )
    op.execute("UPDATE initiative SET goal_area = NULL WHERE goal_area = ''")
    for table, index in (
        ("aim", "ix_aim_goal_id"),
        ("goal_unit", "ix_goal_unit_unit_id"),
        ("goal_wording", "ix_goal_wording_goal_id"),
    ):
        with op.batch_alter_table(table, schema=None) as batch_op:
            batch_op.drop_index(batch_op.f(index))
        op.drop_table(table)
    with op.batch_alter_table("goal", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_goal_parent_id"))

    op.drop_table("goal")
