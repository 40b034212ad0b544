"""How the jury's pages write what machines and candidates have said, points, and the journal."""

from __future__ import annotations

from decimal import Decimal

from flask.sansio.app import App

from checkers.proposal import Level
from checkers.report.show import number
from checkers.report.visible import visible
from labs.text import Text, current_language
from labs.typography import typeset
from orchestrator.marks.documents import TitleDecision
from orchestrator.marks.words import LEVEL_WORDS, TITLE_WORDS, block_word
from web.jury.evidence import told


def points(value: Decimal) -> str:
    """``12,25``."""
    return number(value, current_language())


def level_word(level: str) -> Text:
    """``Satisfait``."""
    return LEVEL_WORDS[Level(level)]


def title_word(decided: TitleDecision) -> Text:
    """``Titre accordé``."""
    return TITLE_WORDS[decided]


def use_jury_words(app: App) -> None:
    """Make these known to templates as filters."""
    app.jinja_env.filters.update(
        points=points,
        visible=visible,
        told=told,
        level_word=level_word,
        block_word=block_word,
        title_word=title_word,
        typeset=typeset,
    )
