"""Addresses for juries. Each module puts its own on the blueprint."""

from __future__ import annotations

from web.jury import copies, decision, downloads, grid, hour, incidents, interview, judgements, pages, sealing
from web.jury.blueprint import routes

__all__ = [
    "copies",
    "decision",
    "downloads",
    "grid",
    "hour",
    "incidents",
    "interview",
    "judgements",
    "pages",
    "routes",
    "sealing",
]
