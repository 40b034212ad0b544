"""A Kerberos realm on loopback (MIT's ``krb5kdc``), with everything of it in one folder; for tests."""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from tests.awaiting import LIMIT_S, await_port

REALM = "TEST.LAN"
SERVER = "srv.test.lan"
"""The machine that the realm knows, and whose key is in the key table."""
PROGRAMS = ("krb5kdc", "kdb5_util", "kadmin.local", "faketime")

_CLIENT = """\
[libdefaults]
 default_realm = {realm}
 dns_lookup_kdc = false
 dns_lookup_realm = false
 dns_canonicalize_hostname = false
 rdns = false
[domain_realm]
 .test.lan = {realm}
[realms]
 {realm} = {{
  kdc = 127.0.0.1:{port}
 }}
"""
_KDC = """\
[realms]
 {realm} = {{
  database_name = {folder}/principal
  key_stash_file = {folder}/stash
  acl_file = {folder}/acl
  kdc_listen = 127.0.0.1:{port}
  kdc_tcp_listen = 127.0.0.1:{port}
 }}
[logging]
 kdc = FILE:{folder}/kdc.log
"""


@dataclass(frozen=True)
class Realm:
    """A realm that answers at ``port``. environment: what leads libraries to it, and a server to its key."""

    folder: Path
    port: int

    @property
    def environment(self) -> dict[str, str]:
        return {"KRB5_CONFIG": str(self.folder / "krb5.conf"), "KRB5_KTNAME": str(self.folder / "keytab")}

    def at_port(self, port: int) -> str:
        """A ``krb5.conf`` that says this realm is somewhere else."""
        return _CLIENT.format(realm=REALM, port=port)


def installed() -> bool:
    """Whether the programs are there (``krb5-kdc``, ``krb5-admin-server``, ``faketime``)."""
    return all(_program(name) is not None for name in PROGRAMS)


@contextmanager
def realm(folder: Path, people: Mapping[str, str], *, clock: str = "") -> Iterator[Realm]:
    """A realm of these people and their passwords, and of ``SERVER``. clock: how wrong it is (``+1h``)."""
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    made = Realm(folder, port)
    (folder / "krb5.conf").write_text(made.at_port(port))
    (folder / "kdc.conf").write_text(_KDC.format(realm=REALM, folder=folder, port=port))
    environment = {**os.environ, **made.environment, "KRB5_KDC_PROFILE": str(folder / "kdc.conf")}
    _run(["kdb5_util", "-r", REALM, "create", "-s", "-P", "master"], environment)
    asked = [f"addprinc -pw {password} +requires_preauth {name}" for name, password in people.items()]
    asked += [f"addprinc -randkey HTTP/{SERVER}", f"ktadd -k {folder}/keytab HTTP/{SERVER}"]
    _run(["kadmin.local", "-r", REALM], environment, "\n".join(asked) + "\n")
    argv = [str(_program("krb5kdc")), "-n", "-r", REALM]
    wrong = [str(_program("faketime")), "-f", clock] if clock else []
    process = subprocess.Popen([*wrong, *argv], env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        await_port("127.0.0.1", port, process, lambda: "krb5kdc did not start")
        yield made
    finally:
        process.terminate()
        process.wait(LIMIT_S)


def _program(name: str) -> str | None:
    return shutil.which(name, path="/usr/sbin:/usr/bin:/sbin")


def _run(argv: Sequence[str], environment: Mapping[str, str], given: str = "") -> None:
    done = subprocess.run(
        [str(_program(argv[0])), *argv[1:]],
        input=given, env=environment, capture_output=True, text=True, check=False, timeout=60,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
