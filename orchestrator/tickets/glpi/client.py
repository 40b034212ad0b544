"""Asking a GLPI: a session, bounded answers, and every failure as a sentence.

``http.client`` and no other library: it follows no redirection, so that tokens reach nobody but the address in the
settings, and answers are read to a bound and a deadline. Tokens travel in headers; no message, log or report has them.
"""

from __future__ import annotations

import json
import re
import ssl
import time
from contextlib import suppress
from http.client import HTTPConnection, HTTPException, HTTPResponse, HTTPSConnection
from ipaddress import ip_address
from types import TracebackType
from typing import Any, Self
from urllib.parse import SplitResult, quote, urlencode, urlsplit

from labs.errors import EpreuveError
from labs.text import Text
from orchestrator.settings import GlpiAccess

TIMEOUT_S = 20.0
"""For one request, from the connection to the last byte."""
MOST_BYTES = 8 << 20
"""Of one answer."""
MOST_ROWS = 200
"""Asked for at once. Who has more tickets in a window than that, or a ticket more entries, is told that some are left
out."""


class GlpiError(EpreuveError):
    """GLPI cannot be reached or refuses."""

    code = "glpi"
    exit_code = 4


class HiddenError(GlpiError):
    """The account may not see this one thing, or it is not there."""


class Glpi:
    """A session with a GLPI, in a ``with``: begun at its beginning, ended at its end."""

    def __init__(self, access: GlpiAccess) -> None:
        self._access = access
        self._place = _endpoint(access.url)
        self._headers = {"Content-Type": "application/json", "Accept": "application/json"}
        if access.app_token:
            self._headers["App-Token"] = access.app_token

    def __enter__(self) -> Self:
        answer = self._ask("initSession", {"Authorization": f"user_token {self._access.user_token}"})
        token = answer.get("session_token") if isinstance(answer, dict) else None
        if not isinstance(token, str) or not re.fullmatch(r"[\x21-\x7e]{1,256}", token):
            raise self._strange()
        self._headers["Session-Token"] = token
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        with suppress(GlpiError):  # GLPI ends it itself after a while
            self._ask("killSession")

    def item(self, type_: str, id_: int) -> dict[str, Any]:
        """One item. Raises GlpiError."""
        answer = self._ask(f"{type_}/{id_}?get_hateoas=0")
        if not isinstance(answer, dict):
            raise self._strange()
        return answer

    def of_item(self, type_: str, id_: int, part: str) -> list[dict[str, Any]] | None:
        """What belongs to an item, at most MOST_ROWS; None where the account's profile may not see it."""
        try:
            answer = self._ask(f"{type_}/{id_}/{part}?{urlencode({'get_hateoas': '0', 'range': _RANGE})}")
        except HiddenError:
            return None
        return self._rows(answer)

    def search(self, type_: str, criteria: list[tuple[int, str, str]], *, show: int) -> list[dict[str, Any]]:
        """Items that meet all criteria (search option, kind of comparison, value), at most MOST_ROWS. show: the option
        to answer with."""
        asked: dict[str, str] = {"range": _RANGE, "forcedisplay[0]": str(show)}
        for number, (field, kind, value) in enumerate(criteria):
            asked |= {f"criteria[{number}][{name}]": text for name, text in (
                ("link", "AND"), ("field", str(field)), ("searchtype", kind), ("value", value)
            )}  # fmt: skip
        answer = self._ask(f"search/{type_}?{urlencode(asked)}")
        if not isinstance(answer, dict):
            raise self._strange()
        return self._rows(answer.get("data", []))  # none found: there is no such key

    def _rows(self, answer: Any) -> list[dict[str, Any]]:
        if not isinstance(answer, list) or not all(isinstance(row, dict) for row in answer):
            raise self._strange()
        return answer[:MOST_ROWS]

    def _ask(self, what: str, more: dict[str, str] | None = None) -> Any:
        deadline = time.monotonic() + TIMEOUT_S
        connection = self._connection()
        try:
            connection.request("GET", f"{self._place.path}/{what}", headers=self._headers | (more or {}))
            with connection.getresponse() as response:
                body = self._body(connection, response, deadline)
        except ssl.SSLCertVerificationError as error:
            raise self._failure(*_UNTRUSTED) from error
        except (OSError, HTTPException, ValueError) as error:  # ValueError: a header that cannot be sent
            raise self._failure(*_SILENT) from error
        finally:
            connection.close()
        return self._answer(response, body)

    def _connection(self) -> HTTPConnection:
        host, port = self._place.hostname or "", self._place.port
        if self._place.scheme == "http":
            return HTTPConnection(host, port, timeout=TIMEOUT_S)
        trusted = ssl.create_default_context(cafile=self._access.ca and str(self._access.ca))
        return HTTPSConnection(host, port, timeout=TIMEOUT_S, context=trusted)

    def _body(self, connection: HTTPConnection, response: HTTPResponse, deadline: float) -> bytes:
        body = bytearray()
        while chunk := response.read1(64 << 10):
            body += chunk
            left = deadline - time.monotonic()
            if len(body) > MOST_BYTES or left <= 0:
                raise HTTPException("too much, or too slow")
            if connection.sock is not None:
                connection.sock.settimeout(left)
        return bytes(body)

    def _answer(self, response: HTTPResponse, body: bytes) -> Any:
        if 300 <= response.status < 400:
            raise self._failure(*_ELSEWHERE)
        try:
            answer = json.loads(body) if body.strip() else None
        except (ValueError, RecursionError):
            raise self._strange() from None
        if response.status in (200, 206):
            return answer
        code = str(answer[0]) if isinstance(answer, list) and answer else ""
        if code in ("ERROR_RIGHT_MISSING", "ERROR_ITEM_NOT_FOUND"):
            what, do = _REFUSALS[code]
            raise HiddenError(what, where=self._where, do=do)
        what, do = _REFUSALS.get(code, _REFUSED)
        shown = code if re.fullmatch(r"ERROR_[A-Z_]{1,60}", code) else f"HTTP {response.status}"
        raise GlpiError(what, where=f"{self._where}: {shown}", do=do)

    @property
    def _where(self) -> str:
        return self._place.netloc.rsplit("@", 1)[-1]

    def _strange(self) -> GlpiError:
        return self._failure(*_STRANGE)

    def _failure(self, what: Text, do: Text) -> GlpiError:
        return GlpiError(what, where=self._where, do=do)


