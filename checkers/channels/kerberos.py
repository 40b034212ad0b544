"""Signing in to a web server by Kerberos (RFC 4559), with an account's name and its password.

pywinrm's own way knows no password: it needs a ticket that somebody got before by ``kinit``, in a place that all of
this process shares. Here every connection asks for its own ticket, by pyspnego, and keeps it in memory. The realm's
controllers are those that this host knows (``krb5.conf``, or its name server), asked from this host's own network.
"""

from __future__ import annotations

import base64
import binascii
import queue
import threading
from collections.abc import Callable
from importlib.util import find_spec
from typing import Any
from urllib.parse import urlsplit

import requests
import spnego
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from requests.auth import AuthBase
from spnego.channel_bindings import GssChannelBindings
from spnego.exceptions import SpnegoError

from labs.text import Text

_WHY = {
    -1765328378: Text("le royaume ne connaît pas ce compte", "the realm does not know this account"),
    -1765328377: Text("le royaume ne connaît pas ce nom de machine", "the realm does not know this machine's name"),
    -1765328366: Text("le compte est bloqué ou désactivé", "the account is locked or disabled"),
    -1765328361: Text("le mot de passe du compte a expiré", "the account's password has expired"),
    -1765328360: Text("le royaume refuse le mot de passe", "the realm refuses the password"),
    -1765328347: Text("les horloges diffèrent trop", "the clocks differ too much"),
    -1765328230: Text("ce royaume est inconnu ici", "this realm is not known here"),
    -1765328228: Text("aucun contrôleur du royaume ne répond", "no controller of the realm answers"),
}
"""By the library's codes (krb5.h)."""
_NO_PROOF = Text(
    "la machine ne prouve pas que le royaume la connaît", "the machine does not prove that the realm knows it"
)


class RealmError(Exception):
    """Nobody could be signed in. what: why, without a word of the account's or of the other side's."""

    def __init__(self, what: Text) -> None:
        super().__init__(what.en)
        self.what = what


def installed() -> bool:
    """Whether the libraries are there (the extra ``kerberos``)."""
    return all(find_spec(name) is not None for name in ("gssapi", "krb5"))


class KerberosAuth(AuthBase):
    """Signs each connection in, and sees to it that the server has a key of the realm too.

    user: ``name@REALM``. certificate: that of the server on the line in use (DER), which the ticket is bound to. left:
    how many seconds the realm may take now; its library waits by rules of its own.
    """

    def __init__(
        self, user: str, password: str, *, certificate: Callable[[], bytes], left: Callable[[], float]
    ) -> None:
        self._user = user
        self._password = password
        self._certificate = certificate
        self._left = left

    def __call__(self, request: requests.PreparedRequest) -> requests.PreparedRequest:
        """requests' own."""
        request.register_hook("response", self._signed_in)
        return request

    def _signed_in(self, response: requests.Response, **given: Any) -> requests.Response:
        if response.status_code != requests.codes.unauthorized:
            return response
        bindings = bound_to(self._certificate())
        _ = response.content  # read to its end, so that the same connection is used again: that one is signed in
        response.raw.release_conn()
        host = urlsplit(response.url).hostname or ""
        context, token = self._in_time(lambda: self._began(host, bindings))
        request = response.request.copy()
        request.headers["Authorization"] = f"Negotiate {base64.b64encode(token).decode()}"
        answered: requests.Response = response.connection.send(request, **given)
        answered.history.append(response)
        if answered.status_code != requests.codes.unauthorized and not _proven(context, answered):
            answered.close()
            raise RealmError(_NO_PROOF)
        return answered

    def _began(self, host: str, bindings: GssChannelBindings) -> tuple[spnego.ContextProxy, bytes]:
        context = spnego.client(
            self._user, self._password, host, "HTTP", channel_bindings=bindings, protocol="kerberos"
        )
        return context, context.step() or b""

    def _in_time(self, work: Callable[[], tuple[spnego.ContextProxy, bytes]]) -> tuple[spnego.ContextProxy, bytes]:
        """In a thread: what the library waits for cannot be cut. One that is left behind ends by itself, in a minute
        or so."""
        done: queue.SimpleQueue[tuple[spnego.ContextProxy, bytes] | Exception] = queue.SimpleQueue()

        def run() -> None:
            try:
                done.put(work())
            except Exception as error:  # noqa: BLE001 - it is told to whoever waits
                done.put(error)

        threading.Thread(target=run, name="kerberos", daemon=True).start()
        try:
            found = done.get(timeout=max(0.1, self._left()))
        except queue.Empty:
            raise requests.Timeout from None
        if isinstance(found, Exception):
            raise RealmError(_why(found)) from None  # its text may quote what the other side said
        return found


def bound_to(certificate: bytes) -> GssChannelBindings:
    """What ties a ticket to the line that this certificate was shown on (RFC 5929, tls-server-end-point)."""
    signed = x509.load_der_x509_certificate(certificate).signature_hash_algorithm
    digest = hashes.Hash(hashes.SHA256() if signed is None or signed.name in ("md5", "sha1") else signed)
    digest.update(certificate)
    return GssChannelBindings(application_data=b"tls-server-end-point:" + digest.finalize())


def _proven(context: spnego.ContextProxy, answered: requests.Response) -> bool:
    """Whether the server has a key of the realm."""
    kind, _, token = answered.headers.get("WWW-Authenticate", "").partition(" ")
    if kind.lower() != "negotiate":
        return False
    try:
        context.step(base64.b64decode(token, validate=True))
    except (SpnegoError, binascii.Error):
        return False
    return context.complete


def _why(error: Exception) -> Text:
    """By the code of the library that failed: krb5's own, or the minor one of GSSAPI's."""
    native = getattr(error, "base_error", error)
    code = getattr(native, "err_code", getattr(native, "min_code", 0))
    signed = code - (1 << 32) if code >= 1 << 31 else code
    return _WHY.get(signed) or Text(
        f"Kerberos a échoué ({type(native).__name__} {signed})", f"Kerberos failed ({type(native).__name__} {signed})"
    )
