"""Which step a bench needs next: what should be, against what is. Pure.

A pass takes at most one step for each bench; the next pass looks again. So a step that was cut short, or whose report
was lost with its process, is simply found not done, or done.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from labs.text import Text
from orchestrator.engine.actual import Actual
from orchestrator.engine.copies import why_ended
from orchestrator.exam import Sitting, desired
from orchestrator.exam.model import SessionState
from orchestrator.hypervisor.port import DomainState

CALM_BEFORE_BELL_S = 60.0
"""No checkpoint is begun so shortly before a bell: at the bell nothing else must hold the machines."""


class Step(StrEnum):
    """What the engine can do for a bench. Each is idempotent."""

    REACH = "reach"
    FORGET = "forget"
    MOVE = "move"
    MAKE = "make"
    SUSPEND = "suspend"
    RESUME = "resume"
    READY = "ready"
    POWER_ON = "power-on"
    RESTORE = "restore"
    RESET = "reset"
    CHECKPOINT = "checkpoint"
    WATCH = "watch"
    BANK = "bank"
    LOOK = "look"
    FROZEN = "frozen"
    OPEN_COPY = "open-copy"
    END_COPY = "end-copy"
    INJECT = "inject"
    VERIFY = "verify"
    PUT_AWAY = "put-away"
    REMOVE = "remove"


QUICK = (Step.SUSPEND, Step.RESUME, Step.READY, Step.FROZEN, Step.END_COPY)
"""Steps of a moment: they never wait behind those that take long."""


def step_word(step: str) -> Text:
    """What is being done, for people."""
    return _WORDS.get(step, Text(step, step))


@dataclass(frozen=True)
class Whereabouts:
    """What the other hosts have to do with a bench, and whether its own can be asked.

    silent: its host does not answer, for longer than the blink of a restart; told: it is written down that it did not.
    elsewhere: another host has something of it. noted: that it is where it should be is written down.
    given_up: a host that was said to be dead answers again, and is to forget it.
    """

    silent: bool = False
    told: bool = False
    elsewhere: bool = False
    noted: bool = True
    given_up: bool = False


def next_step(
    sitting: Sitting,
    session: SessionState,
    actual: Actual,
    now: datetime,
    *,
    checkpoint_at: datetime | None = None,
    where: Whereabouts = Whereabouts(),
    watched: bool = False,
) -> Step | None:
    """The next step, or None when the bench is as it should be.

    checkpoint_at: when the next checkpoint of this bench is due; None: never. watched: a trainer looks at their trial.
    """
    wanted = desired(sitting, session)
    if wanted == "none":
        return None
    if where.silent or where.told:
        return Step.REACH
    if where.given_up:
        return Step.FORGET  # before anything else of it is touched: there must not be two
    left = where.elsewhere or _left(actual)
    match wanted:
        case "gone":
            return Step.REMOVE if actual.exists or where.elsewhere else None
        case "kept":
            return Step.PUT_AWAY if left or actual.has_points else None
        case "frozen":
            return Step.PUT_AWAY if left else None
        case "copied":
            return Step.PUT_AWAY if where.elsewhere else _copied(sitting, actual, now)
    if where.elsewhere or actual.moving or not where.noted:
        return Step.MOVE
    if wanted == "suspended":
        return _suspended(sitting, actual)
    return _running(sitting, actual, now, checkpoint_at) or (Step.WATCH if watched else None)


def _running(sitting: Sitting, actual: Actual, now: datetime, checkpoint_at: datetime | None) -> Step | None:
    if not actual.is_made:
        return Step.MAKE  # its files are lost: all that can be done is to begin again, and that is journalled
    if sitting.reset is not None:
        return Step.RESET
    if actual.lost() or actual.restoring:
        return Step.RESTORE
    if actual.are(DomainState.OFF):
        return Step.POWER_ON
    if actual.are(DomainState.PAUSED):
        return Step.RESUME
    deadline = sitting.clock.deadline()
    soon = deadline is not None and deadline - now < timedelta(seconds=CALM_BEFORE_BELL_S)
    if checkpoint_at is not None and now >= checkpoint_at and not soon:
        return Step.CHECKPOINT
    return None


def _suspended(sitting: Sitting, actual: Actual) -> Step | None:
    state = sitting.state if sitting.state != "absent" else sitting.returns_to
    if state == "ended":
        return _ended(sitting, actual)
    if not actual.is_made:
        return Step.MAKE
    if actual.are(DomainState.RUNNING):
        return Step.SUSPEND
    if sitting.reset is not None:
        return Step.RESET
    if actual.lost():
        # Nobody has worked on it before the start: it is made again.
        return Step.RESTORE if state == "paused" else Step.MAKE
    if actual.restoring:
        return Step.RESTORE
    return Step.READY if state == "preparing" else None


def _left(actual: Actual) -> bool:
    """Something of it is left that frozen work does not need."""
    return bool(actual.machines) or actual.networks > 0 or actual.has_copy


def _copied(sitting: Sitting, actual: Actual, now: datetime) -> Step | None:
    copy = sitting.frozen_copy
    assert copy is not None  # noqa: S101 - what "copied" means
    if copy.opened_at is None:
        return Step.OPEN_COPY
    if why_ended(sitting, copy, actual, now):
        return Step.END_COPY
    if any(incident.state == "asked" for incident in sitting.incidents):
        return Step.INJECT
    return Step.VERIFY if any(incident.pending for incident in sitting.incidents) else None


def _ended(sitting: Sitting, actual: Actual) -> Step | None:
    """After the bell: stopped, saved, looked at as a copy, and that is said. Where nobody has worked there is nothing
    to look at."""
    if actual.observed:
        return Step.FROZEN
    if not actual.is_made:
        # There is nothing left to save or to look at, and that is what will be said.
        return Step.FROZEN if sitting.clock.started_at else Step.MAKE
    if actual.banked:
        return Step.LOOK if sitting.clock.started_at else Step.FROZEN
    if actual.are(DomainState.RUNNING):
        return Step.SUSPEND
    if actual.lost():
        return Step.RESTORE if sitting.clock.started_at else Step.MAKE
    return Step.RESTORE if actual.restoring else Step.BANK


_WORDS: dict[str, Text] = {
    "reach": Text("hôte injoignable", "host out of reach"),
    "forget": Text("ménage sur un hôte revenu", "clearing a host that is back"),
    "move": Text("changement d'hôte", "changing hosts"),
    "make": Text("fabrication du poste", "making the bench"),
    "suspend": Text("arrêt des machines", "stopping the machines"),
    "resume": Text("reprise des machines", "resuming the machines"),
    "power-on": Text("rallumage", "powering on"),
    "restore": Text("reprise après panne", "restoring"),
    "reset": Text("réinitialisation", "reset"),
    "checkpoint": Text("point de reprise", "checkpoint"),
    "watch": Text("verdicts en direct", "live verdicts"),
    "bank": Text("sauvegarde du travail", "saving the work"),
    "look": Text("observation", "observation"),
    "open-copy": Text("copie pour le jury", "copy for the jury"),
    "inject": Text("injection d'un incident", "injecting an incident"),
    "verify": Text("vérification d'un incident", "verifying an incident"),
    "put-away": Text("rangement", "putting away"),
    "remove": Text("suppression", "removal"),
}
