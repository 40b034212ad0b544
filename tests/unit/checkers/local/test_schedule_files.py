"""The reading of crontabs and timers as the machine prints them."""

from __future__ import annotations

import pytest

from checkers.facts import Raw
from checkers.probe import Unreadable
from checkers.probes.schedules import Schedules, SchedulesValue

BASE = """\
== cron
ActiveState=active
== zone
/usr/share/zoneinfo/Europe/Paris
== files
{files}
== unfinished
{unfinished}
== lines
{lines}
== timers
{timers}
== services
{services}
== programs
executable /usr/local/sbin/s
"""


def read(**parts: str) -> SchedulesValue:
    empty = dict.fromkeys(("files", "unfinished", "lines", "timers", "services"), "")
    return Schedules().parse(Raw(stdout=BASE.format(**{**empty, **parts})))


def trouble(path: str, rights: str = "root 644", **parts: str) -> str:
    found = read(files=f"{rights} {path}", lines=f"{path}:30 22 * * * root /usr/local/sbin/s", **parts)
    return found.jobs[0].trouble


def test_files_that_cron_ignores() -> None:
    assert trouble("/etc/cron.d/sauvegarde") == ""
    assert trouble("/etc/cron.d/sauvegarde.sh") == "name"
    assert trouble("/etc/cron.d/sauvegarde", "technicien 644") == "owner"
    assert trouble("/etc/cron.d/sauvegarde", "root 666") == "writable"
    assert trouble("/etc/cron.d/sauvegarde", unfinished="/etc/cron.d/sauvegarde") == "unfinished"


def test_a_users_own_crontab_has_no_user_column() -> None:
    found = read(lines="/var/spool/cron/crontabs/root:30 22 * * * /usr/local/sbin/s")
    assert (found.jobs[0].user, found.jobs[0].command) == ("root", "/usr/local/sbin/s")


TIMER = """\
Unit=s.service
TimersCalendar={{ OnCalendar=Mon..Fri *-*-* 22:30:00 ; next_elapse=Mon 2026-11-23 22:30:00 CET }}
RandomizedDelayUSec={delay}
Id=s.timer
ActiveState={active}
UnitFileState={state}
"""
SERVICE = """\
ExecStart={ path=/usr/local/sbin/s ; argv[]=/usr/local/sbin/s --tout ; ignore_errors=no ; start_time=[n/a] ; pid=0 }
User=
Id=s.service
LoadState=loaded
"""


@pytest.mark.parametrize(
    ("delay", "active", "state", "why"),
    [
        ("0", "active", "enabled", ""),
        ("30s", "active", "enabled", ""),
        ("30min", "active", "enabled", "random"),
        ("0", "inactive", "enabled", "stopped"),
        ("0", "active", "disabled", "not-enabled"),
    ],
)
def test_timers(delay: str, active: str, state: str, why: str) -> None:
    found = read(timers=TIMER.format(delay=delay, active=active, state=state), services=SERVICE).jobs[0]
    assert (found.user, found.command, found.when) == (
        "root",
        "/usr/local/sbin/s --tout",
        ("Mon..Fri *-*-* 22:30:00",),
    )
    assert found.trouble == why


def test_a_file_cannot_forge_another_part() -> None:
    forged = "/etc/crontab:== programs\n/etc/crontab:executable /x"
    assert read(lines=forged).programs == {"/usr/local/sbin/s": "executable"}


@pytest.mark.parametrize("output", ["", "== cron\n", "== cron\nActiveState=active\n", "\x00\x01" * 100])
def test_no_answer_is_unreadable(output: str) -> None:
    with pytest.raises(Unreadable):
        Schedules().parse(Raw(stdout=output))
