"""What the dossiers of a session are made of, read in one transaction and from the benches' files.

What should be there and is not does not stop the reading: each ``Lack`` is shown to whoever seals, and stands in the
dossier.
"""

from __future__ import annotations

import io
import tarfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from checkers.facts import Observation
from labs.errors import EpreuveError
from labs.folder import lab_files, lab_hash
from labs.loader import LoadedLab
from labs.subject import render_html
from labs.text import Text
from orchestrator.catalog import catalog, open_lab
from orchestrator.engine.desk import Desk, Open
from orchestrator.engine.incident_book import read as read_incidents
from orchestrator.engine.incidents import INCIDENTS
from orchestrator.engine.judging import load_observation
from orchestrator.engine.screens import frozen_screen_path
from orchestrator.exam import Exam, Sitting
from orchestrator.exam.model import Book
from orchestrator.minutes.model import Happening, Minutes
from orchestrator.minutes.read import minutes_of
from orchestrator.sealed.manifest import sha256
from orchestrator.sessions import load_session
from orchestrator.settings import Settings
from orchestrator.store import accounts, exams, journal, judgements, records, seats
from orchestrator.store.exams import StoredCandidate, StoredSession
from orchestrator.store.judgements import StoredJudgement
from orchestrator.store.records import BOOKS, Record
from orchestrator.store.seats import Page

Files = dict[str, bytes]


@dataclass(frozen=True)
class Person:
    """What was read of one candidate. number: their place on the roster. observation: as bytes and as read, if any.
    subject: the page as they sat it. screens: by machine, as at the bell. incidents: observations around the jury's
    incidents, by name. lacks: what should be here, too."""

    sitting: Sitting
    number: int
    about: StoredCandidate | None
    page: Page
    judgements: Sequence[StoredJudgement]
    books: Mapping[Book, Sequence[Record]]
    observation: Observation | None
    subject: str | None
    screens: Files
    incidents: Files
    lacks: Sequence[Text]

    @property
    def name(self) -> str:
        """Surname first; the id once the session is purged."""
        return f"{self.about.surname} {self.about.first_name}".strip() if self.about else self.sitting.id


@dataclass(frozen=True)
class Source:
    """What was read of a session. lab: as it was sat. labs: as tar archives, by their hash. names: of those who acted,
    by login name."""

    stored: StoredSession
    exam: Exam
    minutes: Minutes
    entries: Sequence[Mapping[str, Any]]
    people: Mapping[str, Person]
    lab: LoadedLab | None
    labs: Files
    names: Mapping[str, str]
    at: datetime

    def happenings(self, candidate: str) -> list[Happening]:
        """What happened to this candidate, or to the whole session."""
        return [one for one in self.minutes.happenings if not one.candidates or candidate in one.candidates]

    @property
    def head(self) -> tuple[int, str]:
        """The last entry of the journal that was read: its number and hash."""
        return self.entries[-1]["seq"], self.entries[-1]["hash"]


def read_source(desk: Desk, settings: Settings, slug: str) -> Source:
    """All of a session. Raises RecordError."""
    with desk.store.read() as tx:
        opened = desk.look(tx, slug)
        minutes = minutes_of(desk, tx, slug)
        entries = journal.columns_of(tx, slug)
        about = {one.id: one for one in exams.candidates(tx, slug)}
        pages = seats.pages(tx, slug)
        judged = {name: judgements.every(tx, slug, name) for name in opened.exam.candidates}
        books = {book: records.of_session(tx, slug, book) for book in BOOKS}
        names = {one.id: one.name for one in accounts.every(tx)}
    wanted = {opened.exam.lab_hash, *(one.lab_hash for found in judged.values() for one in found)}
    labs = _labs(settings, opened.stored, wanted)
    lab, secrets, lacks = _as_sat(settings, opened.stored)
    people = {}
    for number, (name, sitting) in enumerate(opened.exam.candidates.items(), start=1):
        if sitting.state == "withdrawn":
            continue
        sat = sitting.clock.started_at is not None or bool(sitting.phases)
        observation, unread = _observation(settings, slug, sitting)
        incidents, unkept = _incidents(settings, slug, name, books["incidents"].get(name, []))
        missing = [*(lacks if sat else []), *unread, *unkept]
        missing += [_NO_LAB.format(hash=one.lab_hash[:12]) for one in judged[name] if one.lab_hash not in labs]
        who = about.get(name)
        spelt = f"{who.surname} {who.first_name}".strip() if who else name
        people[name] = Person(
            sitting=sitting,
            number=number,
            about=who,
            page=pages.get(name, Page()),
            judgements=judged[name],
            books={book: books[book].get(name, []) for book in BOOKS},
            observation=observation,
            subject=_subject(opened, lab, secrets, name, spelt) if sat and lab else None,
            screens=_screens(settings, opened.exam, name),
            incidents=incidents,
            lacks=list(dict.fromkeys(missing)),
        )
    acted = {entry["who"] for entry in entries}
    known = {name: spelt for name, spelt in names.items() if name in acted}
    return Source(opened.stored, opened.exam, minutes, entries, people, lab, labs, known, desk.clock.read().wall)


