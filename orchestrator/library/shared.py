"""A lab as one archive that can be given away: sealed by whoever shares it, exactly the same for the same lab.

::

    manifest.json seal.json seal.sig    as in every sealed archive (orchestrator.sealed)
    lab/…                               the files of the lab
    proof.json                          what was proved of these very files on real machines, where it was

Everything in it is named by the manifest, which the seal names, which the key signed. So whoever knows the key knows
that nothing was changed; the key itself must be known by another way.
"""

from __future__ import annotations

import hashlib
import io
import zipfile
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Literal

from labs.folder import hash_of, lab_files
from labs.loader import LoadedLab
from labs.text import Text
from orchestrator.library.entries import MAX_ARCHIVE
from orchestrator.library.errors import ArchiveError, LibraryError
from orchestrator.sealed.container import Broken, is_name, unpack
from orchestrator.sealed.keys import PublicKey, SealKey
from orchestrator.sealed.manifest import SEAL, Hash, Seal, SealedManifest, Short, parsed
from orchestrator.sealed.seal import seal
from orchestrator.sealed.verify import Sealed, Unsound, open_sealed

SUFFIX = ".epreuve-lab.zip"
_FOLDER, _PROOF = "lab/", "proof.json"


class LabManifest(SealedManifest):
    """Which lab this is. hash: of its contents; centre: who shares it, as they call themselves; on: the day."""

    format: Literal["epreuve-lab/1"] = "epreuve-lab/1"
    lab: Short
    version: Short
    hash: Hash
    centre: Short
    on: date


@dataclass(frozen=True)
class SharedLab:
    """A lab that was shared, exactly as it was sealed. files: by path in the lab's folder."""

    manifest: LabManifest
    key: PublicKey
    files: Mapping[str, bytes]
    proof: bytes | None

    def as_archive(self) -> io.BytesIO:
        """The lab alone, as any lab that is brought."""
        content = io.BytesIO()
        with zipfile.ZipFile(content, "w", zipfile.ZIP_DEFLATED) as archive:
            for name, file in self.files.items():
                archive.writestr(name, file)
        content.seek(0)
        return content


def share(lab: LoadedLab, key: SealKey, *, centre: str, on: date, proof: bytes | None = None) -> bytes:
    """The archive of a lab. proof: what was proved of it, if it was. The same in gives the same bytes.

    :raises LibraryError: a file's name does not mean the same everywhere, or the lab is too large to be taken.
    """
    files = {f"{_FOLDER}{path.relative_to(lab.folder).as_posix()}": path for path in lab_files(lab.folder)}
    if unfit := next((name for name in files if not is_name(name)), None):
        raise LibraryError(
            Text("Ce nom de fichier ne convient pas à un partage.", "This file's name does not fit for sharing."),
            where=unfit.removeprefix(_FOLDER),
            do=Text(
                "Des lettres sans accent, des chiffres, « . », « _ » et « - » : renommez-le.",
                "Letters without accents, digits, “.”, “_” and “-”: rename it.",
            ),
        )
    contents = {name: path.read_bytes() for name, path in files.items()}
    if proof is not None:
        contents[_PROOF] = proof
    about = LabManifest(lab=lab.lab.id, version=lab.lab.version, hash=lab.hash, centre=centre, on=on, files=())
    archive = seal(about, contents, key)
    if len(archive) > MAX_ARCHIVE:
        raise LibraryError(
            Text("Ce sujet est trop gros pour être partagé.", "This lab is too large to be shared."),
            where=lab.lab.id,
            do=Text(f"{MAX_ARCHIVE >> 20} Mio au plus.", f"At most {MAX_ARCHIVE >> 20} MiB."),
        )
    return archive


def is_shared(content: bytes) -> bool:
    """Whether a file means to be a shared lab: it has a seal. An ordinary archive of a lab has none."""
    try:
        return any(entry.name == SEAL for entry in unpack(content))
    except Broken:
        return SEAL.encode() in content[:4096]  # damaged: it is to be told so, not taken for another kind


def open_shared(content: bytes) -> SharedLab:
    """A shared lab that is, to the byte, what the key in it sealed; nothing is said of whose key that is.

    :raises ArchiveError: it is not, with the first thing that does not match.
    """
    if len(content) > MAX_ARCHIVE:
        raise ArchiveError(
            Text("L'archive est trop grosse.", "The archive is too large."),
            do=Text(f"{MAX_ARCHIVE >> 20} Mio au plus.", f"At most {MAX_ARCHIVE >> 20} MiB."),
        )
    try:
        sealed = open_sealed(LabManifest, content, _claimed(content), closely=False)
    except Unsound as unsound:
        fault = unsound.fault
        place = "" if fault.at is None else f" ({fault.at})"
        raise _not_as_sealed(fault.what, f"{fault.entry}{place}".strip()) from unsound
    manifest = sealed.manifest
    files = {name.removeprefix(_FOLDER): file for name, file in sealed.files.items() if name.startswith(_FOLDER)}
    _must_be_as_said(sealed, files)
    return SharedLab(manifest, sealed.key, files, sealed.files.get(_PROOF))


def _claimed(content: bytes) -> list[PublicKey]:
    """The key that the seal says it was made with."""
    try:
        entries = unpack(content)
    except Broken:
        return []
    found = next((parsed(Seal, entry.content) for entry in entries if entry.name == SEAL), None)
    return [] if found is None else [PublicKey(bytes.fromhex(found.public_key))]


def _must_be_as_said(sealed: Sealed[LabManifest], files: Mapping[str, bytes]) -> None:
    """The signer's own program wrote this; another that signs nonsense is not believed either."""
    manifest = sealed.manifest
    strange = next((name for name in sealed.files if not name.startswith(_FOLDER) and name != _PROOF), None)
    if strange is not None:
        raise _not_as_sealed(Text("Ce fichier n'y a pas sa place.", "This file has no place there."), strange)
    found = hash_of((name, hashlib.sha256(file).hexdigest()) for name, file in files.items())
    if found != manifest.hash:
        raise _not_as_sealed(
            Text("L'empreinte du sujet n'est pas celle qui est signée.", "The lab's hash is not the one signed."),
            f"{manifest.lab}: {found[:16]}… ≠ {manifest.hash[:16]}…",
        )


def _not_as_sealed(what: Text, where: str) -> ArchiveError:
    return ArchiveError(
        Text(
            f"Cette archive n'est pas telle qu'elle a été signée : {what.fr}",
            f"This archive is not as it was signed: {what.en}",
        ),
        where=where,
        do=Text("Demandez-la de nouveau à qui l'a faite.", "Ask whoever made it for it again."),
    )
