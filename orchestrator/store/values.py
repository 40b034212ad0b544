"""How values stand in the database: portable types, readable with any tool."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from sqlalchemy import Dialect, String
from sqlalchemy.types import TypeDecorator

INSTANT_LENGTH = len("2026-01-01T00:00:00.000000Z")


def to_text(at: datetime) -> str:
    """An instant as stored: UTC, ISO 8601, always to the microsecond, so that texts sort as instants do.

    :raises ValueError: the instant has no time zone.
    """
    if at.tzinfo is None:
        raise ValueError("an instant without time zone")
    return at.astimezone(UTC).isoformat(timespec="microseconds").replace("+00:00", "Z")


def from_text(text: str) -> datetime:
    """The instant that ``to_text`` wrote. Raises ValueError when it is none."""
    return datetime.fromisoformat(text).astimezone(UTC)


class Instant(TypeDecorator[datetime]):
    """A column of instants: aware datetimes in Python, text in the database. See ``to_text``."""

    impl = String(INSTANT_LENGTH)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> str | None:
        """To the database."""
        return None if value is None else to_text(value)

    def process_result_value(self, value: Any | None, dialect: Dialect) -> datetime | None:
        """From the database."""
        return None if value is None else from_text(value)
