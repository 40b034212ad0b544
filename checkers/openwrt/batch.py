"""One script for all the questions put to an OpenWrt device, and the reading of its answer.

It needs nothing but BusyBox' ``ash`` with what every OpenWrt has: no ``timeout``, ``tar``, ``truncate`` or ``base64``.
Its answer is, for each command, a line of numbers (which one, exit status, two times, lengths) and that many bytes of
its two streams, so that no output can be mistaken for another's.
"""

from __future__ import annotations

import re
import shlex
from collections.abc import Mapping, Sequence

from checkers.batch import STDERR_LIMIT, STDOUT_LIMIT, Ask, exports
from checkers.channel import ChannelError, ExecResult
from checkers.facts import Raw
from labs.text import Text

_FILE_LIMIT_BLOCKS = STDOUT_LIMIT // 512 + 64
"""Largest file that a command may write, in blocks of 512 bytes: they lie in the device's memory."""

# A command is run behind a watch that ends it with all that it has started: there are no process groups in a shell
# without a terminal. The watch's own sleep is ended with it, so that nothing is left behind.
_PROLOGUE = f"""\
export PATH=/usr/sbin:/usr/bin:/sbin:/bin
umask 077
T=$(mktemp -d) || exit 97
trap 'rm -rf "$T"' EXIT
cd "$T" || exit 97
end() {{
  kill -STOP "$1" 2>/dev/null
  for f in /proc/[0-9]*/status; do
    while read -r k v; do [ "$k" = PPid: ] && break; done <"$f" 2>/dev/null || continue
    n=${{f#/proc/}}
    [ "$v" = "$1" ] && (end "${{n%/status}}")
  done
  kill -9 "$1" 2>/dev/null
}}
q() {{
  mkdir "$1.d"
  read -r b _ </proc/uptime
  (cd "$1.d" && ulimit -f {_FILE_LIMIT_BLOCKS} && exec /bin/sh -c "$3") </dev/null >"$1.o" 2>"$1.e" &
  p=$!
  (
    trap 'kill "$s"; exit' TERM
    sleep "$2" & s=$!
    wait "$s"
    : >"$1.t"
    end "$p"
  ) </dev/null >/dev/null 2>&1 &
  w=$!
  wait "$p" 2>/dev/null
  r=$?
  kill "$w" 2>/dev/null
  wait "$w" 2>/dev/null
  [ -e "$1.t" ] && r=124
  read -r a _ </proc/uptime
  o=$(wc -c <"$1.o"); [ "$o" -gt {STDOUT_LIMIT} ] && o={STDOUT_LIMIT + 1}
  e=$(wc -c <"$1.e"); [ "$e" -gt {STDERR_LIMIT} ] && e={STDERR_LIMIT}
  echo "= $1 $r $b $a $((o)) $((e))"
  head -c "$o" "$1.o"
  head -c "$e" "$1.e"
  echo
  rm -rf "$1".?
}}
"""
_EPILOGUE = "\necho '= end'\n"

_HEAD = re.compile(
    rb"= ([0-9]{1,4}) ([0-9]{1,3}) ([0-9]{1,9}\.[0-9]{1,3}) ([0-9]{1,9}\.[0-9]{1,3}) ([0-9]{1,7}) ([0-9]{1,5})"
)


def script(asked: Sequence[Ask], environment: Mapping[str, str]) -> str:
    """The shell script that runs all the commands, one after the other. It is fed to ``sh`` on standard input."""
    lines = [
        f"# {index} {' '.join(ask.key.split())}\nq {index} {ask.timeout_s} {shlex.quote(ask.command)}"
        for index, ask in enumerate(asked)
    ]
    return exports(environment) + _PROLOGUE + "\n".join(lines) + _EPILOGUE


def read(result: ExecResult, count: int) -> dict[int, Raw]:
    """The outputs in a script's answer, by index. Bounded and validated: the candidate administers the device.

    Raises ChannelError when the answer as a whole cannot be read.
    """
    if result.timed_out or result.truncated or result.exit_code != 0:
        detail = result.stderr[:200].decode("utf-8", "replace").strip()
        raise _unreadable(f"exit={result.exit_code} timeout={result.timed_out} {detail}".strip())
    found: dict[int, Raw] = {}
    data, place = result.stdout, 0
    while True:
        line, newline, _ = data[place : place + 80].partition(b"\n")
        if line == b"= end":
            return found
        head = _HEAD.fullmatch(line)
        if head is None or not newline:
            raise _unreadable("no head")
        number, code, out, err = int(head[1]), int(head[2]), int(head[5]), int(head[6])
        start = place + len(line) + 1
        place = start + out + err + 1
        if number >= count or place > len(data):
            raise _unreadable("wrong head")
        took = max(0, round((float(head[4]) - float(head[3])) * 1000))
        found.setdefault(number, _raw(data[start : start + out], data[start + out : place - 1], code, took))


def _raw(out: bytes, err: bytes, code: int, took_ms: int) -> Raw:
    kept = out[:STDOUT_LIMIT]
    text = kept.decode("utf-8", "replace")
    return Raw(
        stdout=text,
        stderr=err[:STDERR_LIMIT].decode("utf-8", "replace"),
        exit_code=code,
        duration_ms=took_ms,
        timed_out=code in (124, 137),
        truncated=len(out) > STDOUT_LIMIT,
        not_utf8=text.encode() != kept,
    )


def _unreadable(where: str) -> ChannelError:
    return ChannelError(
        Text("la réponse de l'appareil est illisible", "the device's answer cannot be read"), where=where
    )
