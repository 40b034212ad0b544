"""What a dossier says of itself, beside its files."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal

from pydantic import AwareDatetime, Field

from orchestrator.sealed.keys import PublicKey
from orchestrator.sealed.manifest import Data, Hash, SealedManifest, Short
from orchestrator.sealed.verify import Sealed, open_sealed


class Head(Data):
    """The last entry of the session's journal when the dossier was made: its number and hash."""

    seq: int = Field(ge=1)
    hash: Hash


class Manifest(SealedManifest):
    """Whose dossier this is, and every file of it. ``at``: when it was made; ``by``: who had it sealed."""

    format: Literal["epreuve-dossier/1"] = "epreuve-dossier/1"
    session: Short
    candidate: Short
    at: AwareDatetime
    by: Short
    simulated: bool
    software: Short
    journal: Head


Dossier = Sealed[Manifest]


def open_dossier(content: bytes, keys: Sequence[PublicKey], *, closely: bool = True) -> Dossier:
    """A dossier that one of these keys sealed. closely: look for the very byte, which takes up to a second.

    :raises Unsound: it is not, with the first thing that does not match.
    """
    return open_sealed(Manifest, content, keys, closely=closely)
