"""The guest agent's replies are the candidate's: whatever they are, we get a result or an AgentError, in time."""

from __future__ import annotations

import base64
import itertools
import json
import time
from collections.abc import Callable
from typing import Any

import libvirt
import libvirt_qemu
import pytest
from hypothesis import given
from hypothesis import strategies as st

from checkers.windows import powershell
from orchestrator.hypervisor import agent as module
from orchestrator.hypervisor.agent import STDIN_LIMIT, STREAM_LIMIT, GuestAgent
from orchestrator.hypervisor.errors import AgentError

Reply = Callable[[str, dict[str, Any]], Any]
LONG_S = 60.0
"""Far longer than any limit of these tests: what takes it waits for something that does not come."""


class _Connection:
    """Stands for the connection: every name is this domain."""

    def __init__(self, domain: Guest) -> None:
        self._domain = domain

    def get(self) -> _Connection:
        return self

    def lookupByName(self, _name: str) -> Guest:  # noqa: N802 - libvirt's name
        return self._domain

    def pause(self, seconds: float) -> None:
        time.sleep(min(seconds, 0.01))


class Guest:
    """Plays qemu-ga behind libvirt: ``reply`` gives the value of "return", or the raw text of the whole answer.

    monkeypatch: None where ``Guest.command`` stands in libvirt's place already, for several of them at once.
    """

    def __init__(self, monkeypatch: pytest.MonkeyPatch | None, reply: Reply) -> None:
        self.asked: list[tuple[str, dict[str, Any]]] = []
        self._reply = reply
        if monkeypatch is not None:
            monkeypatch.setattr(libvirt_qemu, "qemuAgentCommand", Guest.command)
        self.agent = GuestAgent(_Connection(self), f"ep-x-y-server{next(_numbers)}")  # type: ignore[arg-type]

    def command(self, message: str, timeout: int, _flags: int) -> str:
        """libvirt's function of this name; the domain is the guest itself."""
        assert timeout >= 1, "libvirt would wait for ever"
        question = json.loads(message)
        self.asked.append((question["execute"], question["arguments"]))
        answer = self._reply(question["execute"], question["arguments"])
        return answer.text if isinstance(answer, Text) else json.dumps({"return": answer})


_numbers = itertools.count()


class Text:
    def __init__(self, text: str) -> None:
        self.text = text


def ends_with(status: dict[str, Any]) -> Reply:
    """A job that has ended when first asked for."""
    return lambda command, _arguments: {"pid": 7} if command == "guest-exec" else {"exited": True, **status}


def test_a_job_is_started_with_its_input_and_its_streams_come_back(monkeypatch: pytest.MonkeyPatch) -> None:
    out = base64.b64encode(b"out\xff").decode()
    guest = Guest(monkeypatch, ends_with({"exitcode": 3, "out-data": out, "err-data": ""}))
    result = guest.agent.run(["sh", "-c", "x"], stdin=b"in", timeout_s=5)
    assert (result.exit_code, result.stdout, result.stderr, result.truncated) == (3, b"out\xff", b"", False)
    name, arguments = guest.asked[0]
    assert name == "guest-exec"
    assert (arguments["path"], arguments["arg"]) == ("sh", ["-c", "x"])
    assert base64.b64decode(arguments["input-data"]) == b"in"


def test_the_agents_own_cut_is_reported(monkeypatch: pytest.MonkeyPatch) -> None:
    guest = Guest(monkeypatch, ends_with({"exitcode": 0, "out-data": "", "out-truncated": True}))
    assert guest.agent.run(["x"], timeout_s=5).truncated


def test_a_stream_longer_than_the_bound_is_cut(monkeypatch: pytest.MonkeyPatch) -> None:
    data = base64.b64encode(b"x" * (STREAM_LIMIT + 1)).decode()
    result = Guest(monkeypatch, ends_with({"exitcode": 0, "err-data": data})).agent.run(["x"], timeout_s=5)
    assert len(result.stderr) == STREAM_LIMIT
    assert result.truncated


def test_death_by_signal_is_no_exit_code(monkeypatch: pytest.MonkeyPatch) -> None:
    assert Guest(monkeypatch, ends_with({"signal": 9})).agent.run(["x"], timeout_s=5).exit_code is None


