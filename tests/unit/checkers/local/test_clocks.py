"""``clock``: a machine's clock against the witness's."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from checkers.check import Unseen, View
from checkers.checks.clocks import ClockIsRight
from checkers.facts import Fact, Raw
from checkers.probe import Unreadable
from checkers.probes.clock import Clock

CHECK = ClockIsRight(on="client", network="lan")
NOW = 1_780_000_000


def view(machine: int | None, witness: int | None) -> View:
    facts = {}
    for question, now in zip(CHECK.questions(), (machine, witness), strict=True):
        facts[question.key] = Fact(
            key=question.key,
            at=question.at,
            probe="clock",
            status="unseen" if now is None else "seen",
            value=None if now is None else {"now": now},
            channel="simulated",
            taken_at=datetime(2026, 1, 1, tzinfo=UTC),
        )
    return View(facts)


@pytest.mark.parametrize("off", [0, 40, -40, 300, -300])
def test_a_clock_that_kerberos_bears_is_right(off: int) -> None:
    assert CHECK.judge(view(NOW + off, NOW)).score == 1


@pytest.mark.parametrize(
    ("off", "said"),
    [
        (301, "l'horloge de client avance de 5 min"),
        (-7199, "l'horloge de client retarde de 119 min"),
        (11400, "l'horloge de client avance de 3 h"),
        (-86400 * 3, "l'horloge de client retarde de 3 jours"),
    ],
)
def test_another_is_told_with_how_much_it_is_wrong(off: int, said: str) -> None:
    finding = CHECK.judge(view(NOW + off, NOW))
    assert (finding.score, finding.reason.fr) == (0, said)


@pytest.mark.parametrize(("machine", "witness"), [(None, NOW), (NOW, None)])
def test_without_both_nothing_is_said(machine: int | None, witness: int | None) -> None:
    with pytest.raises(Unseen):
        CHECK.judge(view(machine, witness))


@pytest.mark.parametrize("said", ["", "wednesday", "-5", "9" * 16, "1e9", "١٢٣"])
def test_what_is_no_time_is_unreadable(said: str) -> None:
    with pytest.raises(Unreadable):
        Clock().parse(Raw(stdout=said))
