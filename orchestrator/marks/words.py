"""The jury's words: levels, outcomes, and what the journal calls the entries of this book."""

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


ENTRY_WORDS: Mapping[str, Text] = {
    "marks/mark": Text(
        "un membre du jury a évalué une compétence ou un critère", "a juror marked a competency or criterion"
    ),
    "marks/note": Text("prise de notes d'un membre du jury", "note of a juror"),
    "marks/handed-in": Text("grille remise", "grid handed in"),
    "marks/juror-missing": Text("délibération sans seconde grille", "deliberation without a second grid"),
    "marks/common-mark": Text("évaluation commune d'une compétence", "common mark of a competency"),
    "marks/decision": Text("décision du jury", "decision of the jury"),
    "marks/signed": Text("décision signée", "decision signed"),
}
"""What the journal says of the entries of this book."""
