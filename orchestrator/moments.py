"""How moments and durations are written for people: as in France, or in English, in the host's own time zone."""

from __future__ import annotations

from datetime import date, datetime

from babel.dates import format_date, format_datetime, format_time

from checkers.report.show import offset
from labs.text import current_language, tr


def day(at: datetime | None) -> str:
    """``mercredi 25 novembre 2026``."""
    return "" if at is None else format_date(at.astimezone(), "full", locale=_locale())


def clock(at: datetime | None, *, seconds: bool = False) -> str:
    """``15 h 40``, or ``15:40:12`` with seconds."""
    if at is None:
        return ""
    local = at.astimezone()
    if seconds:
        return format_time(local, "HH:mm:ss", tzinfo=local.tzinfo, locale=_locale())
    return format_time(local, tr("H 'h' mm", "HH:mm"), tzinfo=local.tzinfo, locale=_locale())


def moment(at: datetime | None) -> str:
    """``25/11/2026 15:40:12``."""
    if at is None:
        return ""
    local = at.astimezone()
    return format_datetime(
        local, tr("dd/MM/yyyy HH:mm:ss", "d MMM yyyy HH:mm:ss"), tzinfo=local.tzinfo, locale=_locale()
    )


def span(seconds: float) -> str:
    """Time left, as a clock shows it: ``2:23:12``."""
    whole = max(0, int(seconds))
    return f"{whole // 3600}:{whole % 3600 // 60:02d}:{whole % 60:02d}"


def long_day(on: date) -> str:
    """``lundi 15 juin 2026``, of a day that is no moment."""
    return format_date(on, "full", locale=_locale())


def zone(at: datetime) -> str:
    """What local time is at a moment: ``CEST, UTC+02:00``."""
    local = at.astimezone()
    return f"{local.tzname()}, {offset(local)}" if local.utcoffset() else "UTC"


def _locale() -> str:
    return "fr_FR" if current_language() == "fr" else "en_GB"
