"""The jury's words for levels and decisions. What the journal calls their records: ``orchestrator.exam.words``."""

from __future__ import annotations

from collections.abc import Mapping

from checkers.proposal import Level
from labs.text import Text
from orchestrator.marks.documents import TitleDecision

LEVEL_WORDS: Mapping[Level, Text] = {
    Level.MET: Text("Satisfait", "Met"),
    Level.PARTLY: Text("En partie", "Partly"),
    Level.NOT_MET: Text("Non satisfait", "Not met"),
    Level.NOT_SEEN: Text("Non observé", "Not seen"),
}
"""How far a competency or criterion is there, in a word or two."""

TITLE_WORDS: Mapping[TitleDecision, Text] = {
    "granted": Text("Titre accordé", "Title granted"),
    "partial": Text("Titre non accordé, blocs accordés", "Title not granted, blocks granted"),
    "refused": Text("Titre refusé", "Title refused"),
}


def block_word(granted: bool | None) -> Text:
    """What is decided or proposed for a block; None: nothing is."""
    if granted is None:
        return Text("À décider", "To be decided")
    return Text("Accordé", "Granted") if granted else Text("Non accordé", "Not granted")
