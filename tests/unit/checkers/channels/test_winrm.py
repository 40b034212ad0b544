"""WinRM against a server that speaks TLS, NTLM and WS-Management: one shell, both streams, bounds, who is trusted."""

from __future__ import annotations

import gc
import select
import socket
import struct
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from checkers.channel import ChannelError
from checkers.channels import winrm_
from checkers.channels.bounded_http import Dial
from checkers.channels.winrm_ import PIECE, STREAM_LIMIT, Account, ClientCertificate, Trust, WinRmAgent
from tests.wsman import faults
from tests.wsman.server import PASSWORD, USER, Identity, Served, identity, wsman
from tests.wsman.shells import Program


def dial(port: int) -> Dial:
    return lambda timeout_s: socket.create_connection(("127.0.0.1", port), timeout=timeout_s)


def agent(
    served: Served, *, login: Account | ClientCertificate | None = None, trust: Trust, host: str = "srv"
) -> WinRmAgent:
    return WinRmAgent(
        dial(served.port), login=login or Account(USER, PASSWORD), trust=trust, host=host, where="winrm srv"
    )


def says(out: bytes = b"", err: bytes = b"", code: int = 0) -> Program:
    return lambda _line, _stdin: (out, err, code)


def test_it_runs_a_program_with_input_and_brings_both_streams(certificate: Identity) -> None:
    with wsman(certificate, lambda line, given: (line.encode() + given, "é".encode(), 3)) as served:
        channel = agent(served, trust=Trust(certificate.fingerprint))
        assert channel.ping()
        done = channel.run([r"C:\x.exe", "-a", "b c"], stdin=b"\nin", timeout_s=60)
        assert (done.exit_code, done.stdout, done.stderr) == (3, b'C:\\x.exe -a "b c"\nin', "é".encode())
        assert (done.timed_out, done.truncated) == (False, False)
        options = served.shells.jobs[0].options
        assert options == {"WINRS_CONSOLEMODE_STDIN": "FALSE", "WINRS_SKIP_CMD_SHELL": "TRUE"}
        assert served.logons == [USER]
        channel.close()
        assert served.shells.open == {}


def test_one_shell_serves_every_program_of_a_machine(certificate: Identity) -> None:
    with wsman(certificate, says(b"x")) as served:
        channel = agent(served, trust=Trust(certificate.fingerprint))
        with ThreadPoolExecutor(max_workers=3) as pool:
            list(pool.map(lambda _: channel.run(["x"], timeout_s=60), range(3)))
        assert (served.actions.count("Create"), served.connections, len(served.logons)) == (1, 1, 1)
        channel.close()