def test_a_job_without_end_is_killed_with_its_children(monkeypatch: pytest.MonkeyPatch) -> None:
    killed = False

    def reply(command: str, arguments: dict[str, Any]) -> Any:
        nonlocal killed
        if command == "guest-exec":
            killed = killed or "kill -KILL" in str(arguments)
            return {"pid": 7}
        return {"exited": killed, "signal": 9, "out-data": base64.b64encode(b"so far").decode()}

    guest = Guest(monkeypatch, reply)
    began = time.monotonic()
    result = guest.agent.run(["sleep", "600"], timeout_s=0.2)
    assert (result.timed_out, result.exit_code, result.stdout) == (True, None, b"so far")
    assert time.monotonic() - began < LONG_S
    assert any("7" in arguments.get("arg", []) for name, arguments in guest.asked if name == "guest-exec")


def test_on_windows_a_job_without_end_is_ended_with_its_children_too(monkeypatch: pytest.MonkeyPatch) -> None:
    ended: list[list[str]] = []

    def reply(command: str, arguments: dict[str, Any]) -> Any:
        if command == "guest-exec":
            if arguments["path"] == "sh":
                return Text('{"error": {"class": "GenericError", "desc": "Failed to execute child process"}}')
            if "taskkill" in arguments["path"]:
                ended.append(arguments["arg"])
            return {"pid": 4711}
        return {"exited": bool(ended), "exitcode": 1}

    result = Guest(monkeypatch, reply).agent.run(powershell.argv(), stdin=b"aGk=", timeout_s=0.2)
    assert (result.timed_out, result.exit_code) == (True, None)
    assert ended == [["/F", "/T", "/PID", "4711"]]


def test_powershell_is_started_with_its_input_and_nothing_of_it_in_its_arguments(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    stdin = powershell.stdin("param(\n)\n'secret'", {"Password": "Tkhd=Rnfg=Gbjp"})
    guest = Guest(monkeypatch, ends_with({"exitcode": 0, "out-data": base64.b64encode(b"eA==\r\n").decode()}))
    result = guest.agent.run(powershell.argv(), stdin=stdin, timeout_s=5)
    assert (result.exit_code, result.stdout) == (0, b"eA==\r\n")
    _, arguments = guest.asked[0]
    assert [arguments["path"], *arguments["arg"]] == powershell.argv()
    assert arguments["capture-output"] is True
    assert base64.b64decode(arguments["input-data"]) == stdin
    assert "Tkhd" not in " ".join(arguments["arg"])


def test_an_unhandled_exception_of_windows_is_no_exit_code(monkeypatch: pytest.MonkeyPatch) -> None:
    """qemu-ga gives its code as a signal: 0xC0000005 is an access violation."""
    assert Guest(monkeypatch, ends_with({"signal": 0xC0000005})).agent.run(["x"], timeout_s=5).exit_code is None


def test_a_guest_that_says_running_for_ever_is_left(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "_KILL_GRACE_S", 0.2)
    reply: Reply = lambda command, _: {"pid": 7} if command == "guest-exec" else {"exited": False}  # noqa: E731
    began = time.monotonic()
    assert Guest(monkeypatch, reply).agent.run(["x"], timeout_s=0.2).timed_out
    assert time.monotonic() - began < LONG_S


@pytest.mark.parametrize(
    "answer",
    [
        Text(""),
        Text("not json"),
        Text("[" * 100_000),
        Text("null"),
        Text("[]"),
        Text('{"error": {"class": "GenericError", "desc": "no"}}'),
        Text('{"return": null}'),
        {},
        {"pid": None},
        {"pid": "7"},
        {"pid": True},
        {"pid": -1},
        {"pid": 0},
        {"pid": 1 << 70},
        {"pid": 1.5},
    ],
)
def test_a_forged_start_is_an_error(monkeypatch: pytest.MonkeyPatch, answer: Any) -> None:
    with pytest.raises(AgentError):
        Guest(monkeypatch, lambda _command, _arguments: answer).agent.run(["x"], timeout_s=5)


@pytest.mark.parametrize(
    "status",
    [
        {"exited": "yes"},
        {"exited": 1},
        {"exitcode": "0"},
        {"exitcode": True},
        {"exitcode": 1 << 40},
        {"exitcode": 0.0},
        {"out-data": 5},
        {"out-data": "§§§"},
        {"out-data": "abc"},
        {"err-data": {"x": 1}},
        {"out-truncated": "no"},
    ],
)
def test_a_forged_status_is_an_error(monkeypatch: pytest.MonkeyPatch, status: dict[str, Any]) -> None:
    with pytest.raises(AgentError):
        Guest(monkeypatch, ends_with(status)).agent.run(["x"], timeout_s=5)


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=8),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(["pid", "exited", "exitcode", "out-data", "err-data", "x"]), inner, max_size=5
        )
    ),
    max_leaves=12,
)


