"""A candidate's clock: how much time is theirs, how much of it is used, when the bell rings.

Pure arithmetic on moments. Time runs from the start, stands still during pauses, and ends at the bell or earlier.
Nothing here reads a clock: ``now`` is a parameter, an aware UTC datetime that never goes back.
"""

from __future__ import annotations

import math
from datetime import datetime, timedelta
from decimal import Decimal
from fractions import Fraction
from typing import Annotated, Literal

from pydantic import AwareDatetime, BaseModel, BeforeValidator, ConfigDict, Field

THIRD = "tiers"


def _third(value: object) -> object:
    known = isinstance(value, str | Fraction) and value in ("un tiers", "1/3", Fraction(1, 3))
    return THIRD if known else value


ExtraTime = Annotated[
    Literal["tiers"] | Annotated[Decimal, Field(ge=0, le=100, max_digits=7, decimal_places=4)],
    Field(union_mode="left_to_right"),
    BeforeValidator(_third),
]
"""Extra time: percent added (33 means +33 %), or ``"tiers"``, exactly one third (« un tiers », "1/3" are read so).

A third (tiers-temps) is what French exams usually grant; no decimal percentage equals it.
"""


class Pause(BaseModel):
    """A stretch in which the clock stands still. ``until``: None as long as it lasts."""

    model_config = ConfigDict(frozen=True)

    from_: AwareDatetime
    until: AwareDatetime | None = None


class Clock(BaseModel):
    """The clock of one candidate's practical. Immutable: ``start``, ``pause``… give a new clock.

    ``base_s``: duration of the practical, for everyone; 0 where there is none. ``extra_percent``: see ExtraTime.
    ``extended_s``: sum of what was granted on the way. Seconds throughout.
    """

    model_config = ConfigDict(frozen=True)

    base_s: int = Field(ge=0)
    extra_percent: ExtraTime = Decimal(0)
    extended_s: int = Field(default=0, ge=0)
    started_at: AwareDatetime | None = None
    pauses: tuple[Pause, ...] = ()
    ended_at: AwareDatetime | None = None

    @property
    def allotted_s(self) -> int:
        """All the time that is theirs. Three hours and a third: exactly four. Parts of a second are rounded up."""
        extra = Fraction(1, 3) if self.extra_percent == THIRD else Fraction(self.extra_percent) / 100
        return self.base_s + math.ceil(self.base_s * extra) + self.extended_s

    @property
    def is_paused(self) -> bool:
        """The clock stands still."""
        return bool(self.pauses) and self.pauses[-1].until is None

    def deadline(self) -> datetime | None:
        """When the bell rings; None before the start and during a pause. Once ended: when it was to ring."""
        if self.started_at is None or self.is_paused:
            return None
        return self.started_at + timedelta(seconds=self.allotted_s) + self._paused()

    def worked(self, now: datetime) -> timedelta:
        """Time used until ``now`` (which may lie in the past), pauses left out; nothing is added after the end."""
        if self.started_at is None:
            return timedelta()
        end = now if self.ended_at is None else min(now, self.ended_at)
        return max(end - self.started_at - self._paused(end), timedelta())

    def worked_s(self, now: datetime) -> float:
        """Seconds used until ``now``. More than ``allotted_s`` when the bell rang late, by just as much."""
        return self.worked(now).total_seconds()

    def remaining(self, now: datetime) -> timedelta:
        """Time left at ``now``, never less than none."""
        return max(timedelta(seconds=self.allotted_s) - self.worked(now), timedelta())

    def remaining_s(self, now: datetime) -> float:
        """Seconds left at ``now``, never less than none."""
        return self.remaining(now).total_seconds()

    def is_due(self, now: datetime) -> bool:
        """The deadline is reached and the end not yet recorded."""
        deadline = self.deadline()
        return deadline is not None and self.ended_at is None and now >= deadline

    # --- what happens to it: each gives a new clock
    def start(self, at: datetime) -> Clock:
        """Running from ``at``."""
        return self.model_copy(update={"started_at": at})

    def pause(self, at: datetime) -> Clock:
        """Standing still from ``at``."""
        return self.model_copy(update={"pauses": (*self.pauses, Pause(from_=at))})

    def resume(self, at: datetime) -> Clock:
        """Running again from ``at``."""
        last = self.pauses[-1].model_copy(update={"until": at})
        return self.model_copy(update={"pauses": (*self.pauses[:-1], last)})

    def end(self, at: datetime) -> Clock:
        """Over at ``at``; a pause that lasted ends with it."""
        clock = self.resume(at) if self.is_paused else self
        return clock.model_copy(update={"ended_at": at})

    def extend(self, seconds: int) -> Clock:
        """With so many seconds more, or less when negative."""
        return self.model_copy(update={"extended_s": self.extended_s + seconds})

    def _paused(self, until: datetime | None = None) -> timedelta:
        """Time spent in pauses, as far as they lie before ``until`` when it is given."""
        total = timedelta()
        for pause in self.pauses:
            end = min((moment for moment in (pause.until, until) if moment is not None), default=pause.from_)
            total += max(end - pause.from_, timedelta())
        return total
