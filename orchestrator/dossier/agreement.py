"""Whether the files of a sealed dossier say the same as its journal: what was sealed is what was found and written.

The seal shows that nothing changed since. This shows more: that observation, judgements and books are those that the
journal noted when they were made, and by whom, in a chain that leads to the head that the manifest names.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import rfc8785

from labs.text import Text
from orchestrator.dossier.extract import NoExtract, read_extract
from orchestrator.dossier.manifest import Dossier
from orchestrator.sealed.manifest import canonical, sha256
from orchestrator.sealed.verify import Fault, Unsound
from orchestrator.store.values import from_text

JOURNAL, OBSERVATION = "journal.jsonl", "observation.json"
BOOKS = ("tickets", "marks", "incidents")


def must_agree(sealed: Dossier) -> None:
    """Raises Unsound with the first thing in which a dossier contradicts itself."""
    manifest = sealed.manifest
    try:
        extract = read_extract(sealed.files.get(JOURNAL, b""), manifest.session, manifest.candidate)
    except NoExtract as error:
        what = _CHAIN.format(line=error.line)
        raise Unsound(Fault(what, JOURNAL)) from error
    if extract.head != manifest.journal:
        raise Unsound(Fault(_HEAD, JOURNAL))
    told: dict[str, list[dict[str, Any]]] = {}
    for entry in extract.shown:
        if entry["candidate"] is not None:
            about = {name: entry[name] for name in ("at", "who", "why")}
            told.setdefault(entry["kind"], []).append(json.loads(entry["data"]) | about)
    try:
        for name, known in _expected(told):
            missing = bool(known) and name.startswith("books/")  # what else is missing is said in the dossier itself
            if _found(name, sealed.files[name]) != known if name in sealed.files else missing:
                raise Unsound(Fault(_OTHER.format(name=name), name))
    except (ValueError, KeyError, TypeError) as error:
        raise Unsound(Fault(_OTHER.format(name="journal"), JOURNAL)) from error
    for name in sorted(name for name in sealed.files if name.startswith("incidents/")):
        if sha256(sealed.files[name]) not in sealed.files.get("books/incidents.json", b"").decode("utf-8", "replace"):
            raise Unsound(Fault(_OTHER.format(name=name), name))
    judged = {f"judgements/{one['number']}.json" for one in told.get("judged", [])}
    present = {name for name in sealed.files if name.startswith("judgements/") and name.endswith(".json")}
    for name in sorted(judged ^ present):
        raise Unsound(Fault(_OTHER.format(name=name), name))


def _expected(told: dict[str, list[dict[str, Any]]]) -> Iterator[tuple[str, object]]:
    """What each file must hold, as the journal noted it."""
    for frozen in told.get("bench-frozen", [])[-1:]:
        yield OBSERVATION, frozen["observation"]
    for judged in told.get("judged", []):
        name = f"judgements/{judged['number']}.json"
        yield name, (judged["number"], judged["who"], judged["why"], judged["lab_hash"], judged["verdicts"])
    books = _books(told.get("recorded", []))
    for book in BOOKS:
        yield f"books/{book}.json", books.get(book, [])


def _books(recorded: list[dict[str, Any]]) -> dict[str, list[object]]:
    found: dict[str, list[object]] = {}
    for one in recorded:
        entry = (one["number"], from_text(one["at"]), one["who"], one["what"], one["digest"], one["digest"])
        found.setdefault(one["book"], []).append(entry)
    return found


def _found(name: str, content: bytes) -> object:
    """The same of what a file holds. Raises ValueError, KeyError or TypeError when it is not what it should be."""
    if name == OBSERVATION:
        return sha256(content)
    value = canonical(content)
    if name.startswith("judgements/"):
        return (*(value[name] for name in ("number", "who", "why", "lab_hash")), _digest(value["document"]))
    return [
        (one["number"], from_text(one["at"]), one["who"], one["what"], one["digest"], _digest(one["document"]))
        for one in value
    ]


def _digest(value: Any) -> str:
    return sha256(rfc8785.dumps(value))


_CHAIN = Text(
    "L'extrait du journal ne s'enchaîne pas, ligne {line}.", "The journal's extract does not chain, line {line}."
)
_HEAD = Text(
    "L'extrait du journal ne mène pas à la dernière entrée que nomme le manifeste.",
    "The journal's extract does not lead to the last entry that the manifest names.",
)
_OTHER = Text("{name} n'est pas ce que dit le journal.", "{name} is not what the journal says.")
