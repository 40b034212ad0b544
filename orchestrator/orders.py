"""How a script, or the question whether a machine is ready, is put to each kind of machine.

In the language of the machine: POSIX shell on Linux, PowerShell on Windows. What a script may use is in its
environment, never in a list of processes. Nothing is left in the machine but what the script did: no file of ours, no
shell history.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping

from checkers.batch import exports
from checkers.channel import Program
from checkers.windows import powershell
from checkers.windows.twin import source

# In a subshell, off the script's own text: what it starts reads nothing, and what it exits with is its answer.
_SHELL = """\
export LC_ALL=C.UTF-8 PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin
(
{body}
) </dev/null >&2
"""


def shell_order(body: str, environment: Mapping[str, str]) -> Program:
    """A POSIX shell script."""
    return Program(["/bin/sh"], (exports(environment) + _SHELL.format(body=body)).encode())


def powershell_order(body: str, environment: Mapping[str, str]) -> Program:
    """A PowerShell script."""
    given = {"Body": body, "Environment": dict(environment)}
    return Program(powershell.argv(), powershell.stdin(source("run"), given))


_BOOTED = "(Get-CimInstance Win32_OperatingSystem).LastBootUpTime.ToUniversalTime().ToString('o')"

WHICH_START: dict[str, Program] = {
    "linux": Program(["cat", "/proc/sys/kernel/random/boot_id"], b""),
    "windows": powershell_order(_BOOTED, {}),
}
"""What tells one start of a machine from another."""


def shell_question(command: str) -> Program:
    """A command that answers 0 when the machine's services answer."""
    return Program(["sh", "-c", command], b"")


def powershell_question(command: str) -> Program:
    """The same in PowerShell, where a value that is false says no as well as an error does."""
    return powershell_order(f"if (-not (& {{ {command} }})) {{ exit 1 }}", {})


SCRIPTS: dict[str, Callable[[str, Mapping[str, str]], Program]] = {"linux": shell_order, "windows": powershell_order}
"""How a script is run on each kind of machine (``family`` in a lab)."""

QUESTIONS: dict[str, Callable[[str], Program]] = {"linux": shell_question, "windows": powershell_question}
"""How each kind of machine is asked whether it is ready."""
