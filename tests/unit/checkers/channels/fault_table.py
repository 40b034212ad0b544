"""What goes wrong on each way to a machine: one row a fault, one column a channel. docs/channels.md shows it."""

from __future__ import annotations

import base64
import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager, suppress
from functools import partial
from pathlib import Path
from typing import Any

import libvirt
import paramiko

from checkers.channel import Agent
from checkers.channels.prompt import CISCO_LIKE, PromptAgent
from checkers.channels.ssh import Login, SshAgent
from checkers.channels.ubus import UbusAgent
from checkers.channels.winrm_ import Account, Trust, WinRmAgent
from tests import ubus_server
from tests.prompt_device import Answer, Manners, Session, device
from tests.ssh_server import ssh_server
from tests.ubus_server import ubus
from tests.unit.hypervisor.test_agent import Guest, Text, ends_with
from tests.wsman import faults
from tests.wsman.server import USER, Fault, identity, wsman
from tests.wsman.shells import Program

SECRET = "Tkhd=Rnfg=Gbjp"
WRONG = "Wrong=Wrong=Wrong"
COMMAND = "cat /etc/hostname; echo; uname -n"
"""What the devices of this table are asked."""

Cell = Callable[[Path], AbstractContextManager[Agent]]
"""A channel with a fault, given a folder of its own; cells of the table serve side by side."""


# --- guest agent
def guest(reply: Callable[[str, dict[str, Any]], Any]) -> Cell:
    @contextmanager
    def cell(_: Path) -> Iterator[Agent]:
        yield Guest(None, lambda name, given: {} if name == "guest-ping" else reply(name, given)).agent

    return cell


def _lost(_name: str, _given: dict[str, Any]) -> Any:
    raise libvirt.libvirtError("Guest agent is not responding")


@contextmanager
def _no_guest(_: Path) -> Iterator[Agent]:
    yield Guest(None, _lost).agent


def _running(name: str, _given: dict[str, Any]) -> Any:
    return {"pid": 7} if name == "guest-exec" else {"exited": False}


# --- WinRM
def winrm(
    fault: Fault | None = None, *, password: str = SECRET, other: bool = False, program: Program | None = None
) -> Cell:
    @contextmanager
    def cell(folder: Path) -> Iterator[Agent]:
        own = identity(folder, "srv")
        pinned = identity(folder, "srv") if other else own
        with wsman(own, program or (lambda _line, _given: (b"", b"", 0)), fault=fault) as served:
            yield WinRmAgent(
                lambda timeout_s: socket.create_connection(("127.0.0.1", served.port), timeout=timeout_s),
                login=Account(USER, password),
                trust=Trust(pinned.fingerprint),
                host="srv",
                where="winrm srv",
            )

    return cell


# --- SSH, and prompts over it
def _ssh(port: int, key: paramiko.PKey, host: paramiko.PKey) -> SshAgent:
    return SshAgent(
        lambda timeout_s: socket.create_connection(("127.0.0.1", port), timeout=timeout_s),
        login=Login("root", key),
        host_key=f"{host.get_name()} {host.get_base64()}",
        where="ssh srv",
    )


def ssh(program: str = "", *, stranger: bool = False, other: bool = False) -> Cell:
    """A server that runs this instead of what it is asked (see ``ssh_server``)."""

    @contextmanager
    def cell(_: Path) -> Iterator[Agent]:
        keys = [paramiko.ECDSAKey.generate() for _ in range(3)]
        with ssh_server(keys[0], keys[1], program) as port:
            yield _ssh(port, keys[2] if stranger else keys[0], keys[2] if other else keys[1])

    return cell


def prompt(answer: Answer = "", manners: Manners | None = None, *, password: str = SECRET, other: bool = False) -> Cell:
    @contextmanager
    def cell(_: Path) -> Iterator[Agent]:
        with device({COMMAND: answer}, manners) as served:
            key = paramiko.ECDSAKey.generate()
            host_key = f"{key.get_name()} {key.get_base64()}" if other else served.host_key
            login = Login("admin", password=password)
            yield PromptAgent(served.dial, login=login, host_key=host_key, where="ssh switch", kind=CISCO_LIKE)

    return cell


def https(fault: ubus_server.Fault | None = None, *, password: str = SECRET, other: bool = False) -> Cell:
    """A device's page."""

    @contextmanager
    def cell(folder: Path) -> Iterator[Agent]:
        own = identity(folder, "ap")
        pinned = identity(folder, "ap") if other else own
        with ubus(
            own, {"system board {}": [0, {"hostname": "desk"}]}, accounts={"root": SECRET}, fault=fault
        ) as served:
            login = Login("root", password=password)
            yield UbusAgent(served.dial, login=login, fingerprint=pinned.fingerprint, host="ap", where="https ap")

    return cell


def _flood(session: Session) -> None:
    while True:
        session.write("x" * 4000 + "\n")


def _drip(session: Session) -> None:
    while True:
        session.write("x")
        threading.Event().wait(0.05)


def _hang_up(session: Session) -> None:
    session.write("des")
    raise EOFError


# --- any of them: a port where something else is
def line(talk: Callable[[socket.socket, threading.Event], None] | None, make: Callable[[int], Agent]) -> Cell:
    """talk: what is done with a connection; None when nothing listens."""

    @contextmanager
    def cell(_: Path) -> Iterator[Agent]:
        over = threading.Event()
        listener = socket.create_server(("127.0.0.1", 0))
        port = listener.getsockname()[1]
        if talk is None:
            listener.close()
        else:
            threading.Thread(target=_serve, args=(listener, talk, over), daemon=True).start()
        try:
            yield make(port)
        finally:
            over.set()
            listener.close()

    return cell


