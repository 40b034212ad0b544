"""Writing a session's reports: one folder, everything in it can be read without the product."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path

import rfc8785
from pydantic import BaseModel

from checkers.facts import Observation
from checkers.report.csv_ import session_csv
from checkers.report.errors import ReportError
from checkers.report.html import candidate_html, index_html
from checkers.report.junit import junit_xml
from checkers.report.model import CandidateReport, SessionReport
from labs.files import write_atomic
from labs.text import Language, Text


def write_session(
    out: Path,
    session: SessionReport,
    candidates: Sequence[tuple[CandidateReport, Observation]],
    language: Language = "fr",
    *,
    zone: str = "Europe/Paris",
) -> list[Path]:
    """Write every file of a session's reports under ``out`` and return them, ``index.html`` first.

    The index is written last: where it is, everything it links to is there. ``observation.json`` is canonical JSON, so
    its SHA-256 is the one that the report names. Raises ReportError when a file cannot be written.
    """
    _same_session(session, candidates)
    written: list[Path] = []

    def write(path: Path, data: bytes | str) -> None:
        try:
            written.append(write_atomic(path, data))
        except OSError as error:
            raise ReportError(
                Text(
                    f"Le rapport n'a pas pu être écrit : {error.strerror or error}.",
                    f"The report could not be written: {error.strerror or error}.",
                ),
                where=str(path),
                do=Text(
                    "Libérez de la place ou choisissez un autre dossier avec --out.",
                    "Free some space, or choose another folder with --out.",
                ),
            ) from error

    for report, observation in candidates:
        folder = out / report.folder
        write(folder / "observation.json", observation_json(observation))
        write(folder / "report.json", as_json(report))
        write(folder / "report.html", candidate_html(report, language, zone=zone))
    write(out / "session.json", as_json(session))
    write(out / "session.csv", session_csv(session, language))
    write(out / "junit.xml", junit_xml(session, language))
    write(out / "index.html", index_html(session, language, zone=zone))
    return [written[-1], *written[:-1]]


def _same_session(session: SessionReport, candidates: Sequence[tuple[CandidateReport, Observation]]) -> None:
    """The pages must link to what is written, and each report lie beside the observation that it was made from."""
    reports = sorted((report for report, _observation in candidates), key=lambda report: report.number)
    belongs = tuple(report.result() for report in reports) == session.candidates
    if not belongs or any(report.observation_hash != seen.digest() for report, seen in candidates):
        raise ReportError(
            Text(
                "Les rapports, les observations et la session ne vont pas ensemble.",
                "The reports, the observations and the session do not belong together.",
            ),
            where=session.session,
            do=Text("Rejugez les observations, puis refaites le rapport.", "Judge again, then make the report again."),
        )


def as_json(model: BaseModel) -> str:
    """A report as readable JSON."""
    return json.dumps(model.model_dump(mode="json"), ensure_ascii=False, indent=2) + "\n"


def observation_json(observation: Observation) -> bytes:
    """The observation in the very bytes that ``Observation.digest`` hashes."""
    return rfc8785.dumps(observation.model_dump(mode="json"))
