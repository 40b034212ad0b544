"""One SSH connection to a machine by paramiko: the host key that is pinned, and who asks."""

from __future__ import annotations

import base64
import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass, field

import paramiko

from checkers.channel import ChannelError, LoginRefusedError, OtherKeyError
from checkers.parsers.clean import clip
from labs.text import Text

Dial = Callable[[float], socket.socket]
"""Opens a TCP connection to the machine's SSH port within so many seconds. The witness' namespace gives one that leaves
from the bench's own network."""


@dataclass(frozen=True)
class Login:
    """Who asks: by a key, or by a password (also where the server asks for it by keyboard-interactive)."""

    user: str
    key: paramiko.PKey | None = field(default=None, repr=False)
    password: str = field(default="", repr=False)


class SshConnection:
    """A connection that is opened at first use, and opened again when it broke."""

    def __init__(self, dial: Dial, *, login: Login, host_key: str, where: str) -> None:
        """host_key: the machine's public key as ``type base64``, pinned: another one is refused."""
        self._dial = dial
        self._login = login
        self._host_key = host_key.strip()
        self._where = where
        self._transport: paramiko.Transport | None = None
        self._connecting = threading.Lock()

    def open(self, timeout_s: float) -> paramiko.Transport:
        """The connection, with somebody signed in. Raises ChannelError."""
        with self._connecting:  # a machine and the witness on its radio are asked at once, through one connection
            transport = self._transport
            if transport is not None and transport.is_active():
                return transport
            return self._connected(timeout_s)

    def close(self) -> None:
        """Close the connection; the next use opens another."""
        transport, self._transport = self._transport, None
        if transport is not None:
            transport.close()

    @contextmanager
    def cut_after(self, seconds: float) -> Iterator[None]:
        """Close the connection if the block lasts longer: paramiko waits for some answers for ever."""
        timer = threading.Timer(max(0.1, seconds), self.close)
        timer.daemon = True
        timer.start()
        try:
            yield
        finally:
            timer.cancel()

    def failed(self, error: Exception) -> ChannelError:
        """What a fault of paramiko's means: the machine could not be asked."""
        return _silent(error, self._where)

    def _connected(self, timeout_s: float) -> paramiko.Transport:
        try:
            transport = self._transport = _transport(self._dial, timeout_s)  # known at once, so that it can be cut
            _greet(transport, timeout_s, self._host_key.partition(" ")[0])
            self._require_own_key(_spelt(transport.get_remote_server_key()))
            self._sign_in(transport)
        except ChannelError:
            self.close()
            raise
        except Exception as error:
            # paramiko trusts its server: what a forged key or message makes it raise is anything (ValueError,
            # struct.error, UnicodeDecodeError…), and each means the same here.
            self.close()
            raise self.failed(error) from error
        return transport

    def _require_own_key(self, shown: str) -> None:
        if shown != self._host_key:
            raise OtherKeyError(shown, where=self._where)

    def _sign_in(self, transport: paramiko.Transport) -> None:
        try:
            if self._login.key is not None:
                transport.auth_publickey(self._login.user, self._login.key)
            else:
                transport.auth_password(self._login.user, self._login.password)
        except paramiko.AuthenticationException as error:
            if not transport.is_active():  # nobody refused anything: the line broke
                raise
            raise LoginRefusedError(
                Text("la machine refuse le compte par SSH", "the machine refuses the account over SSH"),
                where=self._where,
                do=Text("Vérifiez le compte et sa clé dans la machine.", "Check the account and its key."),
            ) from error


def offered_key(dial: Dial, *, where: str, timeout_s: float) -> str:
    """The host key that a machine offers, as ``type base64``, to be pinned. Raises ChannelError."""
    try:
        transport = _transport(dial, timeout_s)
        _greet(transport, timeout_s)
        with closing(transport):
            return _spelt(transport.get_remote_server_key())
    except Exception as error:  # as in _connected
        raise _silent(error, where) from error


def known_key(line: str) -> str:
    """``type base64`` of a public key line, without its comment. Raises ValueError when it is none."""
    kind, data, *_ = line.split()
    base64.b64decode(data, validate=True)
    return f"{kind} {data}"


def _transport(dial: Dial, timeout_s: float) -> paramiko.Transport:
    transport = paramiko.Transport(dial(timeout_s))
    transport.banner_timeout = transport.auth_timeout = timeout_s
    return transport


def _greet(transport: paramiko.Transport, timeout_s: float, kind: str = "") -> None:
    """Exchange keys. kind: that of the host key to be shown, where there are several."""
    options = transport.get_security_options()
    # An RSA key signs in ways that have other names than the key's; one of SHA-1 is taken no more.
    ways = [way for way in options.key_types if way == kind or (kind == "ssh-rsa" and way.startswith("rsa-"))]
    if ways:
        options.key_types = ways
    try:
        transport.start_client(timeout=timeout_s)
    except BaseException:
        transport.close()
        raise


def _spelt(key: paramiko.PKey) -> str:
    return f"{key.get_name()} {key.get_base64()}"


def _silent(error: Exception, where: str) -> ChannelError:
    return ChannelError(
        Text("la machine ne répond pas par SSH ({error})", "the machine does not answer over SSH ({error})").format(
            error=clip(str(error), 120) or type(error).__name__
        ),
        where=where,
        do=Text(
            "Vérifiez l'adresse et le port, et qu'aucun pare-feu ne ferme SSH.",
            "Check the address and the port, and that no firewall closes SSH.",
        ),
    )
