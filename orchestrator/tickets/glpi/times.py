"""GLPI says moments without a time zone: in that of its server, or of the account."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

_FORM = "%Y-%m-%d %H:%M:%S"


@dataclass(frozen=True)
class Zone:
    """The zone in which a GLPI says moments. name: as in the tz database, ``Europe/Paris``."""

    name: str

    def said(self, at: datetime) -> str:
        """A moment as GLPI says it."""
        return at.astimezone(ZoneInfo(self.name)).strftime(_FORM)

    def heard(self, value: object) -> datetime | None:
        """What GLPI said; None when it is no moment."""
        try:
            local = datetime.strptime(str(value), _FORM).replace(tzinfo=ZoneInfo(self.name))
        except ValueError:
            return None
        return local.astimezone(UTC)
