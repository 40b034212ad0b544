"""Verdicts: what a check says, with points, a reason a jury understands, and the facts it rests on."""

from __future__ import annotations

from dataclasses import dataclass, field
from decimal import ROUND_FLOOR, Decimal
from enum import StrEnum
from fractions import Fraction

from checkers.facts import Frozen
from labs.text import Text


class Outcome(StrEnum):
    """The three words a verdict can be."""

    PASS = "PASS"  # noqa: S105 - a verdict, not a password
    FAIL = "FAIL"
    INCONCLUSIVE = "INCONCLUSIVE"


@dataclass(frozen=True)
class Finding:
    """What a check concluded from facts that were seen: a score from 0 to 1 and the reason."""

    score: Fraction
    reason: Text


def passed(reason: Text) -> Finding:
    """Everything is as expected."""
    return Finding(Fraction(1), reason)


def failed(reason: Text) -> Finding:
    """Not as expected."""
    return Finding(Fraction(0), reason)


@dataclass
class Tally:
    """Several expectations in one check: the score is the share (by weight) that holds; the reason tells what does not.

    A required expectation that does not hold makes the score 0, whatever else holds.
    """

    good: list[Text] = field(default_factory=list)
    bad: list[Text] = field(default_factory=list)
    _won: int = 0
    _total: int = 0
    _lost_required: bool = False

    def expect(self, holds: bool, good: Text, bad: Text, *, weight: int = 1, required: bool = False) -> bool:
        """Count one expectation; ``good`` or ``bad`` becomes part of the reason. Returns whether it holds."""
        self._total += weight
        if holds:
            self._won += weight
            self.good.append(good)
        else:
            self.bad.append(bad)
            self._lost_required = self._lost_required or required
        return holds

    def finding(self) -> Finding:
        """The conclusion: reasons for what fails first, or everything that holds."""
        if self._total == 0:
            raise ValueError("a tally with no expectation concludes nothing")
        score = Fraction(0) if self._lost_required else Fraction(self._won, self._total)
        return Finding(score, join(self.bad or self.good))


def join(texts: list[Text]) -> Text:
    """Several clauses as one sentence."""
    return Text(" ; ".join(t.fr for t in texts), "; ".join(t.en for t in texts))


def points_for(score: Fraction, maximum: Decimal) -> Decimal:
    """Points of a score: rounded down to the quarter, so that a partial result never earns the full mark."""
    quarters = (maximum * 4 * score.numerator / score.denominator).to_integral_value(rounding=ROUND_FLOOR)
    return quarters / 4


class Verdict(Frozen):
    """What a check says of one candidate's bench. ``facts`` are keys of the observation."""

    check: str
    task: str
    competency: str
    criterion: str = ""
    title: str
    outcome: Outcome
    points: Decimal
    max_points: Decimal
    reason: Text
    facts: tuple[str, ...]
    true_at_start: bool = False
    """Declared by the lab: it passes on an untouched bench."""
