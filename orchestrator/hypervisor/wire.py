"""The witness on the wire: a host of our own, joined to a bench's bridge for the time of a ``with`` block.

It is a network namespace with one veth into the bridge. It shares no route with the host, so the bench stays
isolated; it can ask what a neighbour can ask: for a lease, for a name, whether a port is open.

Its name holds the process that made it (pid and start time): what a killed run left behind is recognised and
removed by the next witness.
"""

from __future__ import annotations

import itertools
import os
import re
import secrets
import signal
import subprocess
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from ipaddress import IPv4Interface
from pathlib import Path

from checkers.channel import ChannelError, ExecResult
from labs.text import Text
from orchestrator.hypervisor.errors import HypervisorError
from orchestrator.hypervisor.process import bounded_run

PREFIX = "epw-"
_NAMESPACES = Path("/run/netns")
_NAME = re.compile(r"^epw-(?P<bench>[a-z0-9-]{1,40})-(?P<pid>\d+)\.(?P<born>\d+)-\d+$")
_count = itertools.count()


class WireError(ChannelError):
    """A program could not be run on the bench's wire."""

    code = "wire"


class Wire:
    """Runs programs in the witness' namespace (an :class:`checkers.channel.Agent`)."""

    def __init__(self, namespace: str, address: IPv4Interface) -> None:
        self.namespace = namespace
        self.address = address

    def ping(self, timeout_s: float = 5.0) -> bool:
        """Whether the namespace is there."""
        return (_NAMESPACES / self.namespace).exists()

    def run(self, argv: Sequence[str], *, stdin: bytes = b"", timeout_s: float) -> ExecResult:
        """Run a program; its whole process group is ended with it."""
        try:
            return bounded_run(["ip", "netns", "exec", self.namespace, *argv], stdin=stdin, timeout_s=timeout_s)
        except OSError as error:
            raise WireError(
                Text(
                    f"Le témoin réseau ne peut pas lancer {argv[0]} : {error.strerror}.",
                    f"The network witness cannot run {argv[0]}: {error.strerror}.",
                ),
                where=self.namespace,
                do=Text("Voir « epreuve doctor ».", "See “epreuve doctor”."),
            ) from error


@contextmanager
def open_wire(bridge: str, bridge_namespace: Path, address: IPv4Interface, *, bench: str) -> Iterator[Wire]:
    """A witness on ``bridge``, at ``address``; fully removed on leaving.

    :raises HypervisorError: the network cannot be set up (no such bridge, not root).
    """
    remove_stale_wires()
    name = f"{PREFIX}{bench[:40]}-{os.getpid()}.{_born(os.getpid())}-{next(_count)}"
    veth = f"epw{secrets.token_hex(5)}"
    outside = ["nsenter", f"--net={bridge_namespace}", "ip"]
    try:
        _ip(["ip", "netns", "add", name])
        _ip([*outside, "link", "add", veth, "type", "veth", "peer", "name", "eth0", "netns", name])
        _ip([*outside, "link", "set", veth, "master", bridge, "up"])
        inside = f"link set lo up\naddr add {address.with_prefixlen} dev eth0\nlink set eth0 up\n"
        _ip(["ip", "-n", name, "-batch", "-"], stdin=inside)
        yield Wire(name, address)
    finally:
        _remove(name)
        # The peer went with the namespace, but that takes its time, and the name of a bridge may be reused at once.
        subprocess.run([*outside, "link", "del", veth], capture_output=True, check=False, timeout=30)


def remove_stale_wires() -> list[str]:
    """Remove witnesses whose process is gone; their names."""
    stale = []
    with suppress(FileNotFoundError):
        for entry in sorted(_NAMESPACES.iterdir()):
            match = _NAME.match(entry.name)
            if match and _born(int(match["pid"])) != match["born"]:
                _remove(entry.name)
                stale.append(entry.name)
    return stale


def _remove(name: str) -> None:
    for pid in subprocess.run(
        ["ip", "netns", "pids", name], capture_output=True, text=True, check=False, timeout=30
    ).stdout.split():
        with suppress(ProcessLookupError):
            os.kill(int(pid), signal.SIGKILL)
    subprocess.run(["ip", "netns", "del", name], capture_output=True, check=False, timeout=30)


def _born(pid: int) -> str:
    """Start time of a process in clock ticks since boot (proc_pid_stat(5), field 22); empty when there is none."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()[19]
    except (OSError, IndexError):
        return ""


def _ip(argv: list[str], stdin: str = "") -> None:
    try:
        subprocess.run(argv, input=stdin, text=True, capture_output=True, check=True, timeout=30)
    except (OSError, subprocess.SubprocessError) as error:
        detail = getattr(error, "stderr", "") or str(error)
        raise HypervisorError(
            Text(
                f"Le témoin réseau ne peut pas être branché : {detail.strip()}.",
                f"The network witness cannot be plugged in: {detail.strip()}.",
            ),
            where=argv[-1],
            do=Text(
                "Épreuve doit être lancé en root ; voir « epreuve doctor ».",
                "Épreuve must run as root; see “epreuve doctor”.",
            ),
        ) from error
