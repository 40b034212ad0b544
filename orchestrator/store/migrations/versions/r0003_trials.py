"""A trial session is entrusted to a trainer."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"

_STAFF = ("session", "account", "role")


def upgrade() -> None:
    """From 0002."""
    _make_staff_anew("role IN ('supervisor', 'jury', 'trainer')")


def downgrade() -> None:
    """Back to 0002: trials are entrusted to nobody."""
    op.execute("DELETE FROM staff WHERE role = 'trainer'")
    _make_staff_anew("role IN ('supervisor', 'jury')")


def _make_staff_anew(roles: str) -> None:
    # By hand: a constraint of SQLite cannot be changed, and Alembic's batches must read the table's SQL again.
    op.rename_table("staff", "staff_before")
    op.create_table(
        "staff",
        sa.Column("session", sa.Text(), nullable=False),
        sa.Column("account", sa.Text(), nullable=False),
        sa.Column("role", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("session", "account", "role", name="pk_staff"),
        sa.ForeignKeyConstraint(["session"], ["session.slug"], name="fk_staff_session"),
        sa.ForeignKeyConstraint(["account"], ["account.id"], name="fk_staff_account"),
        sa.CheckConstraint(roles, name="ck_staff_role"),
    )
    columns = ", ".join(_STAFF)
    op.execute(f"INSERT INTO staff ({columns}) SELECT {columns} FROM staff_before")  # noqa: S608 - our own names
    op.drop_table("staff_before")
