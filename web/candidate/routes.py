"""Addresses for candidates. Nothing about checks, points or expected values is ever sent from here."""

from __future__ import annotations

from flask import Blueprint, render_template

from web.access import seated

routes = Blueprint("candidate", __name__)


@routes.get("/poste")
@seated
def page() -> str:
    """The candidate's page."""
    return render_template("candidate/page.html")
