"""The results of a session as a table for the school's information system: docs/results.md names its columns.

UTF-8 with a byte order mark and ``;`` between cells, as ``checkers.report.csv_``. One row per candidate, whatever
became of them; days are ISO 8601; a decision that was not taken is an empty cell.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime

from checkers.report.csv_ import safe_cell
from checkers.report.model import Sum
from checkers.report.show import number
from labs.text import Language, Text
from orchestrator.marks.words import TITLE_WORDS, block_word
from orchestrator.minutes.model import Attendance, Decision, Minutes
from orchestrator.minutes.words import presence_word

_WHO = (
    Text("Simulation", "Simulated"),
    Text("Session", "Session"),
    Text("Numéro", "Number"),
    Text("Nom", "Surname"),
    Text("Prénom", "First name"),
    Text("Date de naissance", "Birth date"),
    Text("Certification", "Certification"),
    Text("Format", "Format"),
    Text("Sujet", "Lab"),
    Text("Date de l'épreuve", "Day of the exam"),
    Text("Présence", "Attendance"),
)
_DECIDED = (
    Text("Titre", "Title"),
    Text("Décidé le", "Decided on"),
    Text("Décision signée", "Decision signed"),
)
_POINTS = (
    Text("Points relevés par la machine", "Points seen by the machine"),
    Text("Points possibles", "Possible points"),
    Text("Points non observés", "Points not seen"),
    Text("Identifiant", "Id"),
)


def results_csv(minutes: Minutes, points: Mapping[str, Sum], language: Language = "fr") -> bytes:
    """The results as CSV. points: what the last judgement of each candidate found; who has none is not in it."""
    stream = io.StringIO(newline="")
    writer = csv.writer(stream, delimiter=";", lineterminator="\r\n")
    for row in (_columns(minutes, language), *_rows(minutes, points, language)):
        writer.writerow(map(safe_cell, row))
    return stream.getvalue().encode("utf-8-sig")


def results_rows(minutes: Minutes, points: Mapping[str, Sum], language: Language = "fr") -> list[dict[str, str]]:
    """The same rows, each by its columns, as they are."""
    columns = _columns(minutes, language)
    return [dict(zip(columns, row, strict=True)) for row in _rows(minutes, points, language)]


def _columns(minutes: Minutes, language: Language) -> list[str]:
    blocks = (f"{block.id} – {block.title}" for block in minutes.blocks)
    return [*_in(_WHO, language), *blocks, *_in(_DECIDED, language), *_in(_POINTS, language)]


def _rows(minutes: Minutes, points: Mapping[str, Sum], language: Language) -> Iterator[list[str]]:
    decisions = {one.candidate: one for one in minutes.decisions}
    for one in minutes.attendance:
        who = _who(minutes, one, language)
        decided = _decided(minutes, decisions.get(one.id), language)
        yield [*who, *decided, *_points(points.get(one.id), language), one.id]


def _in(texts: Sequence[Text], language: Language) -> Iterator[str]:
    return (text.in_(language) for text in texts)


def _who(minutes: Minutes, one: Attendance, language: Language) -> list[str]:
    mark = Text("SIMULATION", "SIMULATED") if minutes.simulated else Text("non", "no")
    return [
        mark.in_(language),
        minutes.session,
        one.number,
        one.surname,
        one.first_name,
        one.birth_date.isoformat() if one.birth_date else "",
        minutes.certification,
        minutes.format.title,
        f"{minutes.lab.id} {minutes.lab_version}",
        _day(one.started_at),
        presence_word(one.presence).in_(language),
    ]


def _decided(minutes: Minutes, decision: Decision | None, language: Language) -> list[str]:
    if decision is None:
        return [""] * (len(minutes.blocks) + len(_DECIDED))
    granted = (decision.blocks.get(block.id) for block in minutes.blocks)
    title = "" if decision.title is None else TITLE_WORDS[decision.title].in_(language)
    signed = Text("oui", "yes") if decision.is_signed else Text("non", "no")
    return [
        *("" if one is None else block_word(one).in_(language) for one in granted),
        title,
        _day(decision.taken_at),
        signed.in_(language),
    ]


def _points(found: Sum | None, language: Language) -> list[str]:
    if found is None:
        return ["", "", ""]
    return [number(value, language) for value in (found.points, found.max_points, found.open_points)]


def _day(at: datetime | None) -> str:
    return "" if at is None else f"{at.astimezone():%Y-%m-%d}"