@pytest.mark.parametrize("length", [0, PIECE, 500_000])
def test_input_of_any_length_arrives_whole(certificate: Identity, length: int) -> None:
    given = bytes(range(65, 91)) * (length // 26 + 1)
    with wsman(certificate, lambda _line, stdin: (str(len(stdin)).encode(), stdin[-20:], 0)) as served:
        channel = agent(served, trust=Trust(certificate.fingerprint))
        done = channel.run(["x"], stdin=given[:length], timeout_s=60)
        assert (done.stdout, done.stderr) == (str(length).encode(), given[:length][-20:])
        channel.close()


def test_a_large_output_comes_in_pieces(certificate: Identity) -> None:
    with wsman(certificate, says(b"y" * 300_000)) as served:
        channel = agent(served, trust=Trust(certificate.fingerprint))
        assert channel.run(["x"], timeout_s=60).stdout == b"y" * 300_000
        channel.close()


def test_an_output_past_the_bound_is_cut_and_the_program_ended(certificate: Identity) -> None:
    with wsman(certificate, says(), fault=faults.on("Receive", faults.endless_output)) as served:
        channel = agent(served, trust=Trust(certificate.fingerprint))
        done = channel.run(["x"], timeout_s=60)
        assert (done.exit_code, len(done.stdout), done.truncated, done.timed_out) == (None, STREAM_LIMIT, True, False)
        assert served.shells.ended == ["x"]
        channel.close()


def test_a_program_that_does_not_end_is_given_up_and_ended(certificate: Identity) -> None:
    with wsman(certificate, lambda _line, _stdin: None) as served:
        channel = agent(served, trust=Trust(certificate.fingerprint))
        assert channel.ping()  # whatever that takes is none of the program's time
        done = channel.run(["x"], timeout_s=1)
        assert (done.exit_code, done.timed_out) == (None, True)
        assert served.shells.ended == ["x"]
        channel.close()


def test_a_shell_that_is_gone_is_opened_again(certificate: Identity) -> None:
    with wsman(certificate, says(b"x")) as served:
        channel = agent(served, trust=Trust(certificate.fingerprint))
        assert channel.run(["x"], timeout_s=60).stdout == b"x"
        served.shells.open.clear()  # the machine was started again
        assert channel.run(["x"], timeout_s=60).stdout == b"x"
        assert served.actions.count("Create") == 2
        channel.close()


def test_an_authority_vouches_for_the_host_that_was_meant(certificate: Identity) -> None:
    with wsman(certificate, says(b"x")) as served:
        known = agent(served, trust=Trust(authority=certificate.pem))
        assert known.run(["x"], timeout_s=60).stdout == b"x"
        known.close()
        other = agent(served, trust=Trust(authority=certificate.pem), host="client")
        with pytest.raises(ChannelError, match="certificat"):
            other.run(["x"], timeout_s=60)


def test_a_certificate_that_is_not_the_bench_s_is_told_nothing(certificate: Identity, tmp_path: Path) -> None:
    other = identity(tmp_path, "srv")
    for trust in (Trust(other.fingerprint), Trust(authority=other.pem)):
        with wsman(certificate, says(b"x")) as served:
            impostor = agent(served, trust=trust)
            assert not impostor.ping()
            with pytest.raises(ChannelError) as caught:
                impostor.run(["x"], timeout_s=60)
            assert "certificat" in caught.value.what.fr
            assert (served.actions, served.logons) == ([], [])


def test_there_is_no_third_way_to_know_a_machine(certificate: Identity) -> None:
    with pytest.raises(ValueError, match="one of them"):
        Trust()
    with pytest.raises(ValueError, match="one of them"):
        Trust(certificate.fingerprint, certificate.pem)


def test_a_line_that_breaks_before_tls_leaves_nothing_open(certificate: Identity) -> None:
    """A socket left open would be told by pytest."""
    with socket.create_server(("127.0.0.1", 0)) as listener:

        def broken(timeout_s: float) -> socket.socket:
            line = socket.create_connection(listener.getsockname(), timeout=timeout_s)
            other, _ = listener.accept()
            other.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
            other.close()
            select.select([line], [], [], timeout_s)  # the reset is here
            return line

        login, trust = Account(USER, PASSWORD), Trust(certificate.fingerprint)
        with pytest.raises(ChannelError):
            WinRmAgent(broken, login=login, trust=trust, host="srv", where="winrm srv").run(["x"], timeout_s=60)
    gc.collect()


def test_a_wrong_password_is_refused_and_never_told(certificate: Identity) -> None:
    with wsman(certificate, says()) as served:
        stranger = agent(served, login=Account(USER, "Wrong=Wrong=Wrong"), trust=Trust(certificate.fingerprint))
        with pytest.raises(ChannelError) as caught:
            stranger.run(["x"], timeout_s=60)
    assert "compte" in caught.value.what.fr
    assert "Wrong=" not in str(caught.value) + repr(stranger._login)


def test_a_client_certificate_lets_in(certificate: Identity, tmp_path: Path) -> None:
    client = identity(tmp_path, "epreuve")
    with wsman(certificate, says(b"x"), client=client) as served:
        login = ClientCertificate(client.pem, client.pem)
        channel = agent(served, login=login, trust=Trust(certificate.fingerprint))
        assert channel.run(["x"], timeout_s=60).stdout == b"x"
        assert served.logons == []
        channel.close()


def test_kerberos_says_what_it_lacks(certificate: Identity, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(winrm_, "installed", lambda: False)
    with wsman(certificate, says()) as served:
        login = Account("epreuve@TEST", PASSWORD, "kerberos")
        with pytest.raises(ChannelError, match=r"epreuve\[kerberos\]"):
            agent(served, login=login, trust=Trust(certificate.fingerprint)).run(["x"], timeout_s=60)
