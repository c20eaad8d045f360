"""Supervision slips, on-site inspections and what units put right"""

import sqlalchemy as sa
from alembic import op

revision = "0015"
down_revision = "0013"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Apply this step."""
    number = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
    op.create_table(
        "inspection",
        sa.Column("id", number, nullable=False),
        sa.Column("form", sa.String(), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("is_announced", sa.Boolean(), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("planned_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("planned_by", number, nullable=False),
        sa.Column("reminded_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("closed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("closed_by", number, nullable=True),
        sa.Column("reason", sa.Text(), nullable=True),
        sa.ForeignKeyConstraint(["closed_by"], ["person.id"], name=op.f("fk_inspection_closed_by_person")),
        sa.ForeignKeyConstraint(["planned_by"], ["person.id"], name=op.f("fk_inspection_planned_by_person")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_inspection")),
        sa.UniqueConstraint("form", name=op.f("uq_inspection_form")),
        sqlite_autoincrement=True,
    )
    op.create_table(
        "finding",
        sa.Column("id", number, nullable=False),
        sa.Column("inspection_id", number, nullable=False),
        sa.Column("person_id", number, nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("chat_id", number, nullable=False),
        sa.Column("message_id", number, nullable=False),
        sa.Column("sent_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["inspection_id"], ["inspection.id"], name=op.f("fk_finding_inspection_id_inspection")),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_finding_person_id_person")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_finding")),
    )
    with op.batch_alter_table("finding", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_finding_inspection_id"), ["inspection_id"], unique=False)
        batch_op.create_index("ix_finding_source", ["chat_id", "message_id"], unique=False)

    op.create_table(
        "inspected_unit",
        sa.Column("id", number, nullable=False),
        sa.Column("inspection_id", number, nullable=False),
        sa.Column("unit_id", number, nullable=False),
        sa.Column("tasks", sa.JSON(), nullable=False),
        sa.ForeignKeyConstraint(
            ["inspection_id"], ["inspection.id"], name=op.f("fk_inspected_unit_inspection_id_inspection")
        ),
        sa.ForeignKeyConstraint(["unit_id"], ["unit.id"], name=op.f("fk_inspected_unit_unit_id_unit")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_inspected_unit")),
        sa.UniqueConstraint("inspection_id", "unit_id", name=op.f("uq_inspected_unit_inspection_id_unit_id")),
    )
    with op.batch_alter_table("inspected_unit", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_inspected_unit_unit_id"), ["unit_id"], unique=False)

    op.create_table(
        "measure",
        sa.Column("id", number, nullable=False),
        sa.Column("inspection_id", number, nullable=False),
        sa.Column("unit_id", number, nullable=False),
        sa.Column("form", sa.String(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("due_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("made_by", number, nullable=False),
        sa.ForeignKeyConstraint(["inspection_id"], ["inspection.id"], name=op.f("fk_measure_inspection_id_inspection")),
        sa.ForeignKeyConstraint(["made_by"], ["person.id"], name=op.f("fk_measure_made_by_person")),
        sa.ForeignKeyConstraint(["unit_id"], ["unit.id"], name=op.f("fk_measure_unit_id_unit")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_measure")),
        sa.UniqueConstraint("form", name=op.f("uq_measure_form")),
        sqlite_autoincrement=True,
    )
    with op.batch_alter_table("measure", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_measure_inspection_id"), ["inspection_id"], unique=False)
        batch_op.create_index(
            "ix_measure_open",
            ["unit_id", "due_at"],
            unique=False,
            sqlite_where=sa.text("state = 'open'"),
            postgresql_where=sa.text("state = 'open'"),
        )

    op.create_table(
        "field_file",
        sa.Column("id", number, nullable=False),
        sa.Column("inspection_id", number, nullable=False),
        sa.Column("measure_id", number, nullable=True),
        sa.Column("person_id", number, nullable=False),
        sa.Column("file_id", number, nullable=False),
        sa.Column("unique_id", sa.String(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("chat_id", number, nullable=False),
        sa.Column("message_id", number, nullable=False),
        sa.Column("album", sa.String(), nullable=True),
        sa.Column("sent_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["file_id"], ["stored_file.id"], name=op.f("fk_field_file_file_id_stored_file")),
        sa.ForeignKeyConstraint(
            ["inspection_id"], ["inspection.id"], name=op.f("fk_field_file_inspection_id_inspection")
        ),
        sa.ForeignKeyConstraint(["measure_id"], ["measure.id"], name=op.f("fk_field_file_measure_id_measure")),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_field_file_person_id_person")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_field_file")),
    )
    with op.batch_alter_table("field_file", schema=None) as batch_op:
        batch_op.create_index("ix_field_file_album", ["chat_id", "album"], unique=False)
        batch_op.create_index(batch_op.f("ix_field_file_inspection_id"), ["inspection_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_field_file_measure_id"), ["measure_id"], unique=False)

    op.create_table(
        "measure_answer",
        sa.Column("id", number, nullable=False),
        sa.Column("measure_id", number, nullable=False),
        sa.Column("person_id", number, nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("chat_id", number, nullable=False),
        sa.Column("message_id", number, nullable=False),
        sa.Column("sent_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("passed", sa.Boolean(), nullable=True),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("decided_by", number, nullable=True),
        sa.Column("reason", sa.Text(), nullable=True),
        sa.ForeignKeyConstraint(["decided_by"], ["person.id"], name=op.f("fk_measure_answer_decided_by_person")),
        sa.ForeignKeyConstraint(["measure_id"], ["measure.id"], name=op.f("fk_measure_answer_measure_id_measure")),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_measure_answer_person_id_person")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_measure_answer")),
        sqlite_autoincrement=True,
    )
    with op.batch_alter_table("measure_answer", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_measure_answer_measure_id"), ["measure_id"], unique=False)
        batch_op.create_index("ix_measure_answer_source", ["chat_id", "message_id"], unique=False)
        batch_op.create_index(
            "ix_measure_answer_waiting",
            ["measure_id"],
            unique=True,
            sqlite_where=sa.text("decided_at IS NULL"),
            postgresql_where=sa.text("decided_at IS NULL"),
        )

    op.create_table(
        "measure_nudge",
        sa.Column("id", number, nullable=False),
        sa.Column("measure_id", number, nullable=False),
        sa.Column("due_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("rung", sa.String(), nullable=False),
        sa.Column("person_id", number, nullable=False),
        sa.Column("outbox_id", number, nullable=True),
        sa.ForeignKeyConstraint(["measure_id"], ["measure.id"], name=op.f("fk_measure_nudge_measure_id_measure")),
        sa.ForeignKeyConstraint(["outbox_id"], ["outbox.id"], name=op.f("fk_measure_nudge_outbox_id_outbox")),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_measure_nudge_person_id_person")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_measure_nudge")),
        sa.UniqueConstraint(
            "measure_id", "due_at", "rung", "person_id", name=op.f("uq_measure_nudge_measure_id_due_at_rung_person_id")
        ),
    )
    op.create_table(
        "slip",
        sa.Column("id", number, nullable=False),
        sa.Column("obligation_id", number, nullable=False),
        sa.Column("due_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("colour", sa.String(), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("proposed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("year", sa.Integer(), nullable=True),
        sa.Column("number", sa.Integer(), nullable=True),
        sa.Column("issued_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("issued_by", number, nullable=True),
        sa.Column("limit_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("facts", sa.JSON(), nullable=True),
        sa.Column("file_id", number, nullable=True),
        sa.Column("closed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("closed_by", number, nullable=True),
        sa.Column("closed_for", sa.String(), nullable=True),
        sa.Column("reason", sa.Text(), nullable=True),
        sa.ForeignKeyConstraint(["closed_by"], ["person.id"], name=op.f("fk_slip_closed_by_person")),
        sa.ForeignKeyConstraint(["file_id"], ["stored_file.id"], name=op.f("fk_slip_file_id_stored_file")),
        sa.ForeignKeyConstraint(["issued_by"], ["person.id"], name=op.f("fk_slip_issued_by_person")),
        sa.ForeignKeyConstraint(["obligation_id"], ["obligation.id"], name=op.f("fk_slip_obligation_id_obligation")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_slip")),
        sa.UniqueConstraint("year", "number", name=op.f("uq_slip_year_number")),
        sqlite_autoincrement=True,
    )
    with op.batch_alter_table("slip", schema=None) as batch_op:
        batch_op.create_index(
            "ix_slip_issued",
            ["obligation_id"],
            unique=True,
            sqlite_where=sa.text("state = 'issued'"),
            postgresql_where=sa.text("state = 'issued'"),
        )
        batch_op.create_index(batch_op.f("ix_slip_obligation_id"), ["obligation_id"], unique=False)
        batch_op.create_index(
            "ix_slip_proposed",
            ["obligation_id"],
            unique=True,
            sqlite_where=sa.text("state = 'proposed'"),
            postgresql_where=sa.text("state = 'proposed'"),
        )

    op.create_table(
        "slip_copy",
        sa.Column("id", number, nullable=False),
        sa.Column("slip_id", number, nullable=False),
        sa.Column("person_id", number, nullable=False),
        sa.Column("role", sa.String(), nullable=False),
        sa.Column("outbox_id", number, nullable=True),
        sa.Column("signed_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["outbox_id"], ["outbox.id"], name=op.f("fk_slip_copy_outbox_id_outbox")),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_slip_copy_person_id_person")),
        sa.ForeignKeyConstraint(["slip_id"], ["slip.id"], name=op.f("fk_slip_copy_slip_id_slip")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_slip_copy")),
        sa.UniqueConstraint("slip_id", "person_id", name=op.f("uq_slip_copy_slip_id_person_id")),
    )
    with op.batch_alter_table("slip_copy", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_slip_copy_person_id"), ["person_id"], unique=False)


def downgrade() -> None:
    """Take this step back."""
    for name in (
        "slip_copy",
        "slip",
        "measure_nudge",
        "measure_answer",
        "field_file",
        "measure",
        "inspected_unit",
        "finding",
        "inspection",
    ):
        op.drop_table(name)
