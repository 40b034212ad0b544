"""WinRM by pywinrm: programs run on a Windows machine over HTTPS, by an administrator's account.

pywinrm has traps that this adapter takes away: it waits for ever for a program that does not end, reads answers of any
length, and opens a shell for every command. Here one shell is kept for a machine, every wait has an end, both streams
and every answer are bounded. The machine's certificate is pinned or its authority known: there is no third way.
Protocol: [MS-WSMV], https://learn.microsoft.com/openspecs/windows_protocols/ms-wsmv
"""

from __future__ import annotations

import re
import subprocess
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from time import monotonic
from typing import Literal

import requests
from winrm.exceptions import AuthenticationError, WinRMOperationTimeoutError, WSManFaultError
from winrm.protocol import Protocol

from checkers.channel import ChannelError, ExecResult, greets
from checkers.channels.bounded_http import BoundedAdapter, Dial, Lines, TooLarge
from checkers.channels.kerberos import KerberosAuth, RealmError, installed
from labs.text import Text

STREAM_LIMIT = 4 * 1024 * 1024
"""Bytes kept of each stream."""

PIECE = 64 * 1024
"""Bytes of input in one message: as base64 in its envelope below the 150 KiB that every Windows takes."""

_OPERATION_S = 10
_ANSWER_S = 3
"""Seconds that a message may take beyond the operation it asks for."""
_GRACE_S = 3.0
"""Seconds after the time limit in which a program is ended."""
_CONNECT_S = 15.0
_IDLE = "PT180S"
"""How long Windows keeps a shell that nobody uses: a supervisor that dies leaves none behind."""


@dataclass(frozen=True)
class Account:
    """Who asks. ``method``: ``ntlm``, or ``kerberos`` (with the extra of this name) for an account of the domain, as
    ``name@REALM``; the machine must then be called by its name in the realm."""

    user: str
    password: str = field(repr=False)
    method: Literal["ntlm", "kerberos"] = "ntlm"


@dataclass(frozen=True)
class ClientCertificate:
    """Who asks, by a certificate that Windows maps to an account: files in PEM."""

    certificate: Path
    key: Path


@dataclass(frozen=True)
class Trust:
    """How the machine is known: the SHA-256 of its certificate (hexadecimal), or the authority that signed it."""

    fingerprint: str | None = None
    authority: Path | None = None

    def __post_init__(self) -> None:
        if (self.fingerprint is None) == (self.authority is None):
            raise ValueError("a fingerprint or an authority, one of them")


