"""A machine by its address over SSH, from the command line: recorded only once its host key was vouched for."""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from checkers.channel import ChannelError
from checkers.goldens.files import LinuxGolden, read_goldens
from labs.errors import EpreuveError
from orchestrator.cli.record import command
from orchestrator.exam.devices import fingerprint
from orchestrator.recorder.address import host_key_at
from tests.ssh_daemons import PASSWORD, Daemon, daemon

pytestmark = [pytest.mark.netns, pytest.mark.skipif(os.geteuid() != 0, reason="needs root: accounts of its own")]


@dataclass(frozen=True)
class Machine:
    """A server that listens, and the file of the key that lets in."""

    daemon: Daemon
    key: Path

    @property
    def shown(self) -> str:
        """The fingerprint that it shows."""
        return fingerprint(host_key_at("127.0.0.1", self.daemon.port))

    def record(self, out: Path, *more: str, said: str | None = None, password: str | None = None) -> Result:
        way = ["--ssh", f"127.0.0.1:{self.daemon.port}", "--user", "root", "--out", str(out), "--probe", "host-name"]
        settings = {"EPREUVE_PASSWORD": password}
        return CliRunner().invoke(command, ["server", *way, *more], input=said, env=settings)


@pytest.fixture(scope="module", params=["sshd", "dropbear"])
def machine(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Machine]:
    if shutil.which(request.param, path="/usr/sbin:/usr/bin") is None:
        pytest.skip(f"{request.param} is not installed")
    folder = tmp_path_factory.mktemp(request.param)
    with daemon(request.param, folder) as listening:
        yield Machine(listening, folder / "user")


def test_with_its_fingerprint_nothing_is_asked(machine: Machine, out: Path) -> None:
    done = machine.record(out, "--key", str(machine.key), "--pin", machine.shown)
    assert done.exit_code in (0, 7), done.output
    (golden,) = read_goldens(out)
    assert isinstance(golden.golden, LinuxGolden)
    assert golden.golden.value["running"] == socket.gethostname()


def test_a_key_that_is_confirmed_is_believed(machine: Machine, out: Path) -> None:
    done = machine.record(out, said="y\n", password=PASSWORD)
    assert done.exit_code in (0, 7), done.output
    assert machine.shown in done.stderr
    assert len(read_goldens(out)) == 1
    assert PASSWORD not in done.output + "".join(path.read_text("utf-8") for path in out.rglob("*.json"))


def test_a_private_key_s_passphrase_is_asked_for(machine: Machine, out: Path, tmp_path: Path) -> None:
    locked = tmp_path / "locked"
    shutil.copy(machine.key, locked)
    subprocess.run(["ssh-keygen", "-q", "-p", "-N", PASSWORD, "-f", str(locked)], check=True, capture_output=True)
    given = ("--key", str(locked), "--pin", machine.shown)
    wrong = machine.record(out, *given, password="Wrong=Wrong")
    assert type(wrong.exception).__name__ == "UsageError"
    assert "Wrong=" not in str(wrong.exception)
    assert machine.record(out, *given, password=PASSWORD).exit_code in (0, 7)


@pytest.mark.parametrize("said", ["n\n", ""], ids=["no", "nobody there"])
def test_a_key_that_nobody_confirms_is_not(machine: Machine, out: Path, said: str) -> None:
    done = machine.record(out, "--key", str(machine.key), said=said)
    assert done.exit_code != 0
    assert not out.exists()


def test_another_key_than_the_given_one_is_told(machine: Machine, out: Path) -> None:
    done = machine.record(out, "--key", str(machine.key), "--pin", "SHA256:" + "A" * 43)
    assert isinstance(done.exception, EpreuveError)
    assert "another key" in done.exception.what.en
    assert not out.exists()


@pytest.mark.parametrize(
    "more", [["--winrm", "srv"], ["--ca", "/etc/hostname"], ["--kerberos"], ["--key", "/etc/hostname"]], ids=str
)
def test_what_does_not_go_together_is_refused(machine: Machine, out: Path, more: list[str]) -> None:
    done = machine.record(out, "--pin", machine.shown, *more, password="x")
    assert type(done.exception).__name__ == "UsageError"
    assert not out.exists()


def test_why_a_machine_does_not_let_in_is_told(machine: Machine, out: Path) -> None:
    done = machine.record(out, "--pin", machine.shown, password="Wrong=Wrong")
    assert isinstance(done.exception, ChannelError)
    assert "refuses the account" in done.exception.what.en
    assert not out.exists()
