"""What the office corrects: adoptions taken back, periods moved"""

import sqlalchemy as sa
from alembic import op

revision = "0014"
down_revision = "0015"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Apply this step."""
    op.add_column("notice", sa.Column("withdrawn_at", sa.DateTime(timezone=True), nullable=True))
    op.add_column("period", sa.Column("first_due_at", sa.DateTime(timezone=True), nullable=True))


def downgrade() -> None:
    """Take this step back."""
    op.drop_column("period", "first_due_at")
    op.drop_column("notice", "withdrawn_at")
