"""The tables of the database, as the newest migration leaves them (a test compares the two).

Personal data are in ``candidate`` and nowhere else: the other tables know a candidate by a bare id (``c01``), without a
foreign key, so that purging a session deletes its candidates and touches nothing else. See docs/privacy.md.

SQLAlchemy Core, not the ORM: each statement is sent where it is written, inside the transaction that is open, and what
comes back are plain frozen values. Types are portable; instants are text in UTC (``values.Instant``); JSON is text.
"""

from __future__ import annotations

from sqlalchemy import (
    BigInteger,
    Boolean,
    CheckConstraint,
    Column,
    Date,
    Float,
    ForeignKey,
    Index,
    Integer,
    MetaData,
    String,
    Table,
    Text,
    UniqueConstraint,
)

from orchestrator.store.values import INSTANT_LENGTH, Instant

metadata = MetaData(
    naming_convention={
        "pk": "pk_%(table_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "fk": "fk_%(table_name)s_%(column_0_N_name)s",
        "ck": "ck_%(table_name)s_%(constraint_name)s",
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    }
)

# document: the exam as JSON, a fold of the journal; only ``state`` is repeated beside it, to list sessions.
# boot_id … speed: the time anchor (``examtime.Anchor``).
session = Table(
    "session",
    metadata,
    Column("slug", Text, primary_key=True),
    Column("lab_id", Text, nullable=False),
    Column("lab_folder", Text, nullable=False),
    Column("lab_hash", Text, nullable=False),
    Column("lab_version", Text, nullable=False),
    Column("format_id", Text, nullable=False),
    Column("state", Text, nullable=False),
    Column("document", Text, nullable=False),
    Column("created_at", Instant, nullable=False),
    Column("retention_days", Integer, nullable=False),
    Column("closed_at", Instant),
    Column("purged_at", Instant),
    Column("simulated", Boolean, nullable=False),
    Column("boot_id", Text, nullable=False),
    Column("boottime_ns", BigInteger, nullable=False),
    Column("wall", Instant, nullable=False),
    Column("exam_time", Instant, nullable=False),
    Column("speed", Float, nullable=False),
    CheckConstraint("speed = 1 OR simulated", name="speed"),
)

candidate = Table(
    "candidate",
    metadata,
    Column("session", Text, ForeignKey("session.slug"), primary_key=True),
    Column("id", Text, primary_key=True),
    Column("surname", Text, nullable=False),
    Column("first_name", Text, nullable=False),
    Column("number", Text, nullable=False),
    Column("birth_date", Date),
    Column("email", Text),
    UniqueConstraint("session", "number"),
)

# first_error, last_error: ``benches.Failure`` as JSON.
bench = Table(
    "bench",
    metadata,
    Column("session", Text, ForeignKey("session.slug"), primary_key=True),
    Column("candidate", Text, primary_key=True),
    Column("host", Text, nullable=False),
    Column("step", Text, nullable=False),
    Column("attempts", Integer, nullable=False),
    Column("next_try_at", Instant),
    Column("first_error", Text),
    Column("last_error", Text),
    Column("updated_at", Instant, nullable=False),
    Column("last_checkpoint_at", Instant),
)

# machines: a JSON list of names.
checkpoint = Table(
    "checkpoint",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("session", Text, ForeignKey("session.slug"), nullable=False),
    Column("candidate", Text, nullable=False),
    Column("taken_at", Instant, nullable=False),
    Column("folder", Text, nullable=False),
    Column("machines", Text, nullable=False),
    Column("stopped_ms", Integer, nullable=False),
    Column("kind", Text, nullable=False),
    Column("why", Text, nullable=False),
    Column("bytes", BigInteger, nullable=False),
    Column("removed_at", Instant),
    CheckConstraint("kind IN ('checkpoint', 'kept-aside')", name="kind"),
    Index(None, "session", "candidate"),
)

# Every column as it is hashed: instants are plain text here. See docs/journal.md.
journal = Table(
    "journal",
    metadata,
    Column("session", Text, ForeignKey("session.slug"), primary_key=True),
    Column("seq", Integer, primary_key=True, autoincrement=False),
    Column("at", String(INSTANT_LENGTH), nullable=False),
    Column("recorded_at", String(INSTANT_LENGTH), nullable=False),
    Column("who", Text, nullable=False),
    Column("kind", Text, nullable=False),
    Column("candidate", Text),
    Column("why", Text, nullable=False),
    Column("data", Text, nullable=False),
    Column("prev_hash", String(64), nullable=False),
    Column("hash", String(64), nullable=False),
)
