"""What of a lab no proof covers: checks that ask a physical device. Nothing is done to a device, so nothing is shown
on it."""

from __future__ import annotations

from collections.abc import Sequence

from checkers.check import Check
from checkers.checks import CHECKS
from checkers.judge import PlannedCheck, plan
from labs.loader import LoadedLab
from labs.model import Lab
from labs.text import Text


def provable(lab: LoadedLab) -> list[PlannedCheck]:
    """The checks that a proof is about: those that machines of a bench answer."""
    return [one for one in _planned(lab) if not asks_device(one.check, lab.lab)]


def unprovable(lab: LoadedLab) -> list[str]:
    """The checks that look at a physical device, by id."""
    return [one.spec.id for one in _planned(lab) if asks_device(one.check, lab.lab)]


def asks_device(check: Check, lab: Lab) -> bool:
    """Whether an answer to this check comes from a physical device, or is heard of one."""
    return any(question.at.rpartition(":")[2] in lab.devices for question in check.questions())


def note_of(names: Sequence[str]) -> Text | None:
    """What a proof says nothing of, as a sentence; None when it is about all."""
    if not names:
        return None
    listed = ", ".join(names)
    return Text(
        f"Aucune preuve ne porte sur ce qui regarde un appareil réel : {listed}.",
        f"No proof is about what looks at a real device: {listed}.",
    )


def _planned(lab: LoadedLab) -> list[PlannedCheck]:
    return plan(lab.lab.checks(), CHECKS)
