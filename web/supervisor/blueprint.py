"""The blueprint that the modules of this part put their addresses on; ``routes`` brings them together."""

from __future__ import annotations

from flask import Blueprint

routes = Blueprint("supervisor", __name__)
