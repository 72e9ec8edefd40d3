"""What completed minutes tell of"""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """What completed minutes tell of"""
    with op.batch_alter_table("decision", schema=None) as batch_op:
        batch_op.add_column(sa.Column("minuted", sa.Boolean(), nullable=False, server_default=sa.false()))

    # The minutes that are completed already tell of the decisions that stand.
    op.execute(
        "UPDATE decision SET minuted = true WHERE undone_at IS NULL AND id IN (SELECT agenda_item.decision_id"
        " FROM agenda_item JOIN minutes ON minutes.meeting_id = agenda_item.meeting_id)"
    )


def downgrade() -> None:
    """Back to decisions that know nothing of the minutes"""
    with op.batch_alter_table("decision", schema=None) as batch_op:
        batch_op.drop_column("minuted")
