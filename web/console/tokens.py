"""What opens a console: a signed token that names one machine for one login, for half a minute.

The site issues it once it has decided that the person may; the proxy reads it. It can be used to open a connection
only: whether that may stay open is asked again all the while (``web.console.gate``).
"""

from __future__ import annotations

import hashlib
from typing import Annotated, Literal

from itsdangerous import BadData, URLSafeTimedSerializer
from pydantic import BaseModel, ConfigDict, StringConstraints, ValidationError

from labs.errors import EpreuveError
from labs.text import Text

OPENS_FOR_S = 30
"""From its issue, in seconds."""

MAX_LENGTH = 1024

Kind = Literal["candidate", "supervisor", "jury", "trainer"]
Name = Annotated[str, StringConstraints(pattern=r"^[a-z0-9][a-z0-9-]{0,63}$")]


class TokenError(EpreuveError):
    """This token opens nothing: forged, altered, or too old."""

    code = "console-token"


class Claims(BaseModel):
    """What a token says. login: hash of the login it was issued to. bench: the name of the bench, for a candidate
    their id."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    kind: Kind
    login: Annotated[str, StringConstraints(pattern=r"^[0-9a-f]{64}$")]
    session: Name
    bench: Name
    machine: Name


def issue(secret: bytes, claims: Claims) -> str:
    """A token for these claims, safe in an address."""
    return str(_serializer(secret).dumps(claims.model_dump()))


def read(secret: bytes, token: str) -> Claims:
    """What a token says. Raises TokenError."""
    try:
        return Claims.model_validate(_serializer(secret).loads(token[:MAX_LENGTH], max_age=OPENS_FOR_S))
    except (BadData, ValidationError) as error:
        raise TokenError(
            Text("Cette adresse de console n'est pas valable.", "This console address is not valid."),
            do=Text("Rouvrez la console depuis sa page.", "Open the console from its page again."),
        ) from error


def _serializer(secret: bytes) -> URLSafeTimedSerializer:
    signer = {"key_derivation": "hmac", "digest_method": hashlib.sha256}
    return URLSafeTimedSerializer(secret, salt="epreuve.console", signer_kwargs=signer)
