"""The QEMU guest agent: programs run in the guest over a virtio-serial port, with neither network nor password.

Whoever administers the guest can forge every reply, delay it or never send it. So every reply is checked for type
and size, every wait has an end of its own, and a fault is an :class:`AgentError`: never a candidate's failure.
Protocol: https://www.qemu.org/docs/master/interop/qemu-ga-ref.html
"""

from __future__ import annotations

import base64
import binascii
import json
import math
import threading
import time
from collections import defaultdict
from collections.abc import Mapping, Sequence
from contextlib import suppress
from time import monotonic, sleep
from typing import Any, TypeGuard

import libvirt
import libvirt_qemu  # type: ignore[import-untyped]  # it ships no annotations

from checkers.channel import ExecResult
from labs.text import Text
from orchestrator.hypervisor.connection import Connection
from orchestrator.hypervisor.errors import AgentError, HypervisorError

STREAM_LIMIT = 4 << 20
"""Bytes kept of each stream."""

STDIN_LIMIT = 2 << 20
"""Bytes that fit into one libvirt message as base64, with room to spare."""

_FIRST_POLL_S = 0.015
_LONGEST_POLL_S = 0.4
_COMMAND_LIMIT_S = 10
_KILL_GRACE_S = 3.0
_CLOCK_TOLERANCE_S = 5.0

_KILL = "k() { for c in $(cat /proc/$1/task/$1/children 2>/dev/null); do k $c; done; kill -KILL $1; }; k $1"

_TASKKILL = [r"C:\Windows\System32\taskkill.exe", "/F", "/T", "/PID"]
"""The same on Windows, where the agent's number is the process' own (qga/commands.c, ``gpid_to_int64``)."""

_locks: defaultdict[str, threading.Lock] = defaultdict(threading.Lock)
"""By domain: libvirt runs one agent job per domain, and a second one would wait for the first's lock."""


