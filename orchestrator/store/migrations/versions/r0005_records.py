"""What people write during the jury's part, each entry kept as it was written."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"


def upgrade() -> None:
    """From 0004."""
    op.create_table(
        "record",
        sa.Column("session", sa.Text(), nullable=False),
        sa.Column("candidate", sa.Text(), nullable=False),
        sa.Column("book", sa.Text(), nullable=False),
        sa.Column("number", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("at", sa.String(27), nullable=False),
        sa.Column("who", sa.Text(), nullable=False),
        sa.Column("what", sa.Text(), nullable=False),
        sa.Column("document", sa.Text(), nullable=False),
        sa.Column("digest", sa.String(64), nullable=False),
        sa.PrimaryKeyConstraint("session", "candidate", "book", "number", name="pk_record"),
        sa.ForeignKeyConstraint(["session"], ["session.slug"], name="fk_record_session"),
        sa.CheckConstraint("book IN ('tickets', 'marks', 'incidents')", name="book"),
    )


def downgrade() -> None:
    """Back to 0004. What was written is gone; the journal keeps its digests."""
    op.drop_table("record")
