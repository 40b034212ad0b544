"""Addresses for trainers."""

from __future__ import annotations

from flask import Blueprint, render_template

from web.access import account

routes = Blueprint("trainer", __name__)


@routes.get("/sujets/")
@account("trainer")
def catalog() -> str:
    """The catalog of labs."""
    return render_template("trainer/catalog.html")
