"""What supporting units give their lead; reminders to sign"""

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0006"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Apply this step."""
    op.add_column("assignment", sa.Column("sign_reminded_at", sa.DateTime(timezone=True), nullable=True))
    number = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
    op.create_table(
        "contribution_request",
        sa.Column("id", number, nullable=False),
        sa.Column("obligation_id", number, nullable=False),
        sa.Column("unit_id", number, nullable=False),
        sa.Column("note", sa.Text(), nullable=True),
        sa.Column("wanted_on", sa.Date(), nullable=True),
        sa.Column("asked_by", number, nullable=False),
        sa.Column("called_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("told_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("lead_told_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("closed_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["asked_by"], ["person.id"], name=op.f("fk_contribution_request_asked_by_person")),
        sa.ForeignKeyConstraint(
            ["obligation_id"], ["obligation.id"], name=op.f("fk_contribution_request_obligation_id_obligation")
        ),
        sa.ForeignKeyConstraint(["unit_id"], ["unit.id"], name=op.f("fk_contribution_request_unit_id_unit")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_contribution_request")),
        sa.UniqueConstraint("obligation_id", "unit_id", name=op.f("uq_contribution_request_obligation_id_unit_id")),
        sqlite_autoincrement=True,
    )
    op.create_index(op.f("ix_contribution_request_unit_id"), "contribution_request", ["unit_id"])
    op.create_table(
        "contribution",
        sa.Column("id", number, nullable=False),
        sa.Column("request_id", number, nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("characters", sa.Integer(), nullable=False),
        sa.Column("author_id", number, nullable=False),
        sa.Column("chat_id", number, nullable=False),
        sa.Column("message_id", number, nullable=False),
        sa.Column("sent_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["author_id"], ["person.id"], name=op.f("fk_contribution_author_id_person")),
        sa.ForeignKeyConstraint(
            ["request_id"], ["contribution_request.id"], name=op.f("fk_contribution_request_id_contribution_request")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_contribution")),
        sa.UniqueConstraint("request_id", "version", name=op.f("uq_contribution_request_id_version")),
    )
    op.create_index("ix_contribution_source", "contribution", ["chat_id", "message_id"])


def downgrade() -> None:
    """Take this step back."""
    op.drop_table("contribution")
    op.drop_table("contribution_request")
    op.drop_column("assignment", "sign_reminded_at")
