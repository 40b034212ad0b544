"""A Windows machine by its address, from the command line: who asks, and why it cannot be asked."""

from __future__ import annotations

import socket
from dataclasses import dataclass
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from checkers.channel import ChannelError
from checkers.goldens.files import read_goldens
from labs.errors import UsageError
from orchestrator.cli.record import command
from tests.wsman.server import PASSWORD, USER, Identity, identity, wsman
from tests.wsman.windows import Windows, answers


@dataclass(frozen=True)
class Typed:
    """``epreuve record``, typed against a port of loopback."""

    port: int
    out: Path

    def record(self, *more: str, password: str = PASSWORD) -> Result:
        way = ["--winrm", f"127.0.0.1:{self.port}", "--out", str(self.out), "--probe", "host-name"]
        return CliRunner().invoke(command, ["server", *way, *more], env={"EPREUVE_PASSWORD": password})


@pytest.fixture
def certificate(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Identity:
    accounts = tmp_path / "ntlm"
    accounts.write_text(f":{USER}:{PASSWORD}\n")
    monkeypatch.setenv("NTLM_USER_FILE", str(accounts))
    return identity(tmp_path, "srv")


def told(done: Result) -> str:
    """What is said when it was not recorded: the reason, and what to do."""
    error = done.exception
    assert isinstance(error, ChannelError), done.output
    assert error.do is not None
    assert "bench list" not in error.do.fr
    return error.what.en


def test_a_certificate_lets_in(certificate: Identity, tmp_path: Path, out: Path) -> None:
    client = identity(tmp_path, "epreuve")
    with wsman(certificate, Windows(answers("host-name/server-solved")), client=client) as served:
        typed = Typed(served.port, out)
        done = typed.record("--certificate", str(client.pem), "--pin", certificate.fingerprint)
        assert done.exit_code in (0, 7), done.output
        assert served.logons == []
        done = typed.record(
            "--certificate", str(client.pem), "--key", str(client.pem), "--pin", certificate.fingerprint.upper()
        )
        assert done.exit_code in (0, 7), done.output
    assert [one.path.as_posix() for one in read_goldens(out)] == ["windows/host-name/server-solved.json"]


def test_why_a_machine_does_not_answer_is_told(certificate: Identity, tmp_path: Path, out: Path) -> None:
    other = identity(tmp_path, "other")
    with wsman(certificate, Windows(answers("host-name/server-solved"))) as served:
        typed = Typed(served.port, out)
        mine = ("--user", USER, "--pin", certificate.fingerprint)
        assert "refuses the account" in told(typed.record(*mine, password="Wrong=Wrong"))
        assert "not the expected one" in told(typed.record("--user", USER, "--pin", other.fingerprint))
        assert "not the expected one" in told(typed.record("--user", USER, "--ca", str(other.pem)))
        assert typed.record(*mine).exit_code in (0, 7), "it was none of the others' fault"
    with socket.create_server(("127.0.0.1", 0)) as closed:
        port = closed.getsockname()[1]
    assert "does not answer over WinRM" in told(Typed(port, tmp_path / "none").record(*mine))
    assert not (tmp_path / "none").exists()


@pytest.mark.parametrize("pin", ["abc", "ab" * 20, "zz" * 32, "SHA256:" + "A" * 43])
def test_what_is_no_fingerprint_is_refused(pin: str, out: Path) -> None:
    done = Typed(1, out).record("--user", USER, "--pin", pin)
    assert isinstance(done.exception, UsageError)
    assert done.exception.do is not None
    assert "64" in done.exception.do.en


@pytest.mark.parametrize("more", [("--user", USER), ("--kerberos",), ("--family", "windows"), ()], ids=str)
def test_what_does_not_go_with_a_certificate_is_refused(
    more: tuple[str, ...], certificate: Identity, tmp_path: Path, out: Path
) -> None:
    pem = tmp_path / "no.pem"
    pem.write_text("nothing")
    done = Typed(1, out).record("--certificate", str(certificate.pem if more else pem), "--pin", "0" * 64, *more)
    assert isinstance(done.exception, UsageError)
