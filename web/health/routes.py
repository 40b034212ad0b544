"""Addresses for monitoring."""

from __future__ import annotations

from flask import Blueprint

from web.access import public
from web.site import site

routes = Blueprint("health", __name__)


@routes.get("/healthz")
@public
def healthz() -> str:
    """Whether pages can be made: the database answers."""
    with site().store.read():
        return "ok\n"
