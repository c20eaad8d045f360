"""Year plans"""

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0005"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Apply this step."""
    op.create_table(
        "plan_item",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("assignment_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("is_draft", sa.Boolean(), nullable=False),
        sa.Column("q1", sa.Text(), nullable=True),
        sa.Column("q2", sa.Text(), nullable=True),
        sa.Column("q3", sa.Text(), nullable=True),
        sa.Column("q4", sa.Text(), nullable=True),
        sa.Column("head", sa.String(), nullable=True),
        sa.Column("person", sa.String(), nullable=True),
        sa.Column("author_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["assignment_id"], ["assignment.id"], name=op.f("fk_plan_item_assignment_id_assignment")
        ),
        sa.ForeignKeyConstraint(["author_id"], ["person.id"], name=op.f("fk_plan_item_author_id_person")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_plan_item")),
        sa.UniqueConstraint("assignment_id", "version", name=op.f("uq_plan_item_assignment_id_version")),
    )


def downgrade() -> None:
    """Take this step back."""
    op.drop_table("plan_item")