@given(start=JSON, status=JSON)
def test_no_reply_at_all_gets_past_the_agent(start: Any, status: Any) -> None:
    with pytest.MonkeyPatch.context() as monkeypatch:
        monkeypatch.setattr(module, "_KILL_GRACE_S", 0.01)
        guest = Guest(monkeypatch, lambda command, _: start if command == "guest-exec" else status)
        try:
            result = guest.agent.run(["x"], timeout_s=0.02)
        except AgentError:
            return
        assert result.exit_code is None or isinstance(result.exit_code, int)
        assert isinstance(result.stdout, bytes)


def _refusing(_command: str, _arguments: dict[str, Any]) -> Any:
    raise libvirt.libvirtError("Guest agent is not responding")


def test_a_silent_agent_is_an_error_for_run_and_no_for_ping(monkeypatch: pytest.MonkeyPatch) -> None:
    guest = Guest(monkeypatch, _refusing)
    began = time.monotonic()
    assert guest.agent.ping(0.1) is False
    with pytest.raises(AgentError, match="not responding"):
        guest.agent.run(["x"], timeout_s=1)
    assert time.monotonic() - began < LONG_S


def _slow(message: str) -> libvirt.libvirtError:
    error = libvirt.libvirtError(message)
    error.err = (libvirt.VIR_ERR_AGENT_UNRESPONSIVE, libvirt.VIR_FROM_QEMU, message, 2, None, None, None, -1, -1)
    return error


def test_a_guest_that_is_slow_to_say_hello_is_asked_again(monkeypatch: pytest.MonkeyPatch) -> None:
    hellos = iter([False, False, True])
    ends = ends_with({"exitcode": 0})

    def reply(command: str, arguments: dict[str, Any]) -> Any:
        if command == "guest-exec" and not next(hellos):
            raise _slow("guest agent didn't respond to synchronization within '5' seconds")
        return ends(command, arguments)

    guest = Guest(monkeypatch, reply)
    assert guest.agent.run(["x"], timeout_s=5).exit_code == 0


def test_a_command_that_may_have_been_sent_is_not_sent_twice(monkeypatch: pytest.MonkeyPatch) -> None:
    def reply(_command: str, _arguments: dict[str, Any]) -> Any:
        raise _slow("guest agent didn't respond to command within '5' seconds")

    guest = Guest(monkeypatch, reply)
    with pytest.raises(AgentError):
        guest.agent.run(["x"], timeout_s=5)
    assert len(guest.asked) == 1


def test_an_input_that_does_not_fit_into_a_message_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    guest = Guest(monkeypatch, ends_with({"exitcode": 0}))
    with pytest.raises(AgentError):
        guest.agent.run(["cat"], stdin=b"x" * (STDIN_LIMIT + 1), timeout_s=5)
    assert guest.asked == []


def test_the_clock_is_set_by_date_to_the_moment_it_is_sent(monkeypatch: pytest.MonkeyPatch) -> None:
    guest = Guest(monkeypatch, ends_with({"exitcode": 0}))
    before = time.time()
    guest.agent.set_clock()
    _, arguments = guest.asked[0]
    assert arguments["path"] == "date"
    assert before <= float(arguments["arg"][1].removeprefix("@")) <= time.time() + 0.06


@pytest.mark.parametrize("hwclock", [True, False])
def test_without_date_the_clock_counts_as_set_when_it_reads_right(
    monkeypatch: pytest.MonkeyPatch, hwclock: bool
) -> None:
    clock = 0

    def reply(command: str, arguments: dict[str, Any]) -> Any:
        nonlocal clock
        if command == "guest-set-time":
            clock = arguments["time"]
            return {} if hwclock else Text('{"error": {"class": "GenericError", "desc": "hwclock not found"}}')
        return clock if command == "guest-get-time" else Text('{"error": {"desc": "no such file: date"}}')

    Guest(monkeypatch, reply).agent.set_clock()


@pytest.mark.parametrize("clock", [0, "now", None, True])
def test_a_clock_that_reads_wrong_is_an_error(monkeypatch: pytest.MonkeyPatch, clock: object) -> None:
    with pytest.raises(AgentError):
        Guest(monkeypatch, lambda command, _: clock if command == "guest-get-time" else {}).agent.set_clock()
