"""The keys whose shared labs this centre takes: its own, and those that somebody here said to trust.

``<data>/trusted-keys/<fingerprint>.json``. A trusted key says who made a lab, not that the lab is good: it still needs
an approval like any other.
"""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

from pydantic import BaseModel, ConfigDict, ValidationError

from labs.files import write_atomic
from labs.text import Text
from orchestrator.library.errors import LibraryError
from orchestrator.library.shared import SharedLab
from orchestrator.sealed.keys import PublicKey, public_keys
from orchestrator.sealed.manifest import Hash


class TrustedKey(BaseModel):
    """A key that is trusted. centre: what its owner called themselves then; by, at: who trusted it here, and when."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    key: Hash
    centre: str
    by: str
    at: datetime

    @property
    def public(self) -> PublicKey:
        """The key itself."""
        return PublicKey(bytes.fromhex(self.key))


def trusted_keys(data_dir: Path) -> list[TrustedKey]:
    """The keys of others that are trusted here, by centre. Unreadable ones are left out: they are not trusted."""
    found = []
    for path in _folder(data_dir).glob("*.json"):
        try:
            found.append(TrustedKey.model_validate_json(path.read_bytes()))
        except (OSError, ValidationError):
            continue
    return sorted(found, key=lambda one: (one.centre, one.key))


def is_trusted(key: PublicKey, data_dir: Path) -> bool:
    """Whether labs that this key signed are taken: it is trusted, or our own."""
    return key.hex in {one.key for one in trusted_keys(data_dir)} or key in public_keys(data_dir)


def trust(key: PublicKey, data_dir: Path, *, centre: str, by: str, at: datetime) -> TrustedKey:
    """Trust a key from now on."""
    made = TrustedKey(key=key.hex, centre=centre, by=by, at=at)
    write_atomic(_file(data_dir, key), made.model_dump_json(indent=1))
    return made


def forget(fingerprint: str, data_dir: Path) -> TrustedKey:
    """Trust a key no more; labs that it signed stay. fingerprint: or the whole key. Raises LibraryError."""
    for one in trusted_keys(data_dir):
        if fingerprint in (one.public.fingerprint, one.key):
            _file(data_dir, one.public).unlink(missing_ok=True)
            return one
    raise LibraryError(
        Text("Aucune clé de confiance n'a cette empreinte.", "No trusted key has this fingerprint."),
        where=fingerprint,
        do=Text("« epreuve lab keys » les montre.", "“epreuve lab keys” shows them."),
    )


def require_trusted(shared: SharedLab, data_dir: Path) -> None:
    """Refuse a lab of a key that nobody here trusts. Raises LibraryError with the key to compare."""
    if not is_trusted(shared.key, data_dir):
        raise LibraryError(
            Text(
                f"Ce sujet est signé par « {shared.manifest.centre} », avec une clé que ce centre ne connaît pas.",
                f"This lab is signed by “{shared.manifest.centre}”, with a key that this centre does not know.",
            ),
            where=shared.key.spelt,
            do=Text(
                "Comparez-la avec eux par un autre chemin (téléphone, en personne) puis : --trust CLÉ.",
                "Compare it with them by another way (telephone, in person), then: --trust KEY.",
            ),
        )


def _folder(data_dir: Path) -> Path:
    return data_dir / "trusted-keys"


def _file(data_dir: Path, key: PublicKey) -> Path:
    return _folder(data_dir) / f"{key.fingerprint}.json"
