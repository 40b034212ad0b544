"""Addresses for administrators."""

from __future__ import annotations

from flask import Blueprint, render_template

from web.access import account

routes = Blueprint("admin", __name__)


@routes.get("/administration/")
@account("administrator")
def accounts() -> str:
    """The accounts."""
    return render_template("admin/accounts.html")
