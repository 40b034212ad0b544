"""OpenWrt's ``ubus`` over HTTPS: what uhttpd offers at ``/ubus`` for the device's own pages, as JSON-RPC 2.0.

Somebody signs in (``session login``) and then calls what the device's access lists let that account call. The device's
certificate is pinned and looked at before anything is said; every wait has an end, and every answer is bounded.
Protocol: https://openwrt.org/docs/techref/ubus#access_to_ubus_over_http; codes: uhttpd, ``ubus.c``; libubus, ``enum
ubus_msg_status``.
"""

from __future__ import annotations

import json
import ssl
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from hashlib import sha256
from time import monotonic
from typing import Annotated, Any

import requests
from pydantic import BaseModel, ConfigDict, Field, StringConstraints, TypeAdapter, ValidationError

from checkers.channel import ChannelError, ExecResult, LoginRefusedError, OtherKeyError, greets
from checkers.channels.bounded_http import BoundedAdapter, Dial, Lines, TooLarge
from checkers.channels.ssh import Login
from labs.text import Text

ARGV = ("ubus",)
"""What this agent runs; the questions are on its standard input, as ``ASKED``."""

NO_PERMISSION, TIMED_OUT = -32002, -32003
REFUSED = 6
"""UBUS_STATUS_PERMISSION_DENIED: among others, of a login that is refused."""

_NOBODY = "0" * 32
_SESSION_S, _RENEW_S = 300, 120
"""How long the device keeps a session that nobody uses, and after how long another is begun."""
_CONNECT_S = 15.0
_GRACE_S = 1.0
_DEEPEST = 24
"""Of lists and tables within one another; what is asked for has some ten."""


class Call(BaseModel):
    """One call: ``ubus call OBJECT METHOD ARGS``. ``session login`` is said as nobody; what it answers is not kept."""

    model_config = ConfigDict(extra="forbid", frozen=True)
    object: str
    method: str
    args: dict[str, Any] = Field(default_factory=dict)

    @property
    def is_login(self) -> bool:
        return (self.object, self.method) == ("session", "login")


class Ask(BaseModel):
    """The calls of one question, and after how many seconds they are given up."""

    limit_s: float
    calls: tuple[Call, ...]


class Told(BaseModel):
    """What a call brought. status: ubus' own, 0 when it succeeded; JSON-RPC's where it is below 0."""

    status: int = Field(ge=-(10**6), le=10**6)
    data: dict[str, Any] = Field(default_factory=dict)


class Answer(BaseModel):
    """What the calls of one question brought, in ``ms``; ``late``: the device has given one up."""

    ms: int
    late: bool = False
    told: tuple[Told, ...] = ()


ASKED, ANSWERS = TypeAdapter(list[Ask]), TypeAdapter(list[Answer])


class _Session(BaseModel):
    ubus_rpc_session: Annotated[str, StringConstraints(pattern=r"^[0-9a-f]{32}$")]


class _StrangeError(ValueError):
    """An answer of another form."""


