"""The tables of the database, as the newest migration leaves them (a test compares the two).

Candidates' personal data are in ``candidate``, ``candidate_page`` (what they write themselves), ``judgement`` and
``record`` (what is found and written about them); the other tables know a candidate by a bare id (``c01``), without a
foreign key, so that purging a session deletes what is personal and touches nothing else. See docs/privacy.md.

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

# Those who work with the site. password: argon2, null where only the centre's own sign-in (``subject``, OpenID Connect)
# opens the account. roles: a JSON list. failures: wrong passwords in a row.
account = Table(
    "account",
    metadata,
    Column("id", Text, primary_key=True),
    Column("name", Text, nullable=False),
    Column("roles", Text, nullable=False),
    Column("password", Text),
    Column("subject", Text),
    Column("must_change", Boolean, nullable=False),
    Column("failures", Integer, nullable=False),
    Column("locked_until", Instant),
    Column("created_at", Instant, nullable=False),
    Column("disabled_at", Instant),
    UniqueConstraint("subject"),
)

# One-time links, by the hash of their secret.
link = Table(
    "link",
    metadata,
    Column("hash", String(64), primary_key=True),
    Column("purpose", Text, nullable=False),
    Column("expires_at", Instant, nullable=False),
    Column("used_at", Instant),
)

# Who is signed in, by the hash of the secret in their cookie: an account, or a candidate with a seat code.
login = Table(
    "login",
    metadata,
    Column("hash", String(64), primary_key=True),
    Column("account", Text),
    Column("session", Text),
    Column("candidate", Text),
    Column("address", Text, nullable=False),
    Column("begun_at", Instant, nullable=False),
    Column("seen_at", Instant, nullable=False),
    Column("ended_at", Instant),
    CheckConstraint("(account IS NULL) <> (candidate IS NULL)", name="one"),
    CheckConstraint("(session IS NULL) = (candidate IS NULL)", name="seat"),
    Index(None, "session", "candidate"),
)

# Whom a session is entrusted to.
staff = Table(
    "staff",
    metadata,
    Column("session", Text, ForeignKey("session.slug"), primary_key=True),
    Column("account", Text, ForeignKey("account.id"), primary_key=True),
    Column("role", Text, primary_key=True),
    CheckConstraint("role IN ('supervisor', 'jury', 'trainer')", name="role"),
)

# What a candidate types to sit down.
seat_code = Table(
    "seat_code",
    metadata,
    Column("session", Text, ForeignKey("session.slug"), primary_key=True),
    Column("candidate", Text, primary_key=True),
    Column("code", Text, nullable=False),
    Column("made_at", Instant, nullable=False),
    UniqueConstraint("code"),
)

# Attempts to get in that failed, to slow them down. what: ``seat`` or ``account``.
attempt = Table(
    "attempt",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("what", Text, nullable=False),
    Column("address", Text, nullable=False),
    Column("at", Instant, nullable=False),
    Index(None, "what", "address", "at"),
)

# A candidate's own page: notes for the jury, tasks ticked for oneself (a JSON list of ids), the hand, the last sign of
# life.
candidate_page = Table(
    "candidate_page",
    metadata,
    Column("session", Text, ForeignKey("session.slug"), primary_key=True),
    Column("candidate", Text, primary_key=True),
    Column("notes", Text, nullable=False),
    Column("notes_at", Instant),
    Column("ticked", Text, nullable=False),
    Column("hand_at", Instant),
    Column("seen_at", Instant),
)

# Judgements of a candidate's observation, each as it was made; one never replaces another. why: empty for the first.
# document: ``checkers.report.Judgement`` as JSON, its hash stands in the journal. observation: hash of what was judged.
judgement = Table(
    "judgement",
    metadata,
    Column("session", Text, ForeignKey("session.slug"), primary_key=True),
    Column("candidate", Text, primary_key=True),
    Column("number", Integer, primary_key=True, autoincrement=False),
    Column("made_at", Instant, nullable=False),
    Column("who", Text, nullable=False),
    Column("why", Text, nullable=False),
    Column("lab_hash", String(64), nullable=False),
    Column("software", Text, nullable=False),
    Column("observation", String(64), nullable=False),
    Column("document", Text, nullable=False),
)

# What people write during the jury's part: append-only, book by book, numbered from 1 for each candidate. document:
# RFC 8785 JSON; digest: its SHA-256, which stands in the journal.
record = Table(
    "record",
    metadata,
    Column("session", Text, ForeignKey("session.slug"), primary_key=True),
    Column("candidate", Text, primary_key=True),
    Column("book", Text, primary_key=True),
    Column("number", Integer, primary_key=True, autoincrement=False),
    Column("at", Instant, nullable=False),
    Column("who", Text, nullable=False),
    Column("what", Text, nullable=False),
    Column("document", Text, nullable=False),
    Column("digest", String(64), nullable=False),
    CheckConstraint("book IN ('tickets', 'marks', 'incidents')", name="book"),
)

# What was done to the installation itself; what concerns a session stands in its journal.
audit = Table(
    "audit",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("at", Instant, nullable=False),
    Column("who", Text, nullable=False),
    Column("what", Text, nullable=False),
    Column("about", Text, nullable=False),
    Column("address", Text, nullable=False),
)
