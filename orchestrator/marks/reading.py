"""Reading what the jury wrote: of one candidate, of a session, and as plain data for whoever keeps it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from pydantic_core import to_jsonable_python

from labs.text import Text
from orchestrator.marks.documents import BOOK, Document
from orchestrator.marks.fold import Marking, Version, fold
from orchestrator.store import records
from orchestrator.store.database import Transaction


def of_candidate(tx: Transaction, session: str, candidate: str) -> Marking:
    """What the jury wrote about one candidate. Raises HistoryError."""
    return fold(records.every(tx, session, candidate, BOOK))


def of_session(tx: Transaction, session: str) -> dict[str, Marking]:
    """The same of every candidate about whom something was written. Raises HistoryError."""
    return {name: fold(entries) for name, entries in records.of_session(tx, session, BOOK).items()}


def stage(marking: Marking) -> Text:
    """How far the jury is with a candidate."""
    count = len(marking.jurors)
    if marking.is_signed:
        return Text("décision signée", "decision signed")
    if marking.is_outdated:
        return Text("décision à reprendre", "to be decided again")
    if marking.decision:
        return Text("décision à signer", "decision to be signed")
    if marking.deliberates:
        return Text("en délibération", "deliberating")
    if count:
        return Text(f"{count} grille remise", f"{count} grid handed in")
    return Text("en évaluation", "being marked") if marking.grids else Text("à évaluer", "to be marked")


def as_data(marking: Marking) -> dict[str, Any]:
    """All of it with every version, as JSON values: grids by juror, common marks, decisions with their signatures.

    Grids that were never handed in are in it, too, and say so.
    """
    data: dict[str, Any] = to_jsonable_python(
        {
            "grids": [
                {
                    "juror": grid.juror,
                    "handed_in": grid.handed_in and _data(grid.handed_in),
                    "marks": _all(grid.marks),
                    "notes": _all(grid.notes),
                }
                for grid in marking.grids.values()
            ],
            "missing": [_data(version) for version in marking.missing],
            "common": _all(marking.common),
            "decisions": [
                {
                    **_data(decided.version),
                    "signatures": [_data(signature) for signature in decided.signatures.values()],
                }
                for decided in marking.decisions
            ],
            "outdated": marking.is_outdated,
            "signed": marking.is_signed,
        }
    )
    return data


def _all(known: Mapping[str, tuple[Version[Any], ...]]) -> dict[str, list[dict[str, Any]]]:
    return {about: [_data(version) for version in versions] for about, versions in known.items()}


def _data(version: Version[Any]) -> dict[str, Any]:
    said: Document = version.said
    return {**{name: value for name, value in vars(version).items() if name != "said"}, **said.model_dump(mode="json")}