def _endpoint(url: str) -> SplitResult:
    """The API's address, from GLPI's own or the API's. Raises GlpiError when tokens would travel in clear."""
    place = urlsplit(url.rstrip("/"))
    if place.scheme != "https" and not _is_loopback(place.hostname or ""):
        raise GlpiError(
            Text("L'adresse de GLPI doit commencer par https.", "The address of GLPI must begin with https."),
            where=place.hostname or "",
            do=Text("Corrigez le réglage « url » de [glpi].", "Correct the setting “url” of [glpi]."),
        )
    path = quote(place.path)
    return place._replace(path=path if path.endswith((".php", "/v1")) else f"{path}/apirest.php")


def _is_loopback(host: str) -> bool:
    with suppress(ValueError):
        return ip_address(host).is_loopback
    return host == "localhost"


_RANGE = f"0-{MOST_ROWS - 1}"
_TOKENS = Text(
    "Vérifiez les jetons dans la table [glpi] des réglages.", "Check the tokens in the table [glpi] of the settings."
)
_UNTRUSTED = (
    Text("Le certificat de GLPI n'est pas reconnu.", "The certificate of GLPI is not trusted."),
    Text(
        "Donnez l'autorité de votre centre (réglage « ca » de [glpi]).",
        "Name the certificate authority of your centre (setting “ca” of [glpi]).",
    ),
)
_SILENT = (
    Text("GLPI ne répond pas, ou s'interrompt.", "GLPI does not answer, or breaks off."),
    Text("Vérifiez l'adresse et le réseau, puis réessayez.", "Check the address and the network, then try again."),
)
_ELSEWHERE = (
    Text("L'adresse de GLPI renvoie ailleurs.", "The address of GLPI redirects elsewhere."),
    Text("Donnez l'adresse finale (réglage « url » de [glpi]).", "Give the final address (setting “url” of [glpi])."),
)
_STRANGE = (
    Text("La réponse n'est pas celle de l'API de GLPI.", "The answer is not that of GLPI's API."),
    Text(
        "Vérifiez l'adresse, et que l'API REST est activée (Configuration > Générale > API).",
        "Check the address, and that the REST API is on (Setup > General > API).",
    ),
)
_REFUSED = (Text("GLPI refuse la demande.", "GLPI refuses the request."), _TOKENS)
_REFUSALS: dict[str, tuple[Text, Text]] = {
    "ERROR_GLPI_LOGIN_USER_TOKEN": (
        Text("GLPI ne reconnaît pas le jeton d'utilisateur.", "GLPI does not know the user token."),
        _TOKENS,
    ),
    "ERROR_WRONG_APP_TOKEN_PARAMETER": (
        Text("GLPI ne reconnaît pas le jeton d'application.", "GLPI does not know the application token."),
        _TOKENS,
    ),
    "ERROR_APP_TOKEN_PARAMETERS_MISSING": (
        Text("GLPI demande un jeton d'application.", "GLPI asks for an application token."),
        _TOKENS,
    ),
    "ERROR_NOT_ALLOWED_IP": (
        Text("GLPI n'accepte pas l'adresse de ce serveur.", "GLPI does not accept the address of this server."),
        Text("Ajoutez-la au client de l'API dans GLPI.", "Add it to the API client in GLPI."),
    ),
    "ERROR_RIGHT_MISSING": (
        Text("Le compte n'a pas le droit de lire cela dans GLPI.", "The account may not read this in GLPI."),
        Text("Donnez-lui un profil qui lit les tickets.", "Give it a profile that reads tickets."),
    ),
    "ERROR_ITEM_NOT_FOUND": (
        Text("GLPI n'a rien sous ce numéro.", "GLPI has nothing under this number."),
        Text("Vérifiez l'entité et le profil du compte.", "Check the entity and the profile of the account."),
    ),
}
"""By the codes of apirest.md."""
