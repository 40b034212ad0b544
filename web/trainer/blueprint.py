"""The blueprint that the views of this part stand on."""

from __future__ import annotations

from flask import Blueprint

routes = Blueprint("trainer", __name__)
