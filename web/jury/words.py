"""How the jury's pages write what machines and candidates have said, points, and the journal."""

from __future__ import annotations

from decimal import Decimal

from flask.sansio.app import App

from checkers.report.show import number
from checkers.report.visible import visible
from labs.text import current_language
from web.jury.evidence import told


def points(value: Decimal) -> str:
    """``12,25``."""
    return number(value, current_language())


def use_jury_words(app: App) -> None:
    """Make these known to templates as filters."""
    app.jinja_env.filters.update(points=points, visible=visible, told=told)