class GuestAgent:
    """The agent of one domain."""

    def __init__(self, connection: Connection, domain: str) -> None:
        self._connection = connection
        self._domain = domain

    def ping(self, timeout_s: float = 5.0) -> bool:
        """Whether the agent answers within the time limit. Never raises."""
        deadline = monotonic() + timeout_s
        while True:
            try:
                self._command("guest-ping", {}, deadline)
            except AgentError:
                left = deadline - monotonic()
                if left <= 0:
                    return False
                # An agent that connects is an event; one that merely starts to answer is not.
                self._connection.pause(min(left, 0.05))
            else:
                return True

    def run(self, argv: Sequence[str], *, stdin: bytes = b"", timeout_s: float) -> ExecResult:
        """Run one program to its end. When the time is over it is ended, with its children, as far as can be.

        Bound the output in the guest: libvirt cannot pass more than 4 MiB of encoded reply (an AgentError), and after
        one of more than 10 MiB it does not speak to this agent any more.

        :raises AgentError: the agent does not answer, or answers nonsense.
        """
        started = monotonic()
        deadline = started + timeout_s
        if len(stdin) > STDIN_LIMIT:
            raise self._error(
                Text("L'entrée d'une commande est trop longue.", "The input of a command is too long."),
            )
        pid = self._start(argv, stdin, deadline)
        wait = _FIRST_POLL_S
        while not (status := self._status(pid, deadline)):
            left = deadline - monotonic()
            if left <= 0:
                return self._give_up(pid, started)
            sleep(min(wait, max(left, 0.001)))
            wait = min(wait * 1.4, _LONGEST_POLL_S)
        return self._result(status, started, timed_out=False)

    def set_clock(self, *, timeout_s: float = 15.0) -> None:
        """Set the guest's clock to ours, and see that it took.

        By ``date`` where there is one; else by the agent's own command, which also waits for the hardware clock (a
        second or two right after a restore).

        :raises AgentError: the clock is still more than 5 s off.
        """
        deadline = monotonic() + timeout_s
        with suppress(AgentError):
            if self.run(["date", "-s", f"@{time.time() + 0.05:.2f}"], timeout_s=timeout_s).exit_code == 0:
                return
        with suppress(AgentError):
            self._command("guest-set-time", {"time": time.time_ns()}, deadline)
        found = self._command("guest-get-time", {}, deadline)
        if not _is_int(found) or abs(found / 1e9 - time.time()) > _CLOCK_TOLERANCE_S:
            raise self._error(
                Text("L'horloge de la machine n'a pas pu être réglée.", "The machine's clock could not be set.")
            )

    # --- one job
    def _start(self, argv: Sequence[str], stdin: bytes, deadline: float) -> int:
        arguments: dict[str, Any] = {"path": argv[0], "arg": list(argv[1:]), "capture-output": True}
        if stdin:
            arguments["input-data"] = base64.b64encode(stdin).decode()
        reply = self._command("guest-exec", arguments, deadline)
        pid = reply.get("pid") if isinstance(reply, dict) else None
        if not _is_int(pid) or not 0 < pid < 1 << 63:
            raise self._nonsense("guest-exec")
        return int(pid)

    def _status(self, pid: int, deadline: float) -> Mapping[str, Any] | None:
        """The job's status once it has ended, else None."""
        reply = self._command("guest-exec-status", {"pid": pid}, deadline)
        if not isinstance(reply, dict) or not isinstance(reply.get("exited"), bool):
            raise self._nonsense("guest-exec-status")
        return reply if reply["exited"] else None

    def _give_up(self, pid: int, started: float) -> ExecResult:
        status: Mapping[str, Any] | None = None
        deadline = monotonic() + _KILL_GRACE_S
        for kill in (["sh", "-c", _KILL, "kill", str(pid)], [*_TASKKILL, str(pid)]):
            with suppress(AgentError):  # no such program there: it is the other kind of machine
                self._start(kill, b"", deadline)
                break
        with suppress(AgentError):
            while not (status := self._status(pid, deadline)) and monotonic() < deadline:
                sleep(0.05)
        return self._result(status or {}, started, timed_out=True)

    def _result(self, status: Mapping[str, Any], started: float, *, timed_out: bool) -> ExecResult:
        exit_code = status.get("exitcode")
        if exit_code is not None and (not _is_int(exit_code) or not -(1 << 31) <= exit_code < 1 << 32):
            raise self._nonsense("guest-exec-status")
        stdout, cut_out = self._stream(status, "out")
        stderr, cut_err = self._stream(status, "err")
        return ExecResult(
            exit_code=None if timed_out else exit_code,
            stdout=stdout,
            stderr=stderr,
            truncated=cut_out or cut_err,
            timed_out=timed_out,
            duration_s=monotonic() - started,
        )

    def _stream(self, status: Mapping[str, Any], name: str) -> tuple[bytes, bool]:
        encoded = status.get(f"{name}-data", "")
        cut = status.get(f"{name}-truncated", False)
        if not isinstance(encoded, str) or not isinstance(cut, bool):
            raise self._nonsense("guest-exec-status")
        try:
            data = base64.b64decode(encoded, validate=True)
        except (binascii.Error, ValueError) as error:
            raise self._nonsense("guest-exec-status") from error
        return data[:STREAM_LIMIT], cut or len(data) > STREAM_LIMIT

    # --- one message
    def _command(self, execute: str, arguments: Mapping[str, Any], deadline: float) -> Any:
        """Send one command and return what it returned, checked to be JSON."""
        message = json.dumps({"execute": execute, "arguments": arguments})
        while True:
            try:
                text = self._send(message, deadline)
            except libvirt.libvirtError as error:
                # A guest that is merely slow misses the 5 s that libvirt gives it to say hello: nothing was sent yet.
                if _was_not_sent(error) and monotonic() < deadline:
                    continue
                reason = (error.get_error_message() or str(error)).strip().rstrip(".")
                raise self._error(
                    Text(f"L'agent ne répond pas : {reason}.", f"The agent does not answer: {reason}.")
                ) from error
            break
        try:
            reply = json.loads(text)
        except (ValueError, RecursionError, TypeError) as error:
            raise self._nonsense(execute) from error
        if not isinstance(reply, dict) or "return" not in reply:
            raise self._nonsense(execute)
        return reply["return"]

    def _send(self, message: str, deadline: float) -> Any:
        lock = _locks[self._domain]
        if not lock.acquire(timeout=max(deadline - monotonic(), 0.001)):
            raise self._error(Text("L'agent est occupé par une autre commande.", "The agent is busy."))
        try:
            # libvirt counts in whole seconds; the caller's own deadline is looked at between messages.
            timeout = max(1, min(math.ceil(deadline - monotonic()), _COMMAND_LIMIT_S))
            domain = self._connection.get().lookupByName(self._domain)
            return libvirt_qemu.qemuAgentCommand(domain, message, timeout, 0)
        except HypervisorError as error:
            raise self._error(error.what) from error
        finally:
            lock.release()

    def _nonsense(self, command: str) -> AgentError:
        return self._error(
            Text(
                f"L'agent a répondu à {command} par une chose qui n'en est pas une réponse.",
                f"The agent's answer to {command} is none.",
            )
        )

    def _error(self, what: Text) -> AgentError:
        return AgentError(
            what,
            where=self._domain,
            do=Text(
                "La machine est peut-être arrêtée, occupée, ou son agent a été arrêté.",
                "The machine may be off, busy, or its agent was stopped.",
            ),
        )


def _was_not_sent(error: libvirt.libvirtError) -> bool:
    unresponsive = error.get_error_code() == libvirt.VIR_ERR_AGENT_UNRESPONSIVE
    return unresponsive and "synchronization" in (error.get_error_message() or "")


def _is_int(value: object) -> TypeGuard[int]:
    return isinstance(value, int) and not isinstance(value, bool)
