"""Judgements of observations, each kept as it was made."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"


def upgrade() -> None:
    """From 0003."""
    op.create_table(
        "judgement",
        sa.Column("session", sa.Text(), nullable=False),
        sa.Column("candidate", sa.Text(), nullable=False),
        sa.Column("number", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("made_at", sa.String(27), nullable=False),
        sa.Column("who", sa.Text(), nullable=False),
        sa.Column("why", sa.Text(), nullable=False),
        sa.Column("lab_hash", sa.String(64), nullable=False),
        sa.Column("software", sa.Text(), nullable=False),
        sa.Column("observation", sa.String(64), nullable=False),
        sa.Column("document", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("session", "candidate", "number", name="pk_judgement"),
        sa.ForeignKeyConstraint(["session"], ["session.slug"], name="fk_judgement_session"),
    )


def downgrade() -> None:
    """Back to 0003: observations can be judged again."""
    op.drop_table("judgement")
