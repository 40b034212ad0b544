"""Sealing a session: every dossier is written, read back and verified, then the journal says so, once.

Killed at any moment nothing is lost: dossiers that were written are written anew, and the session is sealed by one
transaction at the end, only if nothing was added to its journal since the dossiers were made.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from labs.files import write_atomic
from labs.text import Text
from orchestrator.dossier import timestamp
from orchestrator.dossier.agreement import must_agree
from orchestrator.dossier.contents import files_of, manifest_of
from orchestrator.dossier.errors import DossierError
from orchestrator.dossier.files import dossier_file, forget_dossiers
from orchestrator.dossier.manifest import open_dossier
from orchestrator.dossier.source import Source, read_source
from orchestrator.engine.desk import Desk
from orchestrator.engine.locks import take
from orchestrator.exam import Exam, commands, decide
from orchestrator.minutes.model import Minutes
from orchestrator.sealed.keys import SealKey, ensure_key
from orchestrator.sealed.seal import seal
from orchestrator.sealed.verify import Unsound
from orchestrator.settings import Settings
from orchestrator.store import journal

Progress = Callable[[Text], None]

ATTEMPTS = 3
"""How often the dossiers are made anew because something was written meanwhile."""


@dataclass(frozen=True)
class Gap:
    """What keeps a session from being sealed unless somebody says why it is sealed all the same."""

    candidate: str
    what: Text


def gaps(source: Source) -> list[Gap]:
    """What is missing in the dossiers of a session, decisions first."""
    undecided = [Gap(name, _UNDECIDED) for name in without_decision(source.minutes, source.exam)]
    return [*undecided, *(Gap(name, lack) for name, person in source.people.items() for lack in person.lacks)]


def without_decision(minutes: Minutes, exam: Exam) -> list[str]:
    """Who was there and has no decision that every juror signed; nobody where the format decides nothing."""
    there = {one.id for one in minutes.attendance if one.presence in ("present", "late") or one.phases}
    signed = {one.candidate for one in minutes.decisions if one.is_signed}
    return [name for name in exam.candidates if minutes.blocks and name in there - signed]


def seal_session(
    desk: Desk,
    settings: Settings,
    slug: str,
    *,
    who: str,
    why: str = "",
    force: bool = False,
    progress: Progress = lambda _: None,
) -> list[Path]:
    """Seal a closed session; the dossiers, by candidate. Sealed already: only they are given.

    force: although something is missing; needs a reason. Raises Refused, RecordError, DossierError.
    """
    desk.open(slug)
    folder = settings.dossiers_dir / slug
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    lock = take(settings.dossiers_dir / f"{slug}.lock")
    if lock is None:
        raise DossierError(
            Text("Cette session est déjà en cours de scellement.", "This session is being sealed already."),
            where=slug,
            do=Text("Attendez la fin.", "Wait for the end."),
        )
    try:
        for _ in range(ATTEMPTS):
            opened = desk.open(slug)
            if opened.exam.state == "sealed":
                break
            if opened.exam.state != "closed":
                decide(opened.exam, commands.Seal((), "", who=who), opened.now)
            if _seal_once(desk, settings, slug, who=who, why=why, force=force, progress=progress):
                break
        else:
            raise DossierError(
                Text("On écrit encore dans cette session.", "This session is still being written to."),
                where=slug,
                do=Text("Scellez-la quand plus personne n'y travaille.", "Seal it when nobody works on it any more."),
            )
        present = desk.open(slug).exam.candidates
        return [dossier_file(settings, slug, name) for name, sitting in present.items() if sitting.dossier]
    finally:
        if desk.open(slug).exam.state == "purged":  # meanwhile, by somebody else: what was written after it goes, too
            forget_dossiers(settings, slug)
        os.close(lock)


def _seal_once(
    desk: Desk, settings: Settings, slug: str, *, who: str, why: str, force: bool, progress: Progress
) -> bool:
    """Make the dossiers and seal; False when the journal went on meanwhile, and nothing is sealed."""
    progress(Text("lecture de la session", "reading the session"))
    source = read_source(desk, settings, slug)
    found = gaps(source)
    if found and not (force and why.strip()):
        raise _incomplete(slug, found, force)
    key = ensure_key(settings.data_dir)
    hashes: dict[str, str] = {}
    for number, name in enumerate(source.people, start=1):
        doing = f"dossier {name} ({number}/{len(source.people)})"
        progress(Text(doing, doing))
        content = _sealed(source, name, key, who, settings)
        path = dossier_file(settings, slug, name)
        write_atomic(path, content, mode=0o600)
        hashes[name] = _read_back(path, key)
    undecided = tuple(without_decision(source.minutes, source.exam))
    order = commands.Seal(tuple(hashes.items()), key.public.hex, undecided, who=who, why=why)
    with desk.store.write() as tx:
        if tuple(journal.head(tx, slug)) != source.head:
            return False
        desk.within(tx, slug, order)
    return True


def _sealed(source: Source, candidate: str, key: SealKey, who: str, settings: Settings) -> bytes:
    stamp = partial(timestamp.ask, settings.timestamp_url) if settings.timestamp_url else None
    files: Mapping[str, bytes] = files_of(source, candidate, key.public)
    return seal(manifest_of(source, candidate, who), files, key, stamp=stamp)


def _read_back(path: Path, key: SealKey) -> str:
    """The SHA-256 of a dossier's manifest, once it is on the disk as it should be. Raises DossierError."""
    try:
        found = open_dossier(path.read_bytes(), [key.public])
        must_agree(found)
    except Unsound as unsound:
        raise DossierError(
            Text(
                f"Le dossier écrit ne se vérifie pas : {unsound.fault.what.fr}",
                f"The dossier that was written does not verify: {unsound.fault.what.en}",
            ),
            where=f"{path}: {unsound.fault.entry}",
            do=Text(
                "Vérifiez le journal (session journal --verify) et le disque.",
                "Check the journal (session journal --verify) and the disk.",
            ),
        ) from unsound
    return found.seal.manifest.sha256


def _incomplete(slug: str, found: list[Gap], force: bool) -> DossierError:
    if force:
        return DossierError(
            Text("Sceller malgré ce qui manque se justifie.", "Sealing although something is missing needs a reason."),
            where=slug,
            do=Text("Donnez le motif (--reason).", "Give the reason (--reason)."),
        )
    lines = [Text(f"{one.candidate} : {one.what.fr}", f"{one.candidate}: {one.what.en}") for one in found]
    return DossierError(
        Text("Il manque de quoi sceller cette session.", "Something is missing to seal this session."),
        where="; ".join(str(line) for line in lines[:10]) + (" …" if len(lines) > 10 else ""),
        do=Text(
            "Complétez, ou scellez quand même en disant pourquoi (--force --reason).",
            "Complete it, or seal all the same and say why (--force --reason).",
        ),
    )


_UNDECIDED = Text("la décision du jury, signée", "the jury's decision, signed")
