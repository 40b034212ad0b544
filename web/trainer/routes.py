"""Addresses for trainers."""

from __future__ import annotations

from web.trainer import labs, trial, upload
from web.trainer.blueprint import routes

__all__ = ["labs", "routes", "trial", "upload"]
