"""The files of a dossier, made of what was read (``source``): nobody else's data is in them."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import asdict
from typing import Any

import rfc8785
from pydantic_core import to_jsonable_python

from checkers.report import Candidate, report_of
from checkers.report.html import candidate_html
from checkers.report.model import Moment
from checkers.report.write import observation_json
from labs.text import Text
from orchestrator.dossier.extract import write_extract
from orchestrator.dossier.manifest import Head, Manifest
from orchestrator.dossier.readme import readme
from orchestrator.dossier.report import report_pdf
from orchestrator.dossier.source import Files, Person, Source
from orchestrator.engine.judging import read
from orchestrator.exam.words import sentence
from orchestrator.sealed.keys import PublicKey
from orchestrator.sealed.manifest import sha256
from orchestrator.store.judgements import StoredJudgement
from orchestrator.stored import OTHER_LAB
from orchestrator.version import version

SUMS = "SHA256SUMS"


def manifest_of(source: Source, candidate: str, by: str) -> Manifest:
    """What a dossier says of itself; its files are named when it is sealed."""
    seq, hash_ = source.head
    return Manifest(
        session=source.exam.slug,
        candidate=candidate,
        at=source.at,
        by=by,
        simulated=source.stored.simulated,
        software=version(),
        journal=Head(seq=seq, hash=hash_),
        files=(),
    )


def files_of(source: Source, candidate: str, key: PublicKey) -> Files:
    """The files of one candidate's dossier, by name. key: the one that will seal them."""
    person = source.people[candidate]
    evidence = rfc8785.dumps(evidence_of(source, person))
    files: Files = {
        "LISEZMOI.txt": readme(source, person, key).encode(),
        "dossier.json": evidence,
        "journal.jsonl": write_extract(source.entries, candidate),
        "page.json": rfc8785.dumps(to_jsonable_python(asdict(person.page))),
        "public-key.pem": key.pem,
        "report.pdf": report_pdf(source, person, key, evidence),
    }
    for book, entries in person.books.items():
        written = [asdict(one) | {"document": json.loads(one.document)} for one in entries]
        files[f"books/{book}.json"] = rfc8785.dumps(to_jsonable_python(written))
    for machine, picture in person.screens.items():
        files[f"screens/{machine}.png"] = picture
    for name, content in person.incidents.items():
        files[f"incidents/{name}.json"] = content
    if person.subject is not None:
        files["subject.html"] = person.subject.encode()
    if person.observation is not None:
        files["observation.json"] = observation_json(person.observation)
    for stored in person.judgements:
        files |= _judgement(source, person, stored)
    for hash_ in {source.exam.lab_hash, *(one.lab_hash for one in person.judgements)} & source.labs.keys():
        files[f"labs/{hash_}.tar"] = source.labs[hash_]
    files[SUMS] = "".join(f"{sha256(files[name])}  {name}\n" for name in sorted(files)).encode()
    return files


def evidence_of(source: Source, person: Person) -> dict[str, Any]:
    """What the report shows, as data: ``dossier.json``, and attached to ``report.pdf``."""
    name, minutes = person.sitting.id, source.minutes
    made: dict[str, Any] = to_jsonable_python(
        {
            "format": "epreuve-evidence/1",
            "session": minutes.model_dump(
                mode="json", exclude={"attendance", "happenings", "incidents", "decisions", "drawn_up_at", "place"}
            ),
            "candidate": person.about and {key: value for key, value in asdict(person.about).items() if key != "email"},
            "attendance": next(one.model_dump(mode="json") for one in minutes.attendance if one.id == name),
            "happenings": [one.model_dump(mode="json", exclude={"candidates"}) for one in source.happenings(name)],
            "incidents": [one.model_dump(mode="json") for one in minutes.incidents if one.candidate == name],
            "decision": next((one.model_dump(mode="json") for one in minutes.decisions if one.candidate == name), None),
            "judgements": [_verdicts(one) for one in person.judgements],
            "observation": person.sitting.observation,
            "screens": sorted(person.screens),
            "people": source.names,
            "lacks": [one.model_dump() for one in person.lacks],
        }
    )
    return made


def _verdicts(stored: StoredJudgement) -> Mapping[str, Any]:
    found = read(stored)
    about = {key: value for key, value in asdict(stored).items() if key not in ("document", "session", "candidate")}
    points = found.model_dump(mode="json", include={"points", "max_points", "open_points"})
    return about | points | {"verdicts": found.digest()}


def _judgement(source: Source, person: Person, stored: StoredJudgement) -> Files:
    """A judgement as data, and its evidence as the page that a jury reads."""
    name = f"judgements/{stored.number}"
    found = read(stored)
    written = asdict(stored) | {"document": json.loads(stored.document)}
    files = {f"{name}.json": rfc8785.dumps(to_jsonable_python(written))}
    if person.observation is not None:
        own = [one for one in source.entries if one["candidate"] == person.sitting.id]
        report = report_of(
            found,
            person.observation,
            candidate=Candidate(name=person.name[:200], number=person.number),
            judged_at=stored.made_at,
            notes=[OTHER_LAB] if found.lab.hash != person.observation.lab_hash else [],
            times=[Moment(at=one["at"], what=_told(one)) for one in own],
            software={"épreuve (verdicts)": stored.software},
        )
        rejudge = "epreuve dossier judge DOSSIER.zip"
        files[f"{name}.html"] = candidate_html(report, "fr", zone="", rejudge=rejudge).encode()
    return files


def _told(entry: Mapping[str, Any]) -> Text:
    what = sentence(entry["kind"], json.loads(entry["data"]))
    if not entry["why"]:
        return what
    return Text(f"{what.fr} (motif : {entry['why']})", f"{what.en} (reason: {entry['why']})")
