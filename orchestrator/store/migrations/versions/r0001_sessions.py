"""Sessions, candidates, benches, checkpoints and the journal."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None

_INSTANT = sa.String(27)

# SQLite's triggers. The insertion trigger also refuses INSERT OR REPLACE, which fires no deletion trigger.
_TRIGGERS = {
    "journal_no_update": "BEFORE UPDATE ON journal",
    "journal_no_delete": "BEFORE DELETE ON journal",
    "journal_next_only": "BEFORE INSERT ON journal WHEN NEW.seq IS NOT "
    "(SELECT coalesce(max(seq), 0) + 1 FROM journal WHERE session = NEW.session)",
}


def upgrade() -> None:
    """From nothing."""
    op.create_table(
        "session",
        sa.Column("slug", sa.Text(), nullable=False),
        sa.Column("lab_id", sa.Text(), nullable=False),
        sa.Column("lab_folder", sa.Text(), nullable=False),
        sa.Column("lab_hash", sa.Text(), nullable=False),
        sa.Column("lab_version", sa.Text(), nullable=False),
        sa.Column("format_id", sa.Text(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("document", sa.Text(), nullable=False),
        sa.Column("created_at", _INSTANT, nullable=False),
        sa.Column("retention_days", sa.Integer(), nullable=False),
        sa.Column("closed_at", _INSTANT),
        sa.Column("purged_at", _INSTANT),
        sa.Column("simulated", sa.Boolean(), nullable=False),
        sa.Column("boot_id", sa.Text(), nullable=False),
        sa.Column("boottime_ns", sa.BigInteger(), nullable=False),
        sa.Column("wall", _INSTANT, nullable=False),
        sa.Column("exam_time", _INSTANT, nullable=False),
        sa.Column("speed", sa.Float(), nullable=False),
        sa.PrimaryKeyConstraint("slug", name="pk_session"),
        sa.CheckConstraint("speed = 1 OR simulated", name="ck_session_speed"),
    )
    op.create_table(
        "candidate",
        sa.Column("session", sa.Text(), nullable=False),
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("surname", sa.Text(), nullable=False),
        sa.Column("first_name", sa.Text(), nullable=False),
        sa.Column("number", sa.Text(), nullable=False),
        sa.Column("birth_date", sa.Date()),
        sa.Column("email", sa.Text()),
        sa.PrimaryKeyConstraint("session", "id", name="pk_candidate"),
        sa.ForeignKeyConstraint(["session"], ["session.slug"], name="fk_candidate_session"),
        sa.UniqueConstraint("session", "number", name="uq_candidate_session_number"),
    )
    op.create_table(
        "bench",
        sa.Column("session", sa.Text(), nullable=False),
        sa.Column("candidate", sa.Text(), nullable=False),
        sa.Column("host", sa.Text(), nullable=False),
        sa.Column("step", sa.Text(), nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("next_try_at", _INSTANT),
        sa.Column("first_error", sa.Text()),
        sa.Column("last_error", sa.Text()),
        sa.Column("updated_at", _INSTANT, nullable=False),
        sa.Column("last_checkpoint_at", _INSTANT),
        sa.PrimaryKeyConstraint("session", "candidate", name="pk_bench"),
        sa.ForeignKeyConstraint(["session"], ["session.slug"], name="fk_bench_session"),
    )
    op.create_table(
        "checkpoint",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("session", sa.Text(), nullable=False),
        sa.Column("candidate", sa.Text(), nullable=False),
        sa.Column("taken_at", _INSTANT, nullable=False),
        sa.Column("folder", sa.Text(), nullable=False),
        sa.Column("machines", sa.Text(), nullable=False),
        sa.Column("stopped_ms", sa.Integer(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("why", sa.Text(), nullable=False),
        sa.Column("bytes", sa.BigInteger(), nullable=False),
        sa.Column("removed_at", _INSTANT),
        sa.PrimaryKeyConstraint("id", name="pk_checkpoint"),
        sa.ForeignKeyConstraint(["session"], ["session.slug"], name="fk_checkpoint_session"),
        sa.CheckConstraint("kind IN ('checkpoint', 'kept-aside')", name="ck_checkpoint_kind"),
    )
    op.create_index("ix_checkpoint_session_candidate", "checkpoint", ["session", "candidate"])
    op.create_table(
        "journal",
        sa.Column("session", sa.Text(), nullable=False),
        sa.Column("seq", sa.Integer(), nullable=False, autoincrement=False),
        sa.Column("at", _INSTANT, nullable=False),
        sa.Column("recorded_at", _INSTANT, nullable=False),
        sa.Column("who", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("candidate", sa.Text()),
        sa.Column("why", sa.Text(), nullable=False),
        sa.Column("data", sa.Text(), nullable=False),
        sa.Column("prev_hash", sa.String(64), nullable=False),
        sa.Column("hash", sa.String(64), nullable=False),
        sa.PrimaryKeyConstraint("session", "seq", name="pk_journal"),
        sa.ForeignKeyConstraint(["session"], ["session.slug"], name="fk_journal_session"),
    )
    for name, when in _TRIGGERS.items():
        op.execute(f"CREATE TRIGGER {name} {when} BEGIN SELECT RAISE(ABORT, 'the journal can only be added to'); END")


def downgrade() -> None:
    """To nothing."""
    for name in ("journal", "checkpoint", "bench", "candidate", "session"):
        op.drop_table(name)
