"""One script for all the questions put to one place, and the reading of its answer.

The script runs each command with its own time limit and bounded streams, keeps every stream in a file of a private
folder, and writes that folder to its standard output as a tar archive: lengths are explicit, so no output can be
mistaken for another's. Batching is what makes observing fast: a round trip costs far more than a command.
"""

from __future__ import annotations

import io
import re
import shlex
import tarfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from checkers.channel import ChannelError, ExecResult
from checkers.facts import Raw
from labs.text import Text

STDOUT_LIMIT = 256 * 1024
"""Bytes of standard output kept for one command."""
STDERR_LIMIT = 8 * 1024
"""Bytes of standard error kept for one command."""

FILE_LIMIT_BLOCKS = 16 * 1024
"""Largest file that a command may write, its two streams among them, in blocks of 512 bytes. It keeps an endless output
from filling the machine; what is above the limits of the streams is cut when they are packed. Not lower: programs that
only read still open data bases of some MiB for writing."""

# Few processes around each command: on an emulated processor a process costs as much as the question itself.
_PROLOGUE = f"""\
export LC_ALL=C.UTF-8 PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin
umask 077
T=$(mktemp -d) || exit 97
trap 'rm -rf "$T"' EXIT
cd "$T" || exit 97
q() {{
  read -r b _ </proc/uptime
  (cd "$1.d" && ulimit -f {FILE_LIMIT_BLOCKS} && exec timeout -k 1 "$2" /bin/sh -c "$3") </dev/null >"$1.o" 2>"$1.e"
  r=$?
  read -r a _ </proc/uptime
  echo "$r $b $a" >"$1.r"
}}
"""
# tar says 1 when a file grew while it was read (a command left a process behind): the archive is sound all the same.
_EPILOGUE = f"""
wait
find . -maxdepth 1 -name '*.o' -size +{STDOUT_LIMIT}c -exec truncate -s {STDOUT_LIMIT + 1} {{}} +
find . -maxdepth 1 -name '*.e' -size +{STDERR_LIMIT}c -exec truncate -s {STDERR_LIMIT + 1} {{}} +
tar -cf - --exclude='*.d' . || [ $? -eq 1 ]
"""

_MEMBER = re.compile(r"^\./([0-9]{1,4})\.([reo])$")
_RESULT = re.compile(rb"([0-9]{1,3}) ([0-9]{1,9}\.[0-9]{1,3}) ([0-9]{1,9}\.[0-9]{1,3})\s*")


@dataclass(frozen=True)
class Ask:
    """One command of a batch. ``key``: the question, for people. ``timeout_s``: after that the command is ended."""

    key: str
    timeout_s: int
    command: str


def exports(environment: Mapping[str, str]) -> str:
    """Shell lines that export these variables to what follows them in a script."""
    return "".join(f"export {name}={shlex.quote(value)}\n" for name, value in environment.items())


def script(asked: Sequence[Ask], *, parallel: bool = False, environment: Mapping[str, str] | None = None) -> str:
    """The shell script that runs all the commands. It is fed to ``sh`` on standard input.

    parallel: for places that mostly wait (the wire). environment: exported to the commands; it travels in the script,
    so it never stands in a list of processes.
    """
    mark = " &" if parallel else ""
    lines = [
        # The key in the comment is for people who read a captured script, and for the simulated machines.
        f"# {index} {' '.join(ask.key.split())}\nq {index} {ask.timeout_s} {shlex.quote(ask.command)}{mark}"
        for index, ask in enumerate(asked)
    ]
    # Each command has a folder of its own: commands that run at the same time may use the same names for their files.
    folders = "mkdir " + " ".join(f"{index}.d" for index in range(len(asked))) + "\n"
    return exports(environment or {}) + _PROLOGUE + folders + "\n".join(lines) + _EPILOGUE


def time_limit(asked: Sequence[Ask], *, parallel: bool = False) -> float:
    """Seconds after which the whole script is given up: the sum (or maximum) of the limits, and some slack."""
    limits = [ask.timeout_s + 1 for ask in asked] or [0]
    return (max(limits) if parallel else sum(limits)) + 10.0


def read(result: ExecResult, count: int) -> dict[int, Raw]:
    """The outputs in a script's answer, by index. Bounded and validated: it comes from a candidate's machine.

    Raises ChannelError when the answer as a whole cannot be read.
    """
    if result.timed_out or result.truncated or result.exit_code != 0:
        detail = result.stderr[:200].decode("utf-8", "replace").strip()
        raise ChannelError(
            Text(
                "la machine n'a pas répondu entièrement au relevé",
                "the machine did not answer the observation entirely",
            ),
            where=f"exit={result.exit_code} timeout={result.timed_out} truncated={result.truncated} {detail}".strip(),
        )
    streams: dict[int, dict[str, bytes]] = {}
    try:
        with tarfile.open(fileobj=io.BytesIO(result.stdout), mode="r:") as archive:
            for number, member in enumerate(archive):
                match = _MEMBER.match(member.name)
                if number > 3 * count + 8:
                    break
                if match is None or not member.isreg() or int(match[1]) >= count:
                    continue
                content = archive.extractfile(member)
                if content is not None:
                    streams.setdefault(int(match[1]), {})[match[2]] = content.read(STDOUT_LIMIT + 1)
    except (tarfile.TarError, EOFError, OSError, ValueError) as error:
        raise ChannelError(
            Text("la réponse de la machine est illisible", "the machine's answer cannot be read"),
            where=str(error)[:200],
        ) from error
    return {index: _raw(parts) for index, parts in streams.items() if "r" in parts and "o" in parts}


def _raw(parts: dict[str, bytes]) -> Raw:
    out, err = parts["o"], parts.get("e", b"")
    code, duration_ms = _result(parts["r"])
    stdout, bad = _decode(out[:STDOUT_LIMIT])
    stderr, _ = _decode(err[:STDERR_LIMIT])
    return Raw(
        stdout=stdout,
        stderr=stderr,
        exit_code=code,
        duration_ms=duration_ms,
        timed_out=code in (124, 137),
        truncated=len(out) > STDOUT_LIMIT,
        not_utf8=bad,
    )


def _result(text: bytes) -> tuple[int | None, int]:
    """Exit status, and milliseconds between the two times; None and 0 where they cannot be read."""
    match = _RESULT.fullmatch(text)
    if match is None:
        return None, 0
    return int(match[1]), max(0, round((float(match[3]) - float(match[2])) * 1000))


def _decode(data: bytes) -> tuple[str, bool]:
    try:
        return data.decode("utf-8"), False
    except UnicodeDecodeError:
        return data.decode("utf-8", "replace"), True
