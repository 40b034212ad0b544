"""The SSH channel against a real SSH server (paramiko's own, on loopback): limits, streams, the pinned host key."""

from __future__ import annotations

import socket
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor

import paramiko
import pytest

from checkers.channel import ChannelError, OtherKeyError
from checkers.channels.ssh import STREAM_LIMIT, Login, SshAgent, known_key, offered_key, windows_line
from checkers.windows import powershell
from tests.ssh_server import ssh_server


@pytest.fixture(scope="module")
def keys() -> tuple[paramiko.PKey, paramiko.PKey]:
    return paramiko.ECDSAKey.generate(), paramiko.ECDSAKey.generate()


@pytest.fixture
def port(keys: tuple[paramiko.PKey, paramiko.PKey]) -> Iterator[int]:
    with ssh_server(*keys) as listening:
        yield listening


def agent(port: int, keys: tuple[paramiko.PKey, paramiko.PKey], host_key: str | None = None) -> SshAgent:
    user, host = keys
    return SshAgent(
        lambda timeout_s: socket.create_connection(("127.0.0.1", port), timeout=timeout_s),
        login=Login("root", user),
        host_key=host_key or f"{host.get_name()} {host.get_base64()}",
        where="test",
    )


def test_it_runs_a_program_with_input_and_brings_both_streams(
    port: int, keys: tuple[paramiko.PKey, paramiko.PKey]
) -> None:
    channel = agent(port, keys)
    assert channel.ping()
    done = channel.run(["/bin/sh"], stdin="cat; echo é; echo bruit >&2; exit 3".encode(), timeout_s=60)
    assert (done.exit_code, done.stdout, done.stderr) == (3, "é\n".encode(), b"bruit\n")
    channel.close()


def test_large_outputs_on_both_streams_do_not_block(port: int, keys: tuple[paramiko.PKey, paramiko.PKey]) -> None:
    script = "head -c 3000000 /dev/zero | tee /dev/stderr"
    done = agent(port, keys).run(["/bin/sh", "-c", script], timeout_s=60)
    assert (len(done.stdout), len(done.stderr), done.truncated) == (3000000, 3000000, False)


def test_what_comes_after_the_exit_status_is_kept(keys: tuple[paramiko.PKey, paramiko.PKey]) -> None:
    with ssh_server(*keys, instead="status first") as port:
        done = agent(port, keys).run(["/bin/sh", "-c", "echo out; echo err >&2; exit 3"], timeout_s=60)
    assert (done.exit_code, done.stdout, done.stderr) == (3, b"out\n", b"err\n")


def test_an_output_past_the_bound_is_cut_and_said_so(port: int, keys: tuple[paramiko.PKey, paramiko.PKey]) -> None:
    done = agent(port, keys).run(["/bin/sh", "-c", f"head -c {STREAM_LIMIT + 10} /dev/zero"], timeout_s=60)
    assert (len(done.stdout), done.truncated) == (STREAM_LIMIT, True)


def test_a_program_that_does_not_end_is_given_up(port: int, keys: tuple[paramiko.PKey, paramiko.PKey]) -> None:
    channel = agent(port, keys)
    assert channel.ping()  # whatever that takes is none of the program's time
    done = channel.run(["sleep", "60"], timeout_s=1)
    assert (done.exit_code, done.timed_out) == (None, True)


def test_another_host_key_is_refused(port: int, keys: tuple[paramiko.PKey, paramiko.PKey]) -> None:
    other = paramiko.ECDSAKey.generate()
    impostor = agent(port, keys, f"{other.get_name()} {other.get_base64()}")
    assert not impostor.ping()
    with pytest.raises(OtherKeyError):
        impostor.run(["true"], timeout_s=60)


class ForgedKey(paramiko.RSAKey):
    """A host key that is none: paramiko ends in a ValueError of another library's where it reads it."""

    def asbytes(self) -> bytes:
        blob = paramiko.Message()
        blob.add_string("ssh-rsa")
        blob.add_mpint(2)
        blob.add_mpint(self.key.private_numbers().public_numbers.n)
        return blob.asbytes()


def test_a_forged_host_key_is_a_machine_that_does_not_answer(keys: tuple[paramiko.PKey, paramiko.PKey]) -> None:
    forged = ForgedKey(key=paramiko.RSAKey.generate(2048).key)
    with ssh_server(keys[0], forged) as port:
        with pytest.raises(ChannelError) as caught:
            offered_key(lambda s: socket.create_connection(("127.0.0.1", port), timeout=s), where="test", timeout_s=60)
        assert isinstance(caught.value.__cause__, ValueError)
        assert not agent(port, keys).ping()
        with pytest.raises(ChannelError):
            agent(port, keys, "ssh-rsa AAAA").run(["true"], timeout_s=60)


def test_a_closed_port_is_a_channel_error(keys: tuple[paramiko.PKey, paramiko.PKey]) -> None:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        free = listener.getsockname()[1]
    assert not agent(free, keys).ping()
    with pytest.raises(ChannelError):
        agent(free, keys).run(["true"], timeout_s=2)


def test_a_public_key_line_is_read_without_its_comment() -> None:
    assert known_key("ssh-ed25519 AAAA root@x") == "ssh-ed25519 AAAA"
    with pytest.raises(ValueError, match="not enough values"):
        known_key("nothing")


def test_the_key_that_a_server_offers_is_the_one_that_is_pinned(
    port: int, keys: tuple[paramiko.PKey, paramiko.PKey]
) -> None:
    offered = offered_key(
        lambda timeout_s: socket.create_connection(("127.0.0.1", port), timeout=timeout_s), where="test", timeout_s=60
    )
    assert agent(port, keys, offered).ping()


def test_one_connection_serves_two_who_ask_at_once(port: int, keys: tuple[paramiko.PKey, paramiko.PKey]) -> None:
    dialled = []
    user, host = keys

    def dial(timeout_s: float) -> socket.socket:
        dialled.append(timeout_s)
        return socket.create_connection(("127.0.0.1", port), timeout=timeout_s)

    channel = SshAgent(dial, login=Login("root", user), host_key=f"{host.get_name()} {host.get_base64()}", where="test")
    with ThreadPoolExecutor(max_workers=2) as pool:
        done = list(pool.map(lambda word: channel.run(["echo", word], timeout_s=60).stdout, ["a", "b"]))
    assert (done, len(dialled)) == ([b"a\n", b"b\n"], 1)
    channel.close()


def test_the_line_that_starts_powershell_reads_alike_in_every_shell_of_windows() -> None:
    """cmd.exe, the default one of Windows' OpenSSH, and PowerShell, that many schools set: neither sees in it a sign
    of its own, so both pass it on as it is."""
    line = windows_line(powershell.argv())
    assert line.split(" ") == powershell.argv()
    assert not set(line) & set("\"'`^&|<>()[]{}@;,%!$#*?~\t\r\n")
    assert len(line) < 8191, "cmd.exe cuts longer lines"


@pytest.mark.parametrize("word", ["", "a b", "%PATH%", "a&b", "$env:x", '"', "a,b", "é"])
def test_a_word_that_would_have_to_be_quoted_is_refused(word: str) -> None:
    with pytest.raises(ValueError, match="quoted"):
        windows_line(["x", word])
