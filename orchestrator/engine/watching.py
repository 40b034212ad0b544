"""Watching a trial: while its trainer looks, the bench is observed over and over as it runs, and judged.

Nothing of it is evidence. Who looks says so by a file in the bench's folder, and what was seen is another.
"""

from __future__ import annotations

import time
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path

from pydantic import BaseModel, ConfigDict, ValidationError

from checkers.checks import CHECKS
from checkers.judge import plan
from checkers.report import Judgement
from labs.files import write_atomic
from orchestrator.devices.nets import bench_devices
from orchestrator.engine.work import Outcome, Work
from orchestrator.observer import observe_bench
from orchestrator.stored import judged

_FOLDER = "watch"
_ATTENTION_S = 15.0
"""Who has not asked for so long looks no more."""
_REST_S = 2.0
"""Between two looks: the trainer's own commands have the machines to themselves."""


class Seen(BaseModel):
    """What the checks said of the bench as it was at a moment.

    number: of the look, from 1. was: the verdict at the look before, of the checks that said something else.
    """

    model_config = ConfigDict(frozen=True)

    number: int
    at: datetime
    was: dict[str, str]
    judgement: Judgement


def look_on(bench: Path) -> None:
    """Say that somebody looks at a bench. bench: its folder. Not there yet: nothing is said."""
    with suppress(OSError):
        (bench / _FOLDER).mkdir(mode=0o700, exist_ok=True)
        (bench / _FOLDER / "asked").touch()


def is_watched(bench: Path) -> bool:
    """Whether somebody looks at a bench, and it is time to observe it again."""
    now = time.time()
    asked, seen = _age(bench / _FOLDER / "asked", now), _age(_file(bench), now)
    return asked is not None and asked < _ATTENTION_S and (seen is None or seen >= _REST_S)


def last_seen(bench: Path) -> Seen | None:
    """What was seen last; None: nothing yet."""
    try:
        return Seen.model_validate_json(_file(bench).read_bytes())
    except (OSError, ValidationError):
        return None


def watch(work: Work) -> Outcome:
    """Observe a running bench and judge it, with the lab as it was when the trial was begun."""
    lab, session = work.lab, work.ground.session(work.opened)
    planned = plan(lab.lab.checks(), CHECKS)
    bench, hypervisor, radio = work.bench, work.hypervisor, work.ground.settings.radio
    with bench_devices(lab.lab, work.sitting.devices, session, bench, hypervisor, radio) as reached:
        observation = observe_bench(
            bench, lab, planned, session=session, hypervisor=hypervisor, devices=reached.places, patient=False
        )
    found, before = judged(lab, observation).judgement(), last_seen(work.bench.dir)
    verdicts = {check.id: check.verdict for check in before.judgement.checks} if before else {}
    was = {one.id: old for one in found.checks if (old := verdicts.get(one.id, one.verdict)) != one.verdict}
    seen = Seen(number=before.number + 1 if before else 1, at=datetime.now(UTC), was=was, judgement=found)
    write_atomic(_file(work.bench.dir), seen.model_dump_json(), mode=0o600)
    return Outcome()


def _file(bench: Path) -> Path:
    return bench / _FOLDER / "seen.json"


def _age(file: Path, now: float) -> float | None:
    try:
        return now - file.stat().st_mtime
    except OSError:
        return None
