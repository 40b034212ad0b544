"""Errors as pages: a sentence, where, and what to do. Never a stack trace."""

from __future__ import annotations

import logging

from flask import Flask, Response, jsonify, render_template, request
from flask_wtf.csrf import CSRFError
from werkzeug.exceptions import HTTPException

from labs.errors import EpreuveError
from labs.text import Text
from labs.typography import typeset
from orchestrator.engine.trials import TrialError
from orchestrator.exam import Refused
from orchestrator.library.errors import LibraryError
from orchestrator.store.errors import RecordError

log = logging.getLogger(__name__)

_WORDS = {
    400: (
        Text("La demande n'est pas lisible.", "The request cannot be read."),
        Text("Revenez en arrière et recommencez.", "Go back and try again."),
    ),
    401: (Text("Il faut d'abord se connecter.", "Sign in first."), Text("Rechargez la page.", "Reload the page.")),
    403: (
        Text("Cette page n'est pas pour vous.", "This page is not for you."),
        Text("Connectez-vous avec un autre compte.", "Sign in with another account."),
    ),
    404: (
        Text("Il n'y a rien à cette adresse.", "There is nothing at this address."),
        Text("Elle est mal écrite, ou ne vous concerne pas.", "It is misspelt, or not for you."),
    ),
    405: (Text("Cette adresse ne s'ouvre pas ainsi.", "This address is not opened like this."), None),
    413: (
        Text("Ce qui a été envoyé est trop gros.", "What was sent is too large."),
        Text("Envoyez un fichier plus petit.", "Send a smaller file."),
    ),
    429: (
        Text("Trop d'essais.", "Too many attempts."),
        Text("Attendez une minute, puis recommencez.", "Wait a minute, then try again."),
    ),
}
_DEFECT = Text("Défaut d'Épreuve : la page n'a pas pu être faite.", "A defect of Épreuve: the page could not be made.")
_TELL = Text(
    "Rien n'a été perdu. Prévenez l'administrateur : le journal du site dit pourquoi.",
    "Nothing was lost. Tell the administrator: the site's log says why.",
)


def status_of(error: EpreuveError) -> int:
    """The HTTP status of one of our errors: refused in this state, not there, or asked for wrongly."""
    if isinstance(error, (Refused, LibraryError, TrialError)):
        return 409
    return 404 if isinstance(error, RecordError) else 400


def use_errors(app: Flask) -> None:
    """Answer errors with pages."""
    app.register_error_handler(EpreuveError, _ours)
    app.register_error_handler(CSRFError, _forged)
    app.register_error_handler(HTTPException, _http)
    app.register_error_handler(Exception, _defect)


def _page(status: int, what: Text, do: Text | None, where: str = "") -> tuple[str | Response, int]:
    if request.accept_mimetypes.best == "application/json":
        return jsonify(message=typeset(f"{what} {do or ''}".strip())), status
    part = "error_part.html" if request.headers.get("HX-Request") else "error.html"
    return render_template(part, what=what, do=do, where=where, status=status), status


def _ours(error: Exception) -> tuple[str | Response, int]:
    assert isinstance(error, EpreuveError)  # noqa: S101 - registered for it
    return _page(status_of(error), error.what, error.do, error.where)


def _forged(_error: Exception) -> tuple[str | Response, int]:
    return _page(
        400,
        Text("Le formulaire a expiré.", "The form has expired."),
        Text("Rechargez la page et recommencez.", "Reload the page and try again."),
    )


def _http(error: Exception) -> tuple[str | Response, int] | HTTPException:
    assert isinstance(error, HTTPException)  # noqa: S101 - registered for it
    if error.code is None or error.code < 400:
        return error
    if error.code >= 500:
        return _page(error.code, _DEFECT, _TELL)
    what, do = _WORDS.get(error.code, _WORDS[400])
    return _page(error.code, what, do)


def _defect(error: Exception) -> tuple[str | Response, int]:
    log.exception("%s %s", request.method, request.endpoint, exc_info=error)  # the address may hold a secret
    return _page(500, _DEFECT, _TELL)
