"""Reviews; reports entered for their units; what the office waived"""

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Apply this step."""
    number = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
    with op.batch_alter_table("report") as report:
        report.add_column(sa.Column("source", sa.String(), nullable=True))
        report.alter_column("author_id", existing_type=number, nullable=True)
    op.add_column("notice", sa.Column("review", sa.Boolean(), nullable=True))
    op.create_table(
        "review",
        sa.Column("id", number, nullable=False),
        sa.Column("report_id", number, nullable=False),
        sa.Column("obligation_id", number, nullable=False),
        sa.Column("accepted", sa.Boolean(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=True),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("decided_by", number, nullable=True),
        sa.Column("old_due_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("due_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["decided_by"], ["person.id"], name=op.f("fk_review_decided_by_person")),
        sa.ForeignKeyConstraint(["obligation_id"], ["obligation.id"], name=op.f("fk_review_obligation_id_obligation")),
        sa.ForeignKeyConstraint(["report_id"], ["report.id"], name=op.f("fk_review_report_id_report")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_review")),
        sa.UniqueConstraint("report_id", name=op.f("uq_review_report_id")),
    )
    op.create_index(op.f("ix_review_obligation_id"), "review", ["obligation_id"])
    op.create_table(
        "exemption",
        sa.Column("id", number, nullable=False),
        sa.Column("obligation_id", number, nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("waived_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("waived_by", number, nullable=True),
        sa.ForeignKeyConstraint(
            ["obligation_id"], ["obligation.id"], name=op.f("fk_exemption_obligation_id_obligation")
        ),
        sa.ForeignKeyConstraint(["waived_by"], ["person.id"], name=op.f("fk_exemption_waived_by_person")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_exemption")),
    )
    op.create_index(op.f("ix_exemption_obligation_id"), "exemption", ["obligation_id"])


def downgrade() -> None:
    """Take this step back."""
    op.drop_table("exemption")
    op.drop_table("review")
    op.drop_column("notice", "review")
    number = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
    with op.batch_alter_table("report") as report:
        report.alter_column("author_id", existing_type=number, nullable=False)
        report.drop_column("source")
