"""Addresses for supervisors."""

from __future__ import annotations

from flask import Blueprint, render_template

from web.access import account

routes = Blueprint("supervisor", __name__)


@routes.get("/surveillance/")
@account("supervisor")
def sessions() -> str:
    """The sessions entrusted to whoever asks."""
    return render_template("supervisor/sessions.html")