class WinRmAgent:
    """Runs programs over WinRM. One shell, opened at first use and opened again when it broke.

    host: the name in the machine's certificate; where it is, ``dial`` knows.
    """

    def __init__(
        self, dial: Dial, *, login: Account | ClientCertificate, trust: Trust, host: str, where: str, port: int = 5986
    ) -> None:
        self._lines = Lines(dial)
        self._login = login
        self._trust = trust
        self._endpoint = f"https://{host}:{port}/wsman"
        self._where = where
        self._protocol: Protocol | None = None
        self._shell = ""
        self._deadline = 0.0
        self._lock = threading.Lock()  # a machine and the witness on its radio are asked through one connection

    def ping(self, timeout_s: float = 20.0) -> bool:
        """Whether a shell can be opened within the time limit."""
        return greets(self.hello, timeout_s)

    def hello(self, timeout_s: float) -> None:
        """Open a shell, unless one is. Raises ChannelError, which tells why not."""
        with self._use(monotonic() + timeout_s, 0.0) as deadline:
            self._open(deadline)

    def run(self, argv: Sequence[str], *, stdin: bytes = b"", timeout_s: float) -> ExecResult:
        """Run one program. Raises ChannelError when the connection fails; a program that runs too long is
        ``timed_out``, and is ended, as is one that says more than the bound."""
        started = monotonic()
        with self._use(started + timeout_s, _GRACE_S) as deadline:
            command = self._start(argv, deadline)
            with suppress(WSManFaultError):  # it ended before it had read all: what it said tells why
                self._give(command, stdin, deadline)
            code, streams = self._listen(command, deadline)
            out, err = streams["stdout"], streams["stderr"]
            late = code is None and monotonic() >= deadline
            if code is None:
                self._end(command)
        return ExecResult(
            code,
            bytes(out[:STREAM_LIMIT]),
            bytes(err[:STREAM_LIMIT]),
            truncated=max(len(out), len(err)) > STREAM_LIMIT,
            timed_out=late,
            duration_s=monotonic() - started,
        )

    def close(self) -> None:
        """Close the shell; the next command opens another. Never raises."""
        with suppress(ChannelError), self._use(monotonic() + _GRACE_S, 0.0) as deadline:
            if self._protocol is not None and self._shell:
                self._within(deadline, most_s=1)
                self._protocol.close_shell(self._shell)
        self._drop()

    # --- one shell
    def _open(self, deadline: float) -> bool:
        """Open the shell unless there is one; whether it is new."""
        if self._shell:
            return False
        self._protocol = self._connected()
        self._within(deadline)
        self._shell = self._protocol.open_shell(codepage=65001, noprofile=True, idle_timeout=_IDLE)
        return True

    def _connected(self) -> Protocol:
        kerberos = isinstance(self._login, Account) and self._login.method == "kerberos"
        if kerberos and not installed():
            raise self._error(
                Text("Kerberos n'est pas installé ici", "Kerberos is not installed here"),
                Text("Installez : pip install 'epreuve[kerberos]'.", "Install: pip install 'epreuve[kerberos]'."),
            )
        who: dict[str, str] = (
            {"transport": "ntlm", "username": self._login.user, "password": self._login.password}
            if isinstance(self._login, Account)
            else {
                "transport": "certificate",
                "cert_pem": str(self._login.certificate),
                "cert_key_pem": str(self._login.key),
            }
        )
        pinned = self._trust.fingerprint is not None
        protocol = Protocol(
            self._endpoint,
            **who,  # type: ignore[arg-type]  # its "transport" is a Literal
            # A pinned certificate has no authority that could be asked: the adapter compares it, before anything is
            # said.
            server_cert_validation="ignore" if pinned else "validate",
            ca_trust_path=str(self._trust.authority),
            proxy=None,
            read_timeout_sec=_OPERATION_S + _ANSWER_S,
            operation_timeout_sec=_OPERATION_S,
        )
        session = protocol.transport.build_session()
        session.trust_env = False
        if isinstance(self._login, Account) and kerberos:  # pywinrm's own knows no password
            session.auth = KerberosAuth(
                self._login.user, self._login.password, certificate=lambda: self._lines.certificate, left=self._left
            )
        session.mount("https://", BoundedAdapter(self._lines, self._trust.fingerprint))
        return protocol

    def _drop(self) -> None:
        if self._protocol is not None:
            self._protocol.transport.close_session()
        self._lines.close()
        self._protocol, self._shell = None, ""

    # --- one program
    @property
    def _talk(self) -> Protocol:
        assert self._protocol is not None  # noqa: S101 - _open was called
        return self._protocol

    def _start(self, argv: Sequence[str], deadline: float) -> str:
        # cmd.exe is left out: what it would read into an argument is its own language. Windows programs split their
        # command line as list2cmdline joins it.
        arguments = [subprocess.list2cmdline([argument]) for argument in argv[1:]]
        while True:
            new = self._open(deadline)
            self._within(deadline)
            try:
                return self._talk.run_command(
                    self._shell, argv[0], arguments, console_mode_stdin=False, skip_cmd_shell=True
                )
            except WSManFaultError:
                if new:
                    raise
                self._drop()  # the shell is gone: the machine was started again, or left it idle for too long

    def _give(self, command: str, stdin: bytes, deadline: float) -> None:
        pieces = [stdin[at : at + PIECE] for at in range(0, len(stdin), PIECE)] or [b""]
        for number, piece in enumerate(pieces, 1):
            self._within(deadline)
            self._talk.send_command_input(self._shell, command, piece, end=number == len(pieces))

    def _listen(self, command: str, deadline: float) -> tuple[int | None, dict[str, bytearray]]:
        """The exit code, None when the program was not waited for, and what it said."""
        streams = {"stdout": bytearray(), "stderr": bytearray()}
        while monotonic() < deadline and max(map(len, streams.values())) <= STREAM_LIMIT:
            self._within(deadline)
            try:
                out, err, code, done = self._talk.get_command_output_raw(self._shell, command)
            except WinRMOperationTimeoutError:
                continue  # it said nothing for a while
            streams["stdout"] += out
            streams["stderr"] += err
            if done:
                return code, streams
        return None, streams

    def _end(self, command: str) -> None:
        """End a program. When that fails the shell is given up, and Windows ends what runs in it."""
        try:
            self._within(monotonic() + _GRACE_S, most_s=1)
            self._talk.cleanup_command(self._shell, command)
        except Exception:  # noqa: BLE001 - as in _use
            self._drop()

    # --- time, and what goes wrong
    def _within(self, deadline: float, most_s: int = _OPERATION_S) -> None:
        """How long the next message may take: whole seconds, one at least."""
        operation = max(1, min(most_s, int(deadline - monotonic())))
        self._deadline = deadline
        self._talk.operation_timeout_sec = operation
        self._talk.transport.read_timeout_sec = operation + _ANSWER_S

    def _left(self) -> float:
        """Seconds that whoever is asked on the way may take."""
        return self._deadline - monotonic()

    @contextmanager
    def _use(self, deadline: float, grace_s: float) -> Iterator[float]:
        """The channel for one caller until the deadline, when every connection is cut. Raises ChannelError for all that
        goes wrong, and drops the shell: nobody knows its state."""
        if not self._lock.acquire(timeout=max(0.0, deadline - monotonic())):
            raise self._late()
        try:
            with self._lines.cut_after(max(0.1, deadline + grace_s - monotonic())):
                yield deadline
        except ChannelError:
            self._drop()
            raise
        except Exception as error:
            # pywinrm trusts its server: what a forged answer makes it raise is anything (LookupError, SyntaxError,
            # AssertionError, StopIteration…), and each means the same here.
            self._drop()
            raise (self._late() if monotonic() >= deadline else self._told(error)) from error
        finally:
            self._lock.release()

    def _told(self, error: Exception) -> ChannelError:
        """What went wrong, without a word of the machine's or of the account's."""
        if isinstance(error, AuthenticationError | PermissionError):
            return self._error(
                Text("la machine refuse le compte par WinRM", "the machine refuses the account over WinRM"),
                Text(
                    "Vérifiez le compte, administrateur de la machine, et son mot de passe ou son certificat.",
                    "Check the account and its password, or its certificate, and that it administers the machine.",
                ),
            )
        if isinstance(error, RealmError):
            return self._error(error.what, _DO_REALM)
        if isinstance(error, requests.exceptions.SSLError) and _OTHER_CERTIFICATE.search(str(error)):
            return self._error(
                Text(
                    "le certificat WinRM de la machine n'est pas celui qui est attendu",
                    "the machine's WinRM certificate is not the expected one",
                ),
                Text(
                    "Comparez son empreinte avec « sha256 » de C:\\ProgramData\\Epreuve\\winrm.json dans la machine.",
                    "Compare its fingerprint with “sha256” of C:\\ProgramData\\Epreuve\\winrm.json in the machine.",
                ),
            )
        if isinstance(error, requests.Timeout):
            return self._late()
        why = type(error).__name__
        if isinstance(error, WSManFaultError):
            why = f"{why} 0x{(error.wsman_fault_code or 0) & 0xFFFFFFFF:08x}"
        if isinstance(error, TooLarge):
            why = "> 1 MiB"
        return self._error(
            Text(f"la machine ne répond pas par WinRM ({why})", f"the machine does not answer over WinRM ({why})")
        )

    def _late(self) -> ChannelError:
        return self._error(
            Text("la machine n'a pas répondu à temps par WinRM", "the machine did not answer in time over WinRM")
        )

    def _error(self, what: Text, do: Text | None = None) -> ChannelError:
        return ChannelError(what, where=self._where, do=do or _DO)


_OTHER_CERTIFICATE = re.compile("ingerprint|CERTIFICATE_VERIFY_FAILED")
"""As urllib3 and OpenSSL say it; other faults of TLS are those of a line that broke."""

_DO_REALM = Text(
    "Vérifiez le compte (nom@ROYAUME), le nom complet de la machine, les horloges et le krb5.conf d'ici.",
    "Check the account (name@REALM), the machine's full name, the clocks, and the krb5.conf of this host.",
)
_DO = Text(
    "WinRM doit être ouvert en HTTPS sur la machine ; un pare-feu que le sujet demande peut le fermer.",
    "WinRM must be open over HTTPS on the machine; a firewall that the subject asks for may close it.",
)
