"""The centre's own sign-in: OpenID Connect by Authlib (authorization code flow with PKCE, nonce and state).

It opens accounts that an administrator has made for it, and no others. The first time, an account without a password
is bound to whoever signs in with its id as ``preferred_username`` or as verified ``email``; from then on the subject
counts.
"""

from __future__ import annotations

import logging

from authlib.integrations.base_client.errors import OAuthError
from authlib.integrations.flask_client import OAuth
from flask import Flask, abort, current_app
from joserfc.errors import JoseError
from requests.exceptions import RequestException
from werkzeug.wrappers import Response

from labs.text import Text
from orchestrator.settings import Oidc
from orchestrator.store import accounts, audit
from orchestrator.store.accounts import Account
from orchestrator.store.database import Transaction
from web.auth.errors import LoginError
from web.site import address, now, site

log = logging.getLogger(__name__)

_NAME = "epreuve-oidc"
_TIMEOUT_S = 10


def use_oidc(app: Flask, oidc: Oidc | None) -> None:
    """Prepare the sign-in; nothing is asked of the centre's server before somebody uses it."""
    if oidc is None:
        return
    oauth = OAuth(app)
    app.extensions[_NAME] = oauth.register(
        "centre",
        client_id=oidc.client_id,
        client_secret=oidc.client_secret,
        server_metadata_url=f"{oidc.issuer.rstrip('/')}/.well-known/openid-configuration",
        client_kwargs={
            "scope": "openid profile email",
            "code_challenge_method": "S256",
            "default_timeout": _TIMEOUT_S,
        },
    )


def central_sign_in(back: str) -> Response:
    """Send the browser there. back: where it is to return. Raises LoginError when the centre's server is silent."""
    client = current_app.extensions.get(_NAME) or abort(404)
    try:
        answer: Response = client.authorize_redirect(back)
    except (OAuthError, RequestException, ValueError) as error:
        raise _silent(error) from error
    return answer


def who_signed_in() -> Account:
    """The account of who comes back. Raises LoginError."""
    client = current_app.extensions.get(_NAME) or abort(404)
    try:
        claims = client.authorize_access_token()["userinfo"]
        subject = f"{claims['iss']} {claims['sub']}"
    except (OAuthError, JoseError, RequestException, KeyError, ValueError) as error:
        raise _silent(error) from error
    names = [claims.get("preferred_username")]
    if claims.get("email_verified") is True:
        names.append(claims.get("email"))
    with site().store.write() as tx:
        found = accounts.find_by_subject(tx, subject) or _bound(tx, subject, names)
    if found is None or found.disabled_at is not None:
        raise LoginError(
            Text("Aucun compte d'Épreuve n'est ouvert pour vous.", "No account of Épreuve is open for you."),
            do=Text(
                "Demandez à l'administrateur un compte à votre identifiant du centre.",
                "Ask the administrator for an account with your name at the centre.",
            ),
        )
    return found


def _bound(tx: Transaction, subject: str, names: list[object]) -> Account | None:
    for name in names:
        found = accounts.find(tx, name.lower()) if isinstance(name, str) else None
        if found is not None and found.password is None and found.subject is None:
            accounts.change(tx, found.id, subject=subject)
            audit.note(tx, at=now(), who=found.id, what="account-bound", about=subject, address=address())
            return found
    return None


def _silent(error: Exception) -> LoginError:
    log.warning("central sign-in: %s", error)
    return LoginError(
        Text("La connexion du centre n'a pas abouti.", "The centre's sign-in did not succeed."),
        do=Text(
            "Recommencez ; si cela dure, connectez-vous avec un mot de passe et prévenez l'administrateur.",
            "Try again; if it lasts, sign in with a password and tell the administrator.",
        ),
    )
