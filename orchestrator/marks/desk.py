"""Where jurors write: the rules are asked and the record is made in one transaction, so that none overtakes another."""

from __future__ import annotations

import secrets

from orchestrator.engine.desk import Desk
from orchestrator.engine.recording import record
from orchestrator.marks.documents import BOOK, CommonMark, Document, Mark, Note, kind_of
from orchestrator.marks.fold import Marking
from orchestrator.marks.reading import of_candidate
from orchestrator.marks.rules import check
from orchestrator.marks.sheet import Sheet, read_sheet
from orchestrator.store.records import Record


def write(desk: Desk, slug: str, candidate: str, *documents: Document, who: str) -> list[Record]:
    """Write documents, all of them or none; the records that were made.

    who: the juror. The proposal of the moment is put beside each mark. What says the same as what is in force makes no
    record. Raises Refused, RecordError, HistoryError.
    """
    with desk.store.read() as tx:
        sheet = read_sheet(tx, desk.look(tx, slug), candidate)
    made = []
    with desk.store.write() as tx:
        for document in documents:
            said = _complete(document, sheet)
            marking = of_candidate(tx, slug, candidate)
            if _is_said(said, marking, who):
                continue
            check(marking, sheet.frame, who, said, sheet.levels)
            made.append(record(desk, tx, slug, candidate, BOOK, kind_of(said), said, who=who))
    return made


def _complete(document: Document, sheet: Sheet) -> Document:
    more: dict[str, object] = {"salt": secrets.token_hex(16)}
    if isinstance(document, Mark):
        more |= {"proposed": sheet.levels.get(document.about), "judgement": sheet.number}
    return document.model_copy(update=more)


def _is_said(said: Document, marking: Marking, who: str) -> bool:
    """The same words are in force already: a page that saves by itself saves them again and again."""
    if isinstance(said, Note):
        return said.text == marking.grid(who).note(said.about)
    if not isinstance(said, Mark):
        return False
    versions = (marking.common if isinstance(said, CommonMark) else marking.grid(who).marks).get(said.about)
    last = versions[-1].said if versions else None
    return last is not None and (last.level, last.justification) == (said.level, said.justification)
