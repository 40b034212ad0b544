"""Addresses for juries."""

from __future__ import annotations

from flask import Blueprint, render_template

from web.access import account

routes = Blueprint("jury", __name__)


@routes.get("/jury/")
@account("jury")
def sessions() -> str:
    """The sessions entrusted to whoever asks."""
    return render_template("jury/sessions.html")
