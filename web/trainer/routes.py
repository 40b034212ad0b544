"""Addresses for trainers."""

from __future__ import annotations

from web.trainer import devices, labs, trial, upload
from web.trainer.blueprint import routes

__all__ = ["devices", "labs", "routes", "trial", "upload"]
