"""How long a Windows evaluation edition still serves.

The builder asks the installed Windows (``SoftwareLicensingProduct``) and writes the end into the image's manifest. The
end is that of the image: every machine made from it has it, for sysprep leaves the clock of the licence alone.
"""

from __future__ import annotations

import math
import time
from collections.abc import Iterable
from typing import Literal

from pydantic import BaseModel, ConfigDict

from labs.text import Text

WARN_DAYS = 30
"""An exam is prepared weeks before: from here on it is told."""
_DAY_S = 86400.0


class Evaluation(BaseModel):
    """ends_at: seconds since 1970. activated: False when Microsoft's servers were not reached; the end is then that of
    the short time before activation."""

    model_config = ConfigDict(frozen=True)

    ends_at: float
    activated: bool

    def days_left(self, now: float | None = None) -> int:
        """Whole days; 0 or less once it is over."""
        return math.floor((self.ends_at - (time.time() if now is None else now)) / _DAY_S)

    def state(self, now: float | None = None) -> Literal["ok", "warning", "over"]:
        """Whether it serves."""
        if self.ends_at <= (time.time() if now is None else now):
            return "over"
        return "warning" if self.days_left(now) < WARN_DAYS else "ok"

    def told(self, now: float | None = None) -> Text:
        """How long it still serves, as a clause."""
        days = self.days_left(now)
        if self.state(now) == "over":
            return Text("évaluation de Windows terminée", "the evaluation of Windows is over")
        if days == 0:
            return Text("dernier jour de l’évaluation de Windows", "last day of the evaluation of Windows")
        return Text(
            f"évaluation de Windows : encore {days} jour{'s' if days > 1 else ''}",
            f"evaluation of Windows: {days} more day{'s' if days > 1 else ''}",
        )


RENEW = Text(
    "Refaites l’image : epreuve image windows (docs/windows.md).",
    "Make the image again: epreuve image windows (docs/windows.md).",
)
ACTIVATE = Text(
    "Refaites l’image avec --network : sans activation, une évaluation s’arrête au bout de quelques jours.",
    "Make the image again with --network: an evaluation that is not activated stops after some days.",
)


class Licence(BaseModel):
    """A licence as Windows tells it. status: LicenseStatus (1: licensed); minutes_left: GracePeriodRemaining; end:
    EvaluationEndDate in seconds since 1970, where there is one."""

    model_config = ConfigDict(frozen=True)

    family: str
    status: int
    minutes_left: int
    end: float | None = None


def evaluation_of(edition: str, licences: Iterable[Licence], now: float) -> Evaluation | None:
    """When Windows ends to serve: the earliest end that an evaluation edition tells; None for other editions. Raises
    ValueError when an evaluation tells no end: nobody would be warned."""
    if not edition.lower().endswith("eval"):
        return None
    found = list(licences)
    ends = [one.end for one in found if one.end] + [now + one.minutes_left * 60 for one in found if one.minutes_left]
    if not ends:
        raise ValueError("an evaluation without an end")
    return Evaluation(ends_at=min(ends), activated=any(one.status == 1 for one in found))
