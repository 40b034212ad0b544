"""Sealing files: manifest, timestamp where there is an authority, seal, signature, archive."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from orchestrator.sealed.container import Entry, pack
from orchestrator.sealed.keys import SealKey
from orchestrator.sealed.manifest import (
    MANIFEST,
    SEAL,
    SIGNATURE,
    TIMESTAMP,
    Seal,
    SealedManifest,
    listed,
    sha256,
    written,
)


def seal(
    manifest: SealedManifest, files: Mapping[str, bytes], key: SealKey, *, stamp: Callable[[str], bytes] | None = None
) -> bytes:
    """The dossier of these files, sorted by name. manifest: what it says beside them. stamp: asks an authority for its
    word on a SHA-256; None: without. The same in gives the same bytes, but for the authority's.

    :raises DossierError: the authority gave no answer. ValueError: a name or a size does not fit.
    """
    names = sorted(files)
    manifest = manifest.model_copy(update={"files": tuple(listed(name, files[name]) for name in names)})
    content = written(manifest)
    answer = None if stamp is None else stamp(sha256(content))
    sealed = written(
        Seal(
            manifest=listed(MANIFEST, content),
            timestamp=None if answer is None else sha256(answer),
            public_key=key.public.hex,
        )
    )
    first = {MANIFEST: content, SEAL: sealed, SIGNATURE: key.sign(sealed)}
    if answer is not None:
        first[TIMESTAMP] = answer
    return pack([Entry(name, one) for name, one in (*first.items(), *((name, files[name]) for name in names))])
