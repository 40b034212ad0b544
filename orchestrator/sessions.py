"""A session's folder: which lab it runs, and the secrets drawn for it.

``<data>/sessions/<session>/`` holds ``session.json`` (public) and ``secrets.json`` and ``ssh_key`` (mode 0600).
Secrets are drawn once, when the session's first bench is made: every candidate of a session has the same paper.
"""

from __future__ import annotations

import json
import shutil
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from labs.errors import EpreuveError
from labs.files import remove_temporaries, write_atomic
from labs.loader import LoadedLab
from labs.secrets import draw, environment
from labs.text import Text
from labs.variant import environment as variant_environment


class SessionError(EpreuveError):
    """A session cannot do what was asked of it."""

    code = "session"
    exit_code = 6


@dataclass(frozen=True)
class Session:
    """One exam session. ``secrets``: by name, as the lab declares them. ``ssh_key``: private key for the second
    channel."""

    name: str
    lab_folder: Path
    lab_hash: str
    secrets: dict[str, str]
    ssh_key: str
    created_at: datetime
    folder: Path

    @property
    def ssh_public_key(self) -> str:
        """The public key that each bench's machines accept, as one line."""
        key = serialization.load_ssh_private_key(self.ssh_key.encode(), password=None)
        public = key.public_key().public_bytes(serialization.Encoding.OpenSSH, serialization.PublicFormat.OpenSSH)
        return f"{public.decode()} epreuve"


def ensure_session(data_dir: Path, name: str, lab: LoadedLab) -> Session:
    """The session of this name, made when it does not exist. Raises SessionError when it runs another lab."""
    folder = data_dir / "sessions" / name
    if not (folder / "session.json").exists():
        _create(folder, name, lab)
    session = load_session(data_dir, name)
    if session.lab_hash != lab.hash:
        raise SessionError(
            Text(
                "Cette session a été ouverte avec une autre version du sujet.",
                "This session was opened with another version of the lab.",
            ),
            where=f"{name}: {session.lab_folder}",
            do=Text(
                "Choisissez un autre nom de session, ou détruisez d'abord ses postes (epreuve bench destroy --all).",
                "Choose another session name, or destroy its benches first (epreuve bench destroy --all).",
            ),
        )
    return session


def load_session(data_dir: Path, name: str) -> Session:
    """A session that exists. Raises SessionError when it does not, or when its folder cannot be read."""
    folder = data_dir / "sessions" / name
    try:
        about = json.loads((folder / "session.json").read_text(encoding="utf-8"))
        return Session(
            name=name,
            lab_folder=Path(about["lab_folder"]),
            lab_hash=about["lab_hash"],
            secrets=json.loads((folder / "secrets.json").read_text(encoding="utf-8")),
            ssh_key=(folder / "ssh_key").read_text(encoding="ascii"),
            created_at=datetime.fromisoformat(about["created_at"]),
            folder=folder,
        )
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise SessionError(
            Text(
                "Cette session n'existe pas ou son dossier est illisible.",
                "No such session, or its folder cannot be read.",
            ),
            where=f"{folder}: {error}",
            do=Text(
                "« epreuve bench list » montre les sessions ouvertes.", "“epreuve bench list” shows the open sessions."
            ),
        ) from error


def script_environment(session: Session, lab: LoadedLab) -> dict[str, str]:
    """What every script of a lab finds in its environment: the session's secrets, a candidate's values of the
    variants."""
    return environment(session.secrets) | variant_environment(lab.values)


def forget_session(data_dir: Path, name: str) -> None:
    """Remove a session's folder, once its benches are gone. Not there: nothing to do."""
    shutil.rmtree(data_dir / "sessions" / name, ignore_errors=True)


def _create(folder: Path, name: str, lab: LoadedLab) -> None:
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    remove_temporaries(folder)
    key = Ed25519PrivateKey.generate().private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.OpenSSH, serialization.NoEncryption()
    )
    write_atomic(folder / "secrets.json", json.dumps(draw(lab.lab.secrets), indent=1), mode=0o600)
    write_atomic(folder / "ssh_key", key, mode=0o600)
    about = {
        "session": name,
        "lab": lab.lab.id,
        "lab_folder": str(lab.folder),
        "lab_hash": lab.hash,
        "created_at": datetime.now(UTC).isoformat(),
    }
    write_atomic(folder / "session.json", json.dumps(about, indent=1))  # last: its presence says that the rest is there
