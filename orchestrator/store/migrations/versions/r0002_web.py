"""Accounts, logins, seat codes, candidates' pages and the audit log of the web application."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"

_INSTANT = sa.String(27)
_MADE = ("account", "link", "login", "staff", "seat_code", "attempt", "candidate_page", "audit")


def upgrade() -> None:
    """From 0001."""
    op.create_table(
        "account",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("roles", sa.Text(), nullable=False),
        sa.Column("password", sa.Text()),
        sa.Column("subject", sa.Text()),
        sa.Column("must_change", sa.Boolean(), nullable=False),
        sa.Column("failures", sa.Integer(), nullable=False),
        sa.Column("locked_until", _INSTANT),
        sa.Column("created_at", _INSTANT, nullable=False),
        sa.Column("disabled_at", _INSTANT),
        sa.PrimaryKeyConstraint("id", name="pk_account"),
        sa.UniqueConstraint("subject", name="uq_account_subject"),
    )
    op.create_table(
        "link",
        sa.Column("hash", sa.String(64), nullable=False),
        sa.Column("purpose", sa.Text(), nullable=False),
        sa.Column("expires_at", _INSTANT, nullable=False),
        sa.Column("used_at", _INSTANT),
        sa.PrimaryKeyConstraint("hash", name="pk_link"),
    )
    op.create_table(
        "login",
        sa.Column("hash", sa.String(64), nullable=False),
        sa.Column("account", sa.Text()),
        sa.Column("session", sa.Text()),
        sa.Column("candidate", sa.Text()),
        sa.Column("address", sa.Text(), nullable=False),
        sa.Column("begun_at", _INSTANT, nullable=False),
        sa.Column("seen_at", _INSTANT, nullable=False),
        sa.Column("ended_at", _INSTANT),
        sa.PrimaryKeyConstraint("hash", name="pk_login"),
        sa.CheckConstraint("(account IS NULL) <> (candidate IS NULL)", name="ck_login_one"),
        sa.CheckConstraint("(session IS NULL) = (candidate IS NULL)", name="ck_login_seat"),
    )
    op.create_index("ix_login_session_candidate", "login", ["session", "candidate"])
    op.create_table(
        "staff",
        sa.Column("session", sa.Text(), nullable=False),
        sa.Column("account", sa.Text(), nullable=False),
        sa.Column("role", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("session", "account", "role", name="pk_staff"),
        sa.ForeignKeyConstraint(["session"], ["session.slug"], name="fk_staff_session"),
        sa.ForeignKeyConstraint(["account"], ["account.id"], name="fk_staff_account"),
        sa.CheckConstraint("role IN ('supervisor', 'jury')", name="ck_staff_role"),
    )
    op.create_table(
        "seat_code",
        sa.Column("session", sa.Text(), nullable=False),
        sa.Column("candidate", sa.Text(), nullable=False),
        sa.Column("code", sa.Text(), nullable=False),
        sa.Column("made_at", _INSTANT, nullable=False),
        sa.PrimaryKeyConstraint("session", "candidate", name="pk_seat_code"),
        sa.ForeignKeyConstraint(["session"], ["session.slug"], name="fk_seat_code_session"),
        sa.UniqueConstraint("code", name="uq_seat_code_code"),
    )
    op.create_table(
        "attempt",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("what", sa.Text(), nullable=False),
        sa.Column("address", sa.Text(), nullable=False),
        sa.Column("at", _INSTANT, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_attempt"),
    )
    op.create_index("ix_attempt_what_address_at", "attempt", ["what", "address", "at"])
    op.create_table(
        "candidate_page",
        sa.Column("session", sa.Text(), nullable=False),
        sa.Column("candidate", sa.Text(), nullable=False),
        sa.Column("notes", sa.Text(), nullable=False),
        sa.Column("notes_at", _INSTANT),
        sa.Column("ticked", sa.Text(), nullable=False),
        sa.Column("hand_at", _INSTANT),
        sa.Column("seen_at", _INSTANT),
        sa.PrimaryKeyConstraint("session", "candidate", name="pk_candidate_page"),
        sa.ForeignKeyConstraint(["session"], ["session.slug"], name="fk_candidate_page_session"),
    )
    op.create_table(
        "audit",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("at", _INSTANT, nullable=False),
        sa.Column("who", sa.Text(), nullable=False),
        sa.Column("what", sa.Text(), nullable=False),
        sa.Column("about", sa.Text(), nullable=False),
        sa.Column("address", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_audit"),
    )


def downgrade() -> None:
    """Back to 0001: accounts and logins are gone, sessions stay."""
    for table in reversed(_MADE):
        op.drop_table(table)