def _serve(
    listener: socket.socket, talk: Callable[[socket.socket, threading.Event], None], over: threading.Event
) -> None:
    def one(connection: socket.socket) -> None:
        with suppress(OSError), connection:
            talk(connection, over)

    with suppress(OSError):
        while True:
            threading.Thread(target=one, args=(listener.accept()[0],), daemon=True).start()


def _deaf(_connection: socket.socket, over: threading.Event) -> None:
    over.wait()


def _drop_by_drop(connection: socket.socket, over: threading.Event) -> None:
    while not over.wait(0.05):
        connection.sendall(b"-")


def _on_port(kind: str) -> Callable[[int], Agent]:
    key = paramiko.ECDSAKey.generate()

    def make(port: int) -> Agent:
        dial = lambda timeout_s: socket.create_connection(("127.0.0.1", port), timeout=timeout_s)  # noqa: E731
        if kind == "winrm":
            trust = Trust("ab" * 32)
            return WinRmAgent(dial, login=Account(USER, SECRET), trust=trust, host="srv", where="winrm srv")
        if kind == "prompt":
            login = Login("admin", password=SECRET)
            return PromptAgent(dial, login=login, host_key="ecdsa-sha2-nistp256 AAAA", where="ssh", kind=CISCO_LIKE)
        if kind == "https":
            return UbusAgent(dial, login=Login("root", password=SECRET), fingerprint="ab" * 32, host="ap", where="ap")
        return _ssh(port, key, key)

    return make


def _ports(talk: Callable[[socket.socket, threading.Event], None] | None) -> dict[str, Cell]:
    return {kind: line(talk, _on_port(kind)) for kind in ("winrm", "ssh", "prompt", "https")}


BOARD = partial(ubus_server.on, "system board")
HUGE = base64.b64encode(b"x" * 100).decode()
TABLE: dict[str, dict[str, Cell]] = {
    "nothing listens": {"agent": _no_guest, **_ports(None)},
    "connects, then silence": {"agent": guest(_lost), **_ports(_deaf)},
    "a byte now and then": {
        **_ports(_drop_by_drop),
        "winrm": winrm(faults.on("Receive", faults.drip)),
        "https": https(BOARD(ubus_server.drip)),
    },
    "signed in, then silence": {
        "agent": guest(_running),
        "winrm": winrm(faults.on("Receive", faults.deaf)),
        "ssh": ssh("mute"),
        "prompt": prompt(manners=Manners(silent=True)),
        "https": https(BOARD(ubus_server.deaf)),
    },
    "the program never ends": {
        "agent": guest(_running),
        "winrm": winrm(program=lambda _line, _given: None),
        "ssh": ssh("exec sleep 15"),
        "prompt": prompt(_drip),
    },
    "cut in the middle": {
        "agent": guest(lambda name, given: {"pid": 7} if name == "guest-exec" else _lost(name, given)),
        "winrm": winrm(faults.on("Receive", faults.cut)),
        "ssh": ssh("exit"),
        "prompt": prompt(_hang_up),
        "https": https(BOARD(ubus_server.cut)),
    },
    "another machine's key": {
        "winrm": winrm(other=True),
        "ssh": ssh(other=True),
        "prompt": prompt(other=True),
        "https": https(other=True),
    },
    "the account is refused": {
        "winrm": winrm(password=WRONG),
        "ssh": ssh(stranger=True),
        "prompt": prompt(password=WRONG),
        "https": https(password=WRONG),
    },
    "an error instead of an answer": {
        "agent": guest(lambda _name, _given: Text('{"error": {"class": "GenericError", "desc": "no"}}')),
        "winrm": winrm(faults.http_500),
        "https": https(BOARD(ubus_server.http_500)),
    },
    "no shell more (quota)": {"winrm": winrm(faults.on("Create", faults.quota))},
    "nonsense": {
        "agent": guest(lambda _name, _given: Text("[" * 100_000)),
        "winrm": winrm(faults.on("Receive", faults.garbled_xml)),
        "ssh": ssh("echo nonsense"),
        "https": https(BOARD(ubus_server.garbled)),
    },
    "nonsense in the right form": {
        "agent": guest(ends_with({"exitcode": 0, "out-data": "§§§"})),
        "winrm": winrm(faults.on("Receive", faults.garbled_base64)),
        "https": https(BOARD(ubus_server.strange)),
    },
    "something else's answer": {
        "winrm": winrm(faults.on("Create", faults.other_xml)),
        "https": https(ubus_server.elsewhere),
    },
    "more than can be read": {
        "agent": guest(ends_with({"exitcode": 0, "out-data": HUGE, "out-truncated": True})),
        "winrm": winrm(faults.on("Receive", faults.endless_output)),
        "ssh": ssh("head -c 5000000 /dev/zero"),
        "prompt": prompt(_flood),
    },
    "one answer without end": {
        "winrm": winrm(faults.on("Receive", faults.flood)),
        "https": https(BOARD(ubus_server.flood)),
    },
}
COLUMNS = {
    "agent": "guest agent",
    "winrm": "WinRM",
    "ssh": "SSH",
    "prompt": "SSH, prompt only",
    "https": "OpenWrt's page",
}


def table() -> str:
    """The table as Markdown: which pairs are tested."""
    rows = [["fault", *COLUMNS.values()], ["---"] * (len(COLUMNS) + 1)]
    rows += [[fault, *("✓" if column in cells else "" for column in COLUMNS)] for fault, cells in TABLE.items()]
    return "\n".join(f"| {' | '.join(row)} |" for row in rows)
