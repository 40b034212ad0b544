"""Jobs that a machine runs by itself at given times: crontab(5) files, timers of systemd, tasks of Windows."""

from __future__ import annotations

import re
from typing import Annotated, ClassVar, Literal

from pydantic import Field

from checkers.facts import Raw
from checkers.parsers import cron, sections
from checkers.parsers.clean import clip, integer
from checkers.probe import Probe, Unreadable, Value
from labs.text import Text

_MAX = 300
_USER_CRONTABS = "/var/spool/cron/crontabs/"
_IGNORED = re.compile(r"[^A-Za-z0-9_-]")
_EXEC = re.compile(r"argv\[\]=(.*?) ;")
_CALENDAR = re.compile(r"OnCalendar=(.*?) ;")


_COMMAND = r"""
F="/etc/crontab /etc/cron.d/* /var/spool/cron/crontabs/*"
echo '== cron'; systemctl show -p ActiveState cron.service
echo '== zone'; readlink /etc/localtime
echo '== files'; stat -c '%U %a %n' $F 2>/dev/null
echo '== unfinished'
for f in $F; do [ -s "$f" ] && [ -n "$(tail -c1 "$f")" ] && echo "$f"; done
echo '== lines'; c=$(grep -sH '' $F); printf '%s\n' "$c"
echo '== timers'
t=$(systemctl show -p Id,ActiveState,UnitFileState,Unit,TimersCalendar,RandomizedDelayUSec '*.timer')
printf '%s\n' "$t"
echo '== services'
u=$(printf '%s\n' "$t" | sed -n 's/^Unit=//p')
s=$([ -z "$u" ] || systemctl show -p Id,LoadState,User,ExecStart -- $u); printf '%s\n' "$s"
echo '== programs'
printf '%s\n%s\n' "$c" "$s" | sed 's/^[^:]*://' | grep -oE '/[A-Za-z0-9_./+-]+' | sort -u | head -n 200 |
while read -r f; do
  if [ -d "$f" ]; then echo "folder $f"
  elif [ -x "$f" ]; then echo "executable $f"
  elif [ -e "$f" ]; then echo "file $f"; fi
done
true
""".strip()


Trouble = Literal[
    "", "unfinished", "name", "owner", "writable", "no-service", "stopped", "not-enabled", "random",
    "disabled", "logged-on", "condition", "expired", "later", "no-program",
]  # fmt: skip
"""Why a job will not run as written: last line without line feed; file name, owner or mode that cron(8) refuses; timer
without service, not started, not enabled, or with a random delay. On Windows: task switched off; only while its user is
logged on, or under another condition; over, or not begun; program or script not there."""


class Job(Value):
    """One job.

    when: its schedules as written (five fields or an ``@`` word for cron, calendar expressions for a timer). trouble:
    why it will not run as written, empty when it will.
    """

    source: str
    kind: Literal["cron", "timer"]
    when: tuple[str, ...]
    user: str
    command: str
    trouble: Trouble = ""


class SchedulesValue(Value):
    """cron_runs: the cron daemon is active. zone: the machine's. programs: state of the paths that commands name.
    folds: the case of names says nothing on this machine."""

    cron_runs: bool
    zone: str
    jobs: tuple[Job, ...]
    programs: dict[str, Literal["executable", "file", "folder"]]
    folds: Annotated[bool, Field(exclude_if=lambda folds: not folds)] = False


