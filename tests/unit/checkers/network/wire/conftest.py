"""A wire of network namespaces: a switch, and hosts on it. Packets never leave them."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.awaiting import LIMIT_S, await_

WITNESS_MAC = "52:54:00:50:00:fe"


def ip(*words: str) -> str:
    done = subprocess.run(["ip", *words], capture_output=True, text=True, check=False, timeout=LIMIT_S)
    if done.returncode:
        raise OSError(f"ip {' '.join(words)}: {done.stderr}")
    return done.stdout


class Host:
    """A namespace with one card ``eth0`` on the switch."""

    def __init__(self, name: str, folder: Path) -> None:
        self.name, self.folder = name, folder
        self._running: list[subprocess.Popen[str]] = []

    def sh(self, command: str, *, env: dict[str, str] | None = None) -> subprocess.CompletedProcess[str]:
        """Run a shell command there, as a batch would: no input, in a folder of its own."""
        return subprocess.run(
            ["ip", "netns", "exec", self.name, "/bin/sh", "-c", command],
            capture_output=True, text=True, check=False, timeout=LIMIT_S, stdin=subprocess.DEVNULL,
            env={**os.environ, **(env or {})}, cwd=self.folder,
        )  # fmt: skip

    def start(self, *argv: str) -> subprocess.Popen[str]:
        """Start a server there; it is ended with the test."""
        process = subprocess.Popen(
            ["ip", "netns", "exec", self.name, *argv],
            stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, cwd=self.folder,
        )  # fmt: skip
        self._running.append(process)
        return process

    def wait(self, condition: str) -> None:
        """Until a shell condition holds there."""
        await_(lambda: self.sh(condition).returncode == 0, condition)

    def stop(self) -> None:
        for process in self._running:
            process.terminate()
            try:
                process.wait(5)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()
            if process.stdout:
                process.stdout.close()


class Wire:
    """A switch and its hosts."""

    def __init__(self, name: str, folder: Path) -> None:
        self.name, self.folder = name, folder
        self.hosts: list[Host] = []
        ip("netns", "add", name)
        ip("-n", name, "link", "add", "br0", "type", "bridge")
        ip("-n", name, "link", "set", "br0", "up")

    def host(self, mac: str, *addresses: str) -> Host:
        """A new host with this hardware address and these addresses."""
        number = len(self.hosts)
        host = Host(f"{self.name}-{number}", self.folder)
        self.hosts.append(host)
        ip("netns", "add", host.name)
        ip("-n", self.name, "link", "add", f"p{number}", "type", "veth", "peer", "name", "eth0", "netns", host.name)
        ip("-n", self.name, "link", "set", f"p{number}", "master", "br0", "up")
        ip("-n", host.name, "link", "set", "lo", "up")
        ip("-n", host.name, "link", "set", "eth0", "address", mac, "up")
        for address in addresses:
            ip("-n", host.name, "address", "add", address, "dev", "eth0")
        return host

    def remove(self) -> None:
        for host in self.hosts:
            host.stop()
        for name in [*(host.name for host in self.hosts), self.name]:
            subprocess.run(["ip", "netns", "del", name], capture_output=True, check=False, timeout=20)


@pytest.fixture
def wire(tmp_path: Path) -> Iterator[Wire]:
    name = f"wire{os.getpid()}"
    try:
        made = Wire(name, tmp_path)
    except OSError as error:
        pytest.skip(f"network namespaces cannot be made here: {error}")
    try:
        yield made
    finally:
        made.remove()


@pytest.fixture
def witness(wire: Wire) -> Host:
    """The witness's place, as the engine makes it."""
    return wire.host(WITNESS_MAC, "192.168.50.250/24")