class UbusAgent:
    """Calls a device's ``ubus``. One session, opened at first use, and again when it is lost or was long unused.

    login: the account of the device's page and its password. fingerprint: SHA-256 of the device's certificate, in
    hexadecimal. host: for the address of the page only; where it is, ``dial`` knows.
    """

    def __init__(self, dial: Dial, *, login: Login, fingerprint: str, host: str, where: str) -> None:
        self._dial = dial
        self._lines = Lines(dial)
        self._login = login
        self._fingerprint = fingerprint
        self._page = f"https://{host}/ubus"
        self._where = where
        self._http: requests.Session | None = None
        self._sid = ""
        self._used_at = 0.0
        self._lock = threading.Lock()  # a device and the trials from beside are asked through one session

    def hello(self, timeout_s: float = 20.0) -> None:
        """Sign in, unless somebody is. Raises ChannelError; OtherKeyError when another device is there."""
        with self._use(monotonic() + timeout_s) as deadline:
            self._sign_in(deadline)

    def ping(self, timeout_s: float = 20.0) -> bool:
        """Whether somebody could sign in within the time limit."""
        return greets(self.hello, timeout_s)

    def run(self, argv: Sequence[str], *, stdin: bytes = b"", timeout_s: float) -> ExecResult:
        """Put the questions of an input (``ASKED``); the answers (``ANSWERS``) are the output. Raises ChannelError when
        the device cannot be asked."""
        started = monotonic()
        with self._use(started + timeout_s) as deadline:
            self._sign_in(deadline)
            answers = ANSWERS.dump_json([self._answer(one, deadline) for one in ASKED.validate_json(stdin)])
        return ExecResult(0, answers, b"", duration_s=monotonic() - started)

    def close(self) -> None:
        """Forget the session, which ends by itself: ending it might end one in which a person waits to confirm."""
        if self._http is not None:
            self._http.close()
        self._lines.close()
        self._http, self._sid = None, ""

    # --- the session
    def _sign_in(self, deadline: float) -> None:
        if self._sid and monotonic() - self._used_at < _RENEW_S:
            return
        if self._http is not None:
            self.close()
        http = self._http = requests.Session()
        http.trust_env = False
        http.mount("https://", BoundedAdapter(self._lines, self._fingerprint))
        given = {"username": self._login.user, "password": self._login.password, "timeout": _SESSION_S}
        told = self._call(Call(object="session", method="login", args=given), deadline)
        if told.status == REFUSED:
            what = Text("l'appareil refuse le compte par HTTPS", "the device refuses the account over HTTPS")
            raise LoginRefusedError(what, where=self._where)
        try:
            self._sid = _Session.model_validate(told.data).ubus_rpc_session
        except ValidationError as error:
            raise _StrangeError(f"login {told.status}") from error

    # --- calls
    def _answer(self, ask: Ask, deadline: float) -> Answer:
        started = monotonic()
        until = min(deadline, started + ask.limit_s)
        with self._lines.cut_after(until + _GRACE_S - started):
            found = [self._call(call, until) for call in ask.calls]
        late = any(one.status == TIMED_OUT for one in found)
        told = tuple(
            Told(status=one.status) if call.is_login else one for call, one in zip(ask.calls, found, strict=True)
        )
        return Answer(ms=round((monotonic() - started) * 1000), late=late, told=() if late else told)

    def _call(self, call: Call, until: float) -> Told:
        """Raises _StrangeError, TooLarge and what requests raises."""
        assert self._http is not None  # noqa: S101 - _sign_in was called
        left = max(0.05, until - monotonic())
        sid = _NOBODY if call.is_login else self._sid
        params: list[Any] = [sid, call.object, call.method, call.args]
        sent: dict[str, Any] = {"jsonrpc": "2.0", "id": 1, "method": "call", "params": params}
        response = self._http.post(
            self._page,
            json=sent,
            timeout=(min(_CONNECT_S, left), left),
            verify=False,  # its fingerprint is compared, before anything is said
            allow_redirects=False,
        )
        self._used_at = monotonic()
        if response.status_code != 200:
            raise _StrangeError(f"HTTP {response.status_code}")
        return _told(response.content)

    # --- what goes wrong
    @contextmanager
    def _use(self, deadline: float) -> Iterator[float]:
        """The device for one caller until the deadline, when every connection is cut. Raises ChannelError for all that
        goes wrong, and forgets the session: nobody knows its state."""
        if not self._lock.acquire(timeout=max(0.0, deadline - monotonic())):
            raise self._late()
        try:
            with self._lines.cut_after(max(0.1, deadline + _GRACE_S - monotonic())):
                yield deadline
        except ChannelError:
            self.close()
            raise
        except Exception as error:  # requests trusts its server: what a forged answer makes it raise may be anything
            self.close()
            raise (self._late() if monotonic() >= deadline else self._meant(error)) from error
        finally:
            self._lock.release()

    def _meant(self, error: Exception) -> ChannelError:
        """What went wrong, without a word of the device's or of the account's."""
        if isinstance(error, requests.exceptions.SSLError) and "ingerprint" in str(error):
            with suppress(ChannelError):
                return OtherKeyError(
                    offered_certificate(self._dial, where=self._where, timeout_s=5.0), where=self._where
                )
        if isinstance(error, requests.Timeout):
            return self._late()
        why = "> 1 MiB" if isinstance(error, TooLarge) else str(error) if isinstance(error, _StrangeError) else ""
        return _silent(why or type(error).__name__, self._where)

    def _late(self) -> ChannelError:
        what = Text("l'appareil n'a pas répondu à temps par HTTPS", "the device did not answer in time over HTTPS")
        return ChannelError(what, where=self._where)


def _told(body: bytes) -> Told:
    """What an answer says: ``result: [status, data]``, or ``error: {code, message}``. Raises _StrangeError."""
    try:
        given = json.loads(body)
        if "error" in given:
            return Told(status=given["error"]["code"])
        status, *data = given["result"]
        _require_shallow(data, _DEEPEST)
        return Told(status=status, data=data[0] if data else {})
    except (ValueError, LookupError, TypeError, RecursionError) as error:
        raise _StrangeError("JSON-RPC") from error


def _require_shallow(value: Any, left: int) -> None:
    """Raises ValueError for what is nested so deeply that it could not be walked through."""
    if left == 0:
        raise ValueError("nested too deeply")
    for one in value.values() if isinstance(value, dict) else value if isinstance(value, list) else ():
        _require_shallow(one, left - 1)


CERTIFICATE = "x509-sha256"


def offered_certificate(dial: Dial, *, where: str, timeout_s: float) -> str:
    """SHA-256 of the certificate that a device shows, as ``x509-sha256 hexadecimal``. Raises ChannelError."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.check_hostname, context.verify_mode = False, ssl.CERT_NONE
    lines = Lines(dial)
    try:
        with (
            lines.cut_after(timeout_s),
            lines.dial(timeout_s) as line,
            context.wrap_socket(line, suppress_ragged_eofs=False) as talk,
        ):
            return f"{CERTIFICATE} {sha256(talk.getpeercert(binary_form=True) or b'').hexdigest()}"
    except (OSError, ValueError) as error:
        raise _silent(type(error).__name__, where) from error
    finally:
        lines.close()


def _silent(why: str, where: str) -> ChannelError:
    return ChannelError(
        Text(f"l'appareil ne répond pas par HTTPS ({why})", f"the device does not answer over HTTPS ({why})"),
        where=where,
    )