class Schedules(Probe[SchedulesValue]):
    """Every scheduled job."""

    name: ClassVar[str] = "schedules"
    about: ClassVar[Text] = Text("tâches planifiées (cron et minuteries)", "scheduled jobs (cron and timers)")
    value: ClassVar[type[Value]] = SchedulesValue
    timeout_s: ClassVar[int] = 25

    def command(self) -> str:
        return _COMMAND

    def parse(self, raw: Raw) -> SchedulesValue:
        parts = sections.split(raw.stdout)
        if "ActiveState=" not in parts.get("cron", "") or "programs" not in parts:
            raise Unreadable(Text("les tâches planifiées n'ont pas pu être lues", "scheduled jobs could not be read"))
        programs: dict[str, Literal["executable", "file", "folder"]] = {}
        for line in parts["programs"].split("\n")[:_MAX]:
            state, _, path = line.partition(" ")
            if state in ("executable", "file", "folder"):
                programs[clip(path)] = state  # type: ignore[assignment]  # one of the three words
        return SchedulesValue(
            cron_runs="ActiveState=active" in parts["cron"],
            zone=clip(parts.get("zone", "").strip().partition("zoneinfo/")[2]),
            jobs=tuple((_cron_jobs(parts) + _timer_jobs(parts))[:_MAX]),
            programs=programs,
        )


def _cron_jobs(parts: dict[str, str]) -> list[Job]:
    jobs: list[Job] = []
    rights = {}
    for line in parts.get("files", "").split("\n"):
        owner, _, rest = line.partition(" ")
        mode, _, path = rest.partition(" ")
        rights[path] = (owner, mode)
    unfinished = set(parts.get("unfinished", "").split("\n"))
    for path, lines in sections.files(parts.get("lines", "")).items():
        own = path.removeprefix(_USER_CRONTABS) if path.startswith(_USER_CRONTABS) else ""
        trouble = _file_trouble(path, rights.get(path, ("root", "600")))
        for index, text in enumerate(lines[:1000]):
            job = cron.parse(text, user_column=not own)
            if job is None:
                continue
            cut = path in unfinished and index == len(lines) - 1
            jobs.append(
                Job(
                    source=clip(path),
                    kind="cron",
                    when=(clip(job.when, 80),),
                    user=clip(own or job.user, 64),
                    command=clip(job.command, 500),
                    trouble=trouble or ("unfinished" if cut else ""),
                )
            )
    return jobs


def _file_trouble(path: str, rights: tuple[str, str]) -> Trouble:
    """Why cron would ignore a whole file (cron(8), Debian): its name, its owner, or who may write it."""
    owner, mode = rights
    if path.startswith(_USER_CRONTABS):
        return ""
    if path.startswith("/etc/cron.d/") and _IGNORED.search(path.removeprefix("/etc/cron.d/")):
        return "name"
    if owner != "root":
        return "owner"
    if mode.isdigit() and int(mode, 8) & 0o022:
        return "writable"
    return ""


def _timer_jobs(parts: dict[str, str]) -> list[Job]:
    services = {sections.one(b, "Id"): b for b in sections.blocks(parts.get("services", ""))}
    jobs: list[Job] = []
    for timer in sections.blocks(parts.get("timers", "")):
        service = services.get(sections.one(timer, "Unit"), {})
        written = [m[1] for line in timer.get("TimersCalendar", []) if (m := _CALENDAR.search(line))]
        commands = [m[1] for line in service.get("ExecStart", []) if (m := _EXEC.search(line))]
        if written and commands:
            jobs.append(
                Job(
                    source=clip(sections.one(timer, "Id")),
                    kind="timer",
                    when=tuple(clip(expression) for expression in written[:50]),
                    user=clip(sections.one(service, "User") or "root", 64),
                    command=clip("; ".join(commands), 500),
                    trouble=_timer_trouble(timer, service),
                )
            )
    return jobs


def _timer_trouble(timer: dict[str, list[str]], service: dict[str, list[str]]) -> Trouble:
    if sections.one(service, "LoadState") != "loaded":
        return "no-service"
    if sections.one(timer, "ActiveState") != "active":
        return "stopped"
    if sections.one(timer, "UnitFileState") != "enabled":
        return "not-enabled"
    return _delay_trouble(sections.one(timer, "RandomizedDelayUSec"))


def _delay_trouble(delay: str) -> Trouble:
    """A random delay of more than a minute is no fixed time. Written ``0``, ``30s``, ``5min``, ``1h``."""
    match = re.match(r"([0-9]{1,9})(us|ms|s)?$", delay)
    short = delay == "" or (match is not None and (match[2] != "s" or integer(match[1]) <= 60))
    return "" if short else "random"