def as_tar(folder: Path) -> bytes:
    """A lab's files as a tar archive: the same files make the same bytes."""
    made = io.BytesIO()
    with tarfile.open(fileobj=made, mode="w", format=tarfile.PAX_FORMAT) as archive:
        for path in lab_files(folder):
            about = tarfile.TarInfo(path.relative_to(folder).as_posix())
            about.size, about.mode = path.stat().st_size, 0o755 if path.stat().st_mode & 0o100 else 0o644
            with path.open("rb") as file:
                archive.addfile(about, file)
    return made.getvalue()


def _labs(settings: Settings, stored: StoredSession, wanted: set[str]) -> Files:
    """The labs of these hashes, as far as they are still here."""
    folders = [Path(stored.lab_folder), *(entry.folder for entry in catalog(settings.labs_dir))]
    found: Files = {}
    for folder in dict.fromkeys(folders):
        if folder.is_dir() and (hash_ := lab_hash(folder)) in wanted and hash_ not in found:
            found[hash_] = as_tar(folder)
    return found


def _as_sat(settings: Settings, stored: StoredSession) -> tuple[LoadedLab | None, Mapping[str, str], list[Text]]:
    """The lab as it was sat, and the session's secrets, which stand on the paper."""
    try:
        lab = open_lab(stored.lab_folder)
        secrets = load_session(settings.data_dir, stored.slug).secrets if lab.lab.secrets else {}
    except EpreuveError as error:
        return None, {}, [Text(f"le sujet tel que passé : {error.what.fr}", f"the lab as sat: {error.what.en}")]
    if lab.hash != stored.lab_hash:
        changed = Text("le sujet tel que passé : il a changé depuis", "the lab as sat: it was changed since")
        return None, {}, [changed]
    return lab, secrets, []


def _subject(opened: Open, lab: LoadedLab, secrets: Mapping[str, str], candidate: str, spelt: str) -> str:
    """The page as they sat it, with their values of the lab's variants."""
    own = lab.drawn(seed=opened.exam.variants_seed, session=opened.exam.slug, candidate=candidate)
    return render_html(own.lab, own.subject, secrets=secrets, variants=own.values, candidate=spelt)


def _observation(settings: Settings, slug: str, sitting: Sitting) -> tuple[Observation | None, list[Text]]:
    if sitting.observation is None:
        unseen = Text("un relevé : rien n'a pu être observé", "an observation: nothing could be observed")
        return None, [unseen] if sitting.clock.started_at else []
    try:
        return load_observation(settings, slug, sitting), []
    except EpreuveError as error:
        return None, [Text(f"le relevé : {error.what.fr}", f"the observation: {error.what.en}")]


def _incidents(settings: Settings, slug: str, candidate: str, entries: Sequence[Record]) -> tuple[Files, list[Text]]:
    """The observations that the book of incidents names, by their files' names; and what is missing of them."""
    named = {hash_ for history in read_incidents(entries).values() for hash_ in history.observations}
    folder = settings.benches_dir / slug / candidate / INCIDENTS
    kept = {path.stem: path.read_bytes() for path in sorted(folder.glob("*.json"))}
    found = {name: content for name, content in kept.items() if sha256(content) in named}
    missing = named - {sha256(content) for content in found.values()}
    return found, [_NO_INCIDENT.format(hash=hash_[:12]) for hash_ in sorted(missing)]


def _screens(settings: Settings, exam: Exam, candidate: str) -> Files:
    paths = {one: frozen_screen_path(settings.benches_dir, exam.slug, candidate, one) for one in exam.machines}
    return {machine: path.read_bytes() for machine, path in paths.items() if path.is_file()}


_NO_INCIDENT = Text("le relevé {hash}… d'un incident", "the observation {hash}… of an incident")
_NO_LAB = Text(
    "le sujet {hash}… d'un jugement : il n'est plus ici, ce jugement ne se refait pas",
    "the lab {hash}… of a judgement: it is not here any more, that judgement cannot be made again",
)
