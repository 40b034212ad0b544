"""The session as a table for a spreadsheet.

UTF-8 with a byte order mark and ``;`` between cells: what a French Excel and LibreOffice open with a double click.
Numbers have a decimal comma in French and a point in English, since a spreadsheet reads the other one as text. One row
per candidate: totals, counts, points of each task and of each competency.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable

from checkers.report.model import CandidateResult, CheckResult, GroupTitle, SessionReport, total
from checkers.report.show import number
from checkers.report.visible import one_line
from labs.text import Language, Text

_STARTS_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")

_HEADER = (
    Text("Simulation", "Simulated"),
    Text("Session", "Session"),
    Text("Sujet", "Lab"),
    Text("Numéro", "Number"),
    Text("Candidat", "Candidate"),
    Text("Points", "Points"),
    Text("Points possibles", "Possible points"),
    Text("Points à décider par le jury", "Points for the jury to decide"),
    Text("Conforme (PASS)", "PASS"),
    Text("Non conforme (FAIL)", "FAIL"),
    Text("Non observé (INCONCLUSIVE)", "INCONCLUSIVE"),
)
_FOOTER = (
    Text("Observé le (UTC)", "Observed at (UTC)"),
    Text("Empreinte de l'observation (SHA-256)", "Hash of the observation (SHA-256)"),
    Text("Rapport", "Report"),
)


def safe_cell(text: str) -> str:
    """A text cell that no spreadsheet runs as a formula: an apostrophe goes before whatever starts like one."""
    return "'" + one_line(text) if text.lstrip(" \xa0\u202f").startswith(_STARTS_FORMULA) else one_line(text)


def session_csv(session: SessionReport, language: Language = "fr") -> bytes:
    """The session as CSV."""
    stream = io.StringIO(newline="")
    writer = csv.writer(stream, delimiter=";", lineterminator="\r\n")
    writer.writerow(
        safe_cell(cell)
        for cell in (
            *(text.in_(language) for text in _HEADER),
            *(_group(group, language) for group in (*session.tasks, *session.competencies)),
            *(text.in_(language) for text in _FOOTER),
        )
    )
    for result in session.candidates:
        writer.writerow(_row(session, result, language))
    return stream.getvalue().encode("utf-8-sig")


def _group(group: GroupTitle, language: Language) -> str:
    return f"{group.id} – {group.title} (/{number(group.max_points, language)})"


def _row(session: SessionReport, result: CandidateResult, language: Language) -> list[str]:
    mark = Text("SIMULATION", "SIMULATED") if result.simulated else Text("non", "no")
    return [
        mark.in_(language),
        safe_cell(session.session),
        safe_cell(f"{session.lab.id} {session.lab.version}"),
        str(result.number),
        safe_cell(result.name),
        number(result.points, language),
        number(result.max_points, language),
        number(result.open_points, language),
        str(result.passed),
        str(result.failed),
        str(result.inconclusive),
        *(_points((c for c in result.checks if c.task == group.id), language) for group in session.tasks),
        *(_points((c for c in result.checks if c.competency == group.id), language) for group in session.competencies),
        f"{result.ended_at:%Y-%m-%d %H:%M:%S}",
        result.observation_hash,
        safe_cell(f"{result.folder}/report.html"),
    ]


def _points(checks: Iterable[CheckResult], language: Language) -> str:
    return number(total(checks)["points"], language)
