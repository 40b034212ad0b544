"""Taking a lab in, whatever it comes as: an ordinary archive, or one that was shared and sealed."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime
from typing import IO

from pydantic import ValidationError

from labs.loader import LoadedLab
from labs.text import Text
from orchestrator.library import shelf
from orchestrator.library.deposits import Signer
from orchestrator.library.entries import MAX_ARCHIVE
from orchestrator.library.errors import ArchiveError
from orchestrator.library.shared import SharedLab, is_shared, open_shared
from orchestrator.library.trust import is_trusted
from orchestrator.proving.book import file_of, write_proof
from orchestrator.proving.proof import Proof
from orchestrator.settings import Settings


def take_in(
    archive: IO[bytes], settings: Settings, *, who: str, at: datetime, trusted: bool, taken: Collection[str]
) -> LoadedLab:
    """Put the lab of an archive on the shelf; see ``shelf.put``. One that was shared is verified first.

    A key that nobody here trusts approves nothing, not even for an administrator, and its proof counts for nothing.

    :raises ArchiveError: it is not as it was signed, or no archive of a lab.
    """
    archive.seek(0)
    content = archive.read(MAX_ARCHIVE + 1)
    if not is_shared(content):
        archive.seek(0)
        return shelf.put(settings.labs_dir, archive, who=who, at=at, trusted=trusted, taken=taken)
    return take_shared(open_shared(content), settings, who=who, at=at, trusted=trusted, taken=taken)


def take_shared(
    shared: SharedLab, settings: Settings, *, who: str, at: datetime, trusted: bool, taken: Collection[str]
) -> LoadedLab:
    """Put a lab that was shared on the shelf, with its proof."""
    known = is_trusted(shared.key, settings.data_dir)
    proof = _proof(shared)
    about = shared.manifest
    lab = shelf.put(
        settings.labs_dir,
        shared.as_archive(),
        who=who,
        at=at,
        trusted=trusted and known,
        taken=taken,
        signer=Signer(centre=about.centre, key=shared.key.hex, on=about.on),
        meant=(about.lab, about.version, about.hash),
    )
    if proof is not None and known and not (file := file_of(settings.proofs_dir, lab)).exists():
        write_proof(file, proof)
    return lab


def _proof(shared: SharedLab) -> Proof | None:
    """What was proved of exactly these files. Raises ArchiveError when it is of others, or cannot be read."""
    if shared.proof is None:
        return None
    try:
        proof = Proof.model_validate_json(shared.proof)
    except (ValidationError, ValueError) as error:
        raise ArchiveError(
            Text("La preuve de ce sujet est illisible ici.", "The proof of this lab cannot be read here."),
            where="proof.json",
            do=Text(
                "Elle vient peut-être d'un Épreuve plus récent : mettez celui-ci à jour.",
                "It may come from a newer Épreuve: update this one.",
            ),
        ) from error
    if (proof.lab, proof.hash) != (shared.manifest.lab, shared.manifest.hash):
        raise ArchiveError(
            Text("La preuve est celle d'un autre contenu.", "The proof is of another content."),
            where=f"proof.json: {proof.lab} {proof.hash[:16]}…",
            do=Text("Demandez l'archive de nouveau à qui l'a faite.", "Ask whoever made the archive for it again."),
        )
    return proof
