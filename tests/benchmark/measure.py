"""What a measure is, and the little arithmetic done with it. Pure."""

from __future__ import annotations

import statistics
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Literal

from labs.text import Text

Outcome = Literal["met", "accepted", "missed"]


@dataclass(frozen=True)
class Goal:
    """What was aimed at: a median of at most ``value``, or, for a measure that is compared with another, at least
    ``value`` times the other's.

    accepted: a weaker figure that still does.
    """

    value: float
    accepted: float | None = None


@dataclass(frozen=True)
class Measure:
    """Every sample of one thing measured. No samples: it was not measured, and ``note`` says why.

    ratio_to: the name of the measure it is compared with. details: what else was seen with each sample (laps, counts),
    in the same order.
    """

    name: str
    title: Text
    unit: str
    samples: tuple[float, ...] = ()
    goal: Goal | None = None
    ratio_to: str | None = None
    note: Text | None = None
    details: tuple[Mapping[str, Any], ...] = field(default=())

    @property
    def measured(self) -> bool:
        """Whether there is anything to show."""
        return bool(self.samples)


@dataclass(frozen=True)
class Spread:
    """A median and how far the samples lie apart."""

    median: float
    low: float
    high: float
    count: int


def spread(samples: Sequence[float]) -> Spread | None:
    """Median, least and greatest of some samples; None when there is none."""
    if not samples:
        return None
    return Spread(statistics.median(samples), min(samples), max(samples), len(samples))


def ratio(measure: Measure, others: Iterable[Measure]) -> float | None:
    """How many times the other's median this one's is; None when it is not compared or one was not measured."""
    base = next((other for other in others if other.name == measure.ratio_to), None)
    mine = spread(measure.samples)
    theirs = spread(base.samples) if base is not None else None
    if mine is None or theirs is None or theirs.median == 0:
        return None
    return mine.median / theirs.median


def outcome(measure: Measure, others: Iterable[Measure]) -> Outcome | None:
    """Whether the goal was met; None without a goal or without a figure to compare with it."""
    goal, found = measure.goal, spread(measure.samples)
    if goal is None or found is None:
        return None
    if measure.ratio_to is not None:
        times = ratio(measure, others)
        if times is None:
            return None
        return _judged(times >= goal.value, goal.accepted is not None and times >= goal.accepted)
    return _judged(found.median <= goal.value, goal.accepted is not None and found.median <= goal.accepted)


def _judged(met: bool, accepted: bool) -> Outcome:
    return "met" if met else "accepted" if accepted else "missed"


def as_json(measure: Measure, others: Sequence[Measure]) -> dict[str, Any]:
    """A measure as JSON, every sample included."""
    found = spread(measure.samples)
    times = ratio(measure, others)
    return {
        "name": measure.name,
        "title": measure.title.model_dump(),
        "unit": measure.unit,
        "measured": measure.measured,
        "median": _round(found.median) if found else None,
        "min": _round(found.low) if found else None,
        "max": _round(found.high) if found else None,
        "samples": [_round(sample) for sample in measure.samples],
        "goal": None if measure.goal is None else {"value": measure.goal.value, "accepted": measure.goal.accepted},
        "ratio_to": measure.ratio_to,
        "ratio": None if times is None else _round(times),
        "outcome": outcome(measure, others),
        "note": None if measure.note is None else measure.note.model_dump(),
        "details": [dict(detail) for detail in measure.details],
    }


def _round(value: float) -> float:
    """Four significant digits are more than any of this deserves."""
    return float(f"{value:.4g}") if abs(value) < 1000 else round(value)
