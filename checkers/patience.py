"""Asking again: for checks that say so, while they do not pass, and never beyond their time.

Every answer that is other than the one before is kept in the fact (the whole output of the first and of the last), so
that the same verdict follows from it for ever. The machine is the candidate's: slow answers make for fewer of them, not
for a longer observation. It ends with the longest ``for``, 60 s at most, and the ten that the last answer may take.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

from checkers.check import Check, View
from checkers.facts import Again, Fact, Look
from checkers.judge import Asks, conclude
from checkers.probe import Question, unique
from checkers.verdict import Outcome

Ask = Callable[[Sequence[Question], float], Sequence[Fact]]
"""Asks questions, in so many seconds."""

_LEAST_S = 10.0
"""What an answer may take at the end of the time."""


def ask_again(
    planned: Sequence[Asks],
    facts: Mapping[str, Fact],
    links: Mapping[str, Mapping[str, bool]],
    ask: Ask,
    *,
    now: Callable[[], float],
    pause: Callable[[float], None],
) -> dict[str, Fact]:
    """The facts, with what was answered when waiting checks had their questions asked again.

    now: seconds of a clock that only goes on. pause: waits.
    """
    known = dict(facts)
    began, number = now(), 0
    while True:
        number += 1
        waiting = [one for one in _waiting(planned, View(known, links)) if now() - began < one[1]]
        if not waiting:
            return known
        pause(min(every for _, _, every in waiting))
        asked = unique([question for check, _, _ in waiting for question in check.questions()])
        left = max(longest for _, longest, _ in waiting) - (now() - began)
        for fact in ask(asked, max(_LEAST_S, left)):
            known[fact.key] = _with(known[fact.key], fact, number)


def _waiting(planned: Sequence[Asks], view: View) -> list[tuple[Check, int, int]]:
    """The checks that wait and do not pass, with how long and how often."""
    patient = [(one.check, wait) for one in planned if (wait := one.check.patience()) is not None]
    return [
        (check, wait.for_, wait.every) for check, wait in patient if conclude(check, view).outcome is not Outcome.PASS
    ]


def _with(before: Fact, fact: Fact, number: int) -> Fact:
    again = before.again or Again(times=0, until=fact.taken_at)
    last = before.at_round(number)
    looks = again.looks
    if (fact.status, fact.value, fact.why) != (last.status, last.value, last.why):
        shared = {name: getattr(fact, name) for name in Look.model_fields if name != "round"}
        looks = (*(look.model_copy(update={"raw": None}) for look in looks), Look(round=number, **shared))
    return before.model_copy(update={"again": Again(times=again.times + 1, until=fact.taken_at, looks=looks)})
