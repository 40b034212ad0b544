"""Real SSH servers on loopback: OpenSSH's and Dropbear, with accounts of their own (in a mount namespace; root)."""

from __future__ import annotations

import io
import shutil
import socket
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import paramiko

from tests.awaiting import LIMIT_S, await_port

PASSWORD = "Tkhd=Rnfg=Gbjp"
KINDS = ("rsa", "ecdsa", "ed25519")

_SSHD = """\
Port {port}
ListenAddress {address}
PidFile none
UsePAM no
PermitRootLogin yes
PasswordAuthentication yes
"""


@dataclass(frozen=True)
class Daemon:
    """A server that listens. user_key: lets root in. host_keys: its public ones, as ``type base64``, by kind."""

    port: int
    user_key: paramiko.PKey
    host_keys: dict[str, str]

    def dial(self, timeout_s: float) -> socket.socket:
        return socket.create_connection(("127.0.0.1", self.port), timeout=timeout_s)


@contextmanager
def daemon(name: str, folder: Path, *, address: str = "127.0.0.1", port: int = 0) -> Iterator[Daemon]:
    """``sshd`` or ``dropbear``, with a host key of every kind. address: of loopback; port: 0 for a free one."""
    with socket.create_server((address, port)) as free:
        port = free.getsockname()[1]
    user, host_keys = _home(folder), {}
    for kind in KINDS:
        file = folder / kind
        _run(["ssh-keygen", "-q", "-t", kind, "-N", "", "-f", str(file)])
        host_keys[kind] = " ".join(file.with_suffix(".pub").read_text().split()[:2])
        if name == "dropbear":
            _run(["dropbearconvert", "openssh", "dropbear", str(file), str(file)])
    if name == "sshd":
        config = folder / "sshd_config"
        config.write_text(
            _SSHD.format(address=address, port=port) + "".join(f"HostKey {folder / kind}\n" for kind in KINDS)
        )
        Path("/run/sshd").mkdir(exist_ok=True)
        argv = [_program("sshd"), "-D", "-e", "-f", str(config)]
    else:
        keys = [word for kind in KINDS for word in ("-r", str(folder / kind))]
        argv = [_program("dropbear"), "-F", "-E", "-p", f"{address}:{port}", "-P", str(folder / "pid"), *keys]
    inside = f'mount --bind {folder}/passwd /etc/passwd && mount --bind {folder}/shadow /etc/shadow && exec "$@"'
    log = (folder / "log").open("wb")
    process = subprocess.Popen(
        ["unshare", "--mount", "--propagation", "private", "sh", "-c", inside, "sh", *argv],
        stdout=subprocess.DEVNULL,
        stderr=log,
    )
    try:
        await_port(address, port, process, (folder / "log").read_text)
        yield Daemon(port, user, host_keys)
    finally:
        process.terminate()
        process.wait(LIMIT_S)
        log.close()


def _home(folder: Path) -> paramiko.PKey:
    """root's home, key and password, as the server will see them."""
    ssh = folder / "home" / ".ssh"
    ssh.mkdir(parents=True, mode=0o700)
    _run(["ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-f", str(folder / "user")])
    shutil.copy(folder / "user.pub", ssh / "authorized_keys")
    (ssh / "authorized_keys").chmod(0o600)
    said = _run(["openssl", "passwd", "-6", "-stdin"], PASSWORD + "\n").strip()
    others = [line for line in Path("/etc/passwd").read_text().splitlines() if not line.startswith("root:")]
    lines = [f"root:x:0:0:root:{folder / 'home'}:/bin/sh", *others]
    (folder / "passwd").write_text("\n".join(lines) + "\n")
    (folder / "shadow").write_text(f"root:{said}:20000:0:99999:7:::\n")
    return paramiko.Ed25519Key.from_private_key(io.StringIO((folder / "user").read_text()))


def _program(name: str) -> str:
    found = shutil.which(name, path="/usr/sbin:/usr/bin:/sbin")
    assert found is not None
    return found


def _run(argv: list[str], given: str = "") -> str:
    return subprocess.run(argv, input=given, capture_output=True, text=True, check=True, timeout=60).stdout
