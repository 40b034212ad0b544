"""Scheduled tasks of Windows, as jobs at times of a week."""

from __future__ import annotations

import re
from datetime import datetime, timedelta
from typing import Any, ClassVar

from checkers.parsers import task_triggers
from checkers.parsers.task_triggers import Trigger
from checkers.probe import Probe
from checkers.probes.schedules import Job, Schedules, SchedulesValue, Trouble
from checkers.windows.answer import number, rows, text, texts
from checkers.windows.twin import WindowsTwin

_MAX = 300
_OWN = {"S-1-5-18": "SYSTEM", "S-1-5-19": "LOCAL SERVICE", "S-1-5-20": "NETWORK SERVICE"}
_SCRIPT = re.compile(r"\.(ps1|psm1|bat|cmd|vbs|js|py|exe)$", re.IGNORECASE)


class SchedulesTwin(WindowsTwin[SchedulesValue]):
    """Every task that runs a program. One that waits for its user to log on does not run at its time."""

    probe: ClassVar[type[Probe[Any]]] = Schedules
    script: ClassVar[str] = "schedules"
    timeout_s: ClassVar[int | None] = 60

    def read(self, probe: Schedules, answer: Any) -> SchedulesValue:
        now = datetime.fromisoformat(text(answer["now"]))
        offset = timedelta(seconds=number(answer["offset_s"]))
        jobs = [job for task in rows(answer["tasks"], _MAX) for job in _jobs(task, answer, now, offset)]
        return SchedulesValue(
            cron_runs=answer["running"] is True,
            zone=text(answer["zone"]),
            jobs=tuple(jobs[:_MAX]),
            programs={text(path): "file" for path, state in answer["paths"].items() if state == "file"},
            folds=True,
        )


def _jobs(task: Any, answer: Any, now: datetime, offset: timedelta) -> list[Job]:
    """One job for each way in which the task's triggers can fail: those that will fire first."""
    triggers = [_trigger(xml, now, offset) for xml in rows(task["triggers"], 50)]
    command = "; ".join(map(_line, rows(task["actions"], 20)))
    general = _trouble(task, answer)
    by_trouble: dict[Trouble, list[str]] = {}
    for trigger in triggers:
        if trigger is not None:
            by_trouble.setdefault(general or trigger.trouble, []).extend(trigger.when)
    return [
        Job(
            source=text(task["path"]),
            kind="timer",
            when=tuple(dict.fromkeys(when))[:50],
            user=_user(task, text(answer["computer"])),
            command=text(command, 500),
            trouble=trouble,
        )
        for trouble, when in by_trouble.items()
    ]


def _line(action: Any) -> str:
    """What is run; then, whole, the files that are named from the folder where it starts."""
    files = "".join(f" [{path}]" for path in texts(action["files"], 20))
    return f"{text(action['command'])} {text(action['arguments'])}".strip() + files


def _trigger(xml: Any, now: datetime, offset: timedelta) -> Trigger | None:
    try:
        return task_triggers.read(str(xml), now, offset)
    except ValueError:
        return Trigger(("?",))


def _trouble(task: Any, answer: Any) -> Trouble:
    if answer["running"] is not True:
        return "stopped"
    if task["enabled"] is not True:
        return "disabled"
    if task["group"] or (text(task["logon"]) == "InteractiveToken" and text(task["sid"]) not in _OWN):
        return "logged-on"
    if text(task["idle"]).lower() == "true":
        return "condition"
    return "no-program" if _missing(task, answer["paths"]) else ""


def _missing(task: Any, paths: dict[str, Any]) -> bool:
    """Whether a program or a script that the task names by its whole path is not there."""
    named = [f"{text(one['command'], 500)} {text(one['arguments'], 1000)}".lower() for one in rows(task["actions"], 20)]
    return any(
        state == "missing" and _SCRIPT.search(path) and any(path.lower() in one for one in named)
        for path, state in paths.items()
    )


def _user(task: Any, computer: str) -> str:
    sid = text(task["sid"])
    account = _OWN.get(sid.upper()) or text(task["account"]) or sid or text(task["group"])
    return account[len(computer) + 1 :] if account.lower().startswith(computer.lower() + "\\") else account
