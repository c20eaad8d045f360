"""Arrangements of days off, when a due instant was moved, digests by e-mail"""

import sqlalchemy as sa
from alembic import op

revision = "0013"
down_revision = "0011"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Apply this step."""
    number = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
    op.create_table(
        "holiday_arrangement",
        sa.Column("id", number, nullable=False),
        sa.Column("year", sa.Integer(), nullable=False),
        sa.Column("content", sa.JSON(), nullable=False),
        sa.Column("imported_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("imported_by", number, nullable=True),
        sa.ForeignKeyConstraint(["imported_by"], ["person.id"], name=op.f("fk_holiday_arrangement_imported_by_person")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_holiday_arrangement")),
        sa.UniqueConstraint("year", name=op.f("uq_holiday_arrangement_year")),
    )
    op.create_table(
        "mail",
        sa.Column("id", number, nullable=False),
        sa.Column("address", sa.String(), nullable=False),
        sa.Column("slot", sa.String(), nullable=False),
        sa.Column("content", sa.JSON(), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("judged_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("copies", sa.Integer(), nullable=False),
        sa.Column("retry_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("reason", sa.Text(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_mail")),
        sa.UniqueConstraint("address", "slot", name=op.f("uq_mail_address_slot")),
        sqlite_autoincrement=True,
    )
    op.create_index(
        "ix_mail_ready",
        "mail",
        ["id"],
        sqlite_where=sa.text("state = 'ready'"),
        postgresql_where=sa.text("state = 'ready'"),
    )
    op.add_column("obligation", sa.Column("due_set_at", sa.DateTime(timezone=True), nullable=True))
    # until now only extensions were remembered as moving a due instant
    op.execute(
        "UPDATE obligation SET due_set_at = (SELECT max(extension.decided_at) FROM extension"
        " WHERE extension.obligation_id = obligation.id AND extension.state = 'granted')"
        " WHERE id IN (SELECT obligation_id FROM extension WHERE state = 'granted')"
    )


def downgrade() -> None:
    """Take this step back."""
    op.drop_column("obligation", "due_set_at")
    op.drop_index("ix_mail_ready", table_name="mail")
    op.drop_table("mail")
    op.drop_table("holiday_arrangement")
