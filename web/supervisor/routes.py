"""Addresses for supervisors: each module puts its own on the blueprint."""

from __future__ import annotations

from web.supervisor import deeds, devices, minutes, papers, phases, sessions, wall_page
from web.supervisor.blueprint import routes

__all__ = ["deeds", "devices", "minutes", "papers", "phases", "routes", "sessions", "wall_page"]
