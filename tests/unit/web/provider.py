"""A small OpenID provider on loopback: discovery, keys, authorization with PKCE, tokens signed with RS256."""

from __future__ import annotations

import base64
import hashlib
import secrets
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from flask import Flask, jsonify, redirect, request
from joserfc import jwt
from joserfc.jwk import RSAKey
from werkzeug.serving import make_server
from werkzeug.wrappers import Response

CLIENT, SECRET = "epreuve", "the client's secret"


class Provider:
    """claims: of whoever signs in next. lie: signs with a key that nobody knows."""

    def __init__(self) -> None:
        self.key = RSAKey.generate_key(2048, parameters={"kid": "one"})
        self.claims: dict[str, Any] = {"sub": "42"}
        self.lie = False
        self.issuer = ""
        self._codes: dict[str, dict[str, str]] = {}
        self.app = Flask("provider")
        self.app.get("/.well-known/openid-configuration")(self._discovery)
        self.app.get("/keys")(lambda: jsonify(keys=[self.key.as_dict(private=False)]))
        self.app.get("/authorize")(self._authorize)
        self.app.post("/token")(self._token)

    def _discovery(self) -> dict[str, Any]:
        return {
            "issuer": self.issuer,
            "authorization_endpoint": f"{self.issuer}/authorize",
            "token_endpoint": f"{self.issuer}/token",
            "jwks_uri": f"{self.issuer}/keys",
            "id_token_signing_alg_values_supported": ["RS256"],
            "response_types_supported": ["code"],
            "subject_types_supported": ["public"],
        }

    def _authorize(self) -> Response:
        """Whoever comes is signed in at once, as ``claims`` say."""
        asked = request.args
        assert asked["client_id"] == CLIENT
        assert asked["code_challenge_method"] == "S256"
        code = secrets.token_urlsafe(8)
        self._codes[code] = {"nonce": asked["nonce"], "challenge": asked["code_challenge"]}
        return redirect(f"{asked['redirect_uri']}?code={code}&state={asked['state']}")

    def _token(self) -> Response | tuple[str, int]:
        known = self._codes.pop(request.form["code"], None)
        digest = hashlib.sha256(request.form["code_verifier"].encode()).digest()
        given = request.authorization
        if known is None or known["challenge"] != base64.urlsafe_b64encode(digest).decode().rstrip("="):
            return "no", 400
        if given is None or (given.username, given.password) != (CLIENT, SECRET):
            return "no", 401
        now = int(time.time())
        claims = {
            "iss": self.issuer,
            "aud": CLIENT,
            "iat": now,
            "exp": now + 60,
            "nonce": known["nonce"],
            **self.claims,
        }
        key = RSAKey.generate_key(2048, parameters={"kid": "one"}) if self.lie else self.key
        token = jwt.encode({"alg": "RS256", "kid": "one"}, claims, key)
        return jsonify(access_token="x", token_type="Bearer", id_token=token, expires_in=60)


@contextmanager
def provider() -> Iterator[Provider]:
    """One that answers on a port of its own."""
    made = Provider()
    server = make_server("127.0.0.1", 0, made.app)
    made.issuer = f"http://127.0.0.1:{server.server_port}"
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    try:
        yield made
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
