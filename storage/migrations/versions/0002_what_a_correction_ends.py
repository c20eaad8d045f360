"""What a correction ends stays on record; units have members and other names"""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Apply this step."""
    op.add_column("assignment", sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True))
    op.add_column("notice", sa.Column("sources", sa.JSON(), server_default="[]", nullable=False))
    op.add_column("obligation", sa.Column("waived_for", sa.String(), nullable=True))
    op.add_column("period", sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True))
    op.add_column("unit", sa.Column("members", sa.JSON(), server_default="[]", nullable=False))
    op.add_column("unit", sa.Column("merged_at", sa.DateTime(timezone=True), nullable=True))
    _fill()


def downgrade() -> None:
    """Take this step back."""
    op.drop_column("unit", "merged_at")
    op.drop_column("unit", "members")
    op.drop_column("period", "ended_at")
    op.drop_column("obligation", "waived_for")
    op.drop_column("notice", "sources")
    op.drop_column("assignment", "ended_at")


def _fill() -> None:
    """Say of what stands: which file each notice is from, and that only late adoption waived anything so far."""
    op.execute("UPDATE obligation SET waived_for = 'before' WHERE state = 'waived'")
    instant = sa.DateTime(timezone=True)
    notice = sa.table(
        "notice",
        sa.column("id", sa.BigInteger),
        sa.column("source_hash", sa.String),
        sa.column("adopted_at", instant),
        sa.column("sources", sa.JSON),
    )
    rows = op.get_bind().execute(sa.select(notice.c.id, notice.c.source_hash, notice.c.adopted_at)).all()
    for row in rows:
        at = row.adopted_at.isoformat() + ("" if row.adopted_at.tzinfo else "+00:00")  # SQLite keeps UTC, unmarked
        op.execute(notice.update().where(notice.c.id == row.id).values(sources=[[row.source_hash, at]]))
