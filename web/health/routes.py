"""Addresses for monitoring."""

from __future__ import annotations

import ipaddress
from typing import cast

from flask import Blueprint, Flask, abort, current_app
from flask.blueprints import BlueprintSetupState
from werkzeug.wrappers import Response

from web.access import public
from web.health.metrics import Requests, figures
from web.site import address, site

routes = Blueprint("health", __name__)

_NAME = "epreuve-requests"


@routes.record_once
def _measure(state: BlueprintSetupState) -> None:
    app = cast(Flask, state.app)
    app.extensions[_NAME] = Requests(app)


@routes.get("/healthz")
@public
def healthz() -> str:
    """Whether pages can be made: the database answers."""
    with site().store.read():
        return "ok\n"


@routes.get("/metrics")
@public
def metrics() -> Response:
    """Figures for Prometheus, to this computer only."""
    try:
        if not ipaddress.ip_address(address()).is_loopback:
            abort(404)
    except ValueError:
        abort(404)
    return Response(figures(current_app.extensions[_NAME]), mimetype="text/plain; version=0.0.4")
