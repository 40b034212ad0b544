"""The SSH channel against a real SSH server (paramiko's own, on loopback): limits, streams, the pinned host key."""

from __future__ import annotations

import socket
import subprocess
import threading
from collections.abc import Iterator
from contextlib import suppress

import paramiko
import pytest

from checkers.channel import ChannelError
from checkers.channels.ssh import STREAM_LIMIT, SshAgent, known_key


class Server(paramiko.ServerInterface):
    """Lets one key in and runs what it is asked to."""

    def __init__(self, key: paramiko.PKey) -> None:
        self._key = key

    def check_auth_publickey(self, username: str, key: paramiko.PKey) -> int:
        return paramiko.AUTH_SUCCESSFUL if key == self._key else paramiko.AUTH_FAILED

    def get_allowed_auths(self, username: str) -> str:
        return "publickey"

    def check_channel_request(self, kind: str, chanid: int) -> int:
        return paramiko.OPEN_SUCCEEDED

    def check_channel_exec_request(self, channel: paramiko.Channel, command: bytes) -> bool:
        threading.Thread(target=self._run, args=(channel, command), daemon=True).start()
        return True

    def _run(self, channel: paramiko.Channel, command: bytes) -> None:
        with suppress(OSError, EOFError):
            given = b""
            while data := channel.recv(65536):
                given += data
            done = subprocess.run(command, shell=True, input=given, capture_output=True, check=False)  # noqa: S602
            channel.sendall(done.stdout)
            channel.sendall_stderr(done.stderr)
            channel.send_exit_status(done.returncode)
            channel.close()


@pytest.fixture(scope="module")
def keys() -> tuple[paramiko.PKey, paramiko.PKey]:
    return paramiko.ECDSAKey.generate(), paramiko.ECDSAKey.generate()


@pytest.fixture
def port(keys: tuple[paramiko.PKey, paramiko.PKey]) -> Iterator[int]:
    user, host = keys
    listener = socket.create_server(("127.0.0.1", 0))
    transports = []

    def serve() -> None:
        with suppress(OSError):
            while True:
                connection, _ = listener.accept()
                transport = paramiko.Transport(connection)
                transport.add_server_key(host)
                # OSError too: a client that refuses the host key may reset the connection, and the next is served.
                with suppress(paramiko.SSHException, EOFError, OSError):
                    transport.start_server(server=Server(user))
                transports.append(transport)

    threading.Thread(target=serve, daemon=True).start()
    yield listener.getsockname()[1]
    listener.close()
    for transport in transports:
        transport.close()


def agent(port: int, keys: tuple[paramiko.PKey, paramiko.PKey], host_key: str | None = None) -> SshAgent:
    user, host = keys
    return SshAgent(
        lambda timeout_s: socket.create_connection(("127.0.0.1", port), timeout=timeout_s),
        username="root",
        key=user,
        host_key=host_key or f"{host.get_name()} {host.get_base64()}",
        where="test",
    )


def test_it_runs_a_program_with_input_and_brings_both_streams(
    port: int, keys: tuple[paramiko.PKey, paramiko.PKey]
) -> None:
    channel = agent(port, keys)
    assert channel.ping()
    done = channel.run(["/bin/sh"], stdin="cat; echo é; echo bruit >&2; exit 3".encode(), timeout_s=20)
    assert (done.exit_code, done.stdout, done.stderr) == (3, "é\n".encode(), b"bruit\n")
    channel.close()


def test_large_outputs_on_both_streams_do_not_block(port: int, keys: tuple[paramiko.PKey, paramiko.PKey]) -> None:
    script = "head -c 3000000 /dev/zero | tee /dev/stderr"
    done = agent(port, keys).run(["/bin/sh", "-c", script], timeout_s=60)
    assert (len(done.stdout), len(done.stderr), done.truncated) == (3000000, 3000000, False)


def test_an_output_past_the_bound_is_cut_and_said_so(port: int, keys: tuple[paramiko.PKey, paramiko.PKey]) -> None:
    done = agent(port, keys).run(["/bin/sh", "-c", f"head -c {STREAM_LIMIT + 10} /dev/zero"], timeout_s=60)
    assert (len(done.stdout), done.truncated) == (STREAM_LIMIT, True)


def test_a_program_that_does_not_end_is_given_up(port: int, keys: tuple[paramiko.PKey, paramiko.PKey]) -> None:
    done = agent(port, keys).run(["sleep", "5"], timeout_s=1)
    assert (done.exit_code, done.timed_out) == (None, True)


def test_another_host_key_is_refused(port: int, keys: tuple[paramiko.PKey, paramiko.PKey]) -> None:
    other = paramiko.ECDSAKey.generate()
    impostor = agent(port, keys, f"{other.get_name()} {other.get_base64()}")
    assert not impostor.ping()
    with pytest.raises(ChannelError) as caught:
        impostor.run(["true"], timeout_s=5)
    assert "clé d'hôte" in caught.value.what.fr


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
