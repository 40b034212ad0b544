"""Addresses of the service desk. Each module puts its own on the blueprint."""

from __future__ import annotations

from web.tickets import candidate, jury
from web.tickets.blueprint import routes

__all__ = ["candidate", "jury", "routes"]
