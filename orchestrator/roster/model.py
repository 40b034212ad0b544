"""What a roster is once it is read."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from fractions import Fraction
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field

THIRD: Literal["tiers"] = "tiers"
"""Extra time of exactly one third (tiers-temps), which no decimal percentage equals."""

ExtraTime = Literal["tiers"] | Decimal
"""Extra time: percent added (20 means +20 %), or ``"tiers"``, exactly one third."""


class RosterLine(BaseModel):
    """One candidate as the file names them: personal data, all of it.

    extra_time: as the candidate's clock takes it. line: where it stands in the file, from 1.
    """

    model_config = ConfigDict(frozen=True)

    number: str = Field(min_length=1)
    surname: str = Field(min_length=1)
    first_name: str = Field(min_length=1)
    birth_date: date | None = None
    email: str | None = None
    extra_time: ExtraTime = Decimal(0)
    seat: str | None = None
    line: int = Field(ge=1)

    @property
    def extra_share(self) -> Fraction:
        """The share of the duration that is added, exactly: 1/3 for a third."""
        return Fraction(1, 3) if self.extra_time == THIRD else Fraction(self.extra_time) / 100

    @property
    def extra_percent(self) -> Decimal:
        """The percentage that is added, to be shown: a third is 33.33 here. Reckon with ``extra_time``."""
        return Decimal("33.33") if self.extra_time == THIRD else self.extra_time


class Roster(BaseModel):
    """The candidates, in the order of the file. ``ignored_columns``: headers of the file that mean nothing to us."""

    model_config = ConfigDict(frozen=True)

    lines: tuple[RosterLine, ...] = Field(min_length=1)
    ignored_columns: tuple[str, ...] = ()

    def candidates(self) -> dict[str, RosterLine]:
        """The lines under the ids that candidates have from now on: c01, c02… c99, c100."""
        return {f"c{place:02d}": line for place, line in enumerate(self.lines, start=1)}
