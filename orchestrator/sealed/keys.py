"""The key that seals the dossiers of this installation (Ed25519), and the public ones it had before.

``<data>/seal/key.pem`` (0600) signs; ``<data>/seal/public/<fingerprint>.pem`` is every public key there ever was, to
verify what an older one sealed. A key is made when the installation first needs one, and never replaced by itself: that
is a deed of a person (``renew``).
"""

from __future__ import annotations

import os
import re
import secrets
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path

from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from labs.files import sync_directory, write_atomic
from labs.text import Text
from orchestrator.sealed.errors import SealKeyError

_HEX = re.compile(r"[0-9a-fA-F]{64}")


@dataclass(frozen=True)
class PublicKey:
    """A public key. raw: its 32 bytes."""

    raw: bytes

    @property
    def hex(self) -> str:
        """As it is typed: 64 digits."""
        return self.raw.hex()

    @property
    def spelt(self) -> str:
        """As it is printed: in groups of four."""
        return " ".join(self.hex[at : at + 4] for at in range(0, 64, 4))

    @property
    def fingerprint(self) -> str:
        """What tells keys apart at a glance; no proof."""
        return sha256(self.raw).hexdigest()[:16]

    @property
    def pem(self) -> bytes:
        """As openssl reads it."""
        key = Ed25519PublicKey.from_public_bytes(self.raw)
        return key.public_bytes(serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo)

    def has_signed(self, content: bytes, signature: bytes) -> bool:
        """Whether this key's owner signed exactly this."""
        try:
            Ed25519PublicKey.from_public_bytes(self.raw).verify(signature, content)
        except InvalidSignature:
            return False
        return True


@dataclass(frozen=True)
class SealKey:
    """The key that seals."""

    private: Ed25519PrivateKey

    @property
    def public(self) -> PublicKey:
        """What verifies."""
        raw = self.private.public_key().public_bytes(serialization.Encoding.Raw, serialization.PublicFormat.Raw)
        return PublicKey(raw)

    def sign(self, content: bytes) -> bytes:
        """64 bytes, always the same for the same content."""
        return self.private.sign(content)


def ensure_key(data_dir: Path) -> SealKey:
    """The key of this installation, made when it has none. Raises SealKeyError.

    Once there are public keys and no private one, it was lost: none is made then, a person must say so (``renew``).
    """
    path = _folder(data_dir) / "key.pem"
    known = public_keys(data_dir)  # before the private one, whose public part comes after it
    if not path.exists():
        if known:
            raise SealKeyError(
                Text("La clé de scellement a disparu.", "The sealing key is gone."),
                where=str(path),
                do=Text(
                    "Remettez-la d'une sauvegarde ; perdue pour de bon : epreuve dossier key --renew.",
                    "Restore it from a backup; lost for good: epreuve dossier key --renew.",
                ),
            )
        _make(data_dir)
    key = _read(path)
    public = _folder(data_dir) / "public" / f"{key.public.fingerprint}.pem"
    if not public.exists():  # somebody was killed between the two
        write_atomic(public, key.public.pem)
    return key


def renew(data_dir: Path) -> SealKey:
    """Another key from now on; the private part of the one before is removed, its public part stays."""
    _make(data_dir, replace=True)
    return _read(_folder(data_dir) / "key.pem")


def public_keys(data_dir: Path) -> list[PublicKey]:
    """Every public key that this installation has or had, the newest first. Unreadable ones are left out."""
    found = []
    files = sorted((_folder(data_dir) / "public").glob("*.pem"), key=lambda path: -path.stat().st_mtime)
    for path in files:
        try:
            found.append(parse_public(path.read_bytes()))
        except ValueError:
            continue
    return found


def read_public(text: str) -> PublicKey:
    """A public key as it was typed (64 digits, spaces between them or not), or from a PEM file. Raises SealKeyError."""
    typed = "".join(text.split())
    if _HEX.fullmatch(typed):
        return PublicKey(bytes.fromhex(typed))
    try:
        return parse_public(Path(text).read_bytes())
    except (OSError, ValueError) as error:
        raise SealKeyError(
            Text("Ce n'est pas une clé publique.", "This is no public key."),
            where=text,
            do=Text(
                "Donnez les 64 chiffres imprimés sur le rapport, ou un fichier PEM.",
                "Give the 64 digits printed on the report, or a PEM file.",
            ),
        ) from error


def parse_public(pem: bytes) -> PublicKey:
    """A public key from PEM. Raises ValueError."""
    try:
        key = serialization.load_pem_public_key(pem)
    except UnsupportedAlgorithm as error:
        raise ValueError("not an Ed25519 public key") from error
    if not isinstance(key, Ed25519PublicKey):
        raise ValueError("not an Ed25519 public key")  # noqa: TRY004 - of the file, not of our code
    return PublicKey(key.public_bytes(serialization.Encoding.Raw, serialization.PublicFormat.Raw))


def _make(data_dir: Path, *, replace: bool = False) -> None:
    """Two at once make one key."""
    folder = _folder(data_dir)
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    key = SealKey(Ed25519PrivateKey.generate())
    pem = key.private.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    new = write_atomic(folder / f"key-{secrets.token_hex(8)}.new", pem, mode=0o600)
    try:
        if replace:
            write_atomic(folder / "public" / f"{key.public.fingerprint}.pem", key.public.pem)
            new.replace(folder / "key.pem")
        else:
            os.link(new, folder / "key.pem")  # fails when there is one: whoever was first has made the key
        sync_directory(folder)
    except FileExistsError:
        return
    finally:
        new.unlink(missing_ok=True)


def _read(path: Path) -> SealKey:
    try:
        key = serialization.load_pem_private_key(path.read_bytes(), password=None)
    except (OSError, ValueError, UnsupportedAlgorithm, TypeError) as error:
        raise SealKeyError(
            Text("La clé de scellement ne se lit pas.", "The sealing key cannot be read."),
            where=f"{path}: {error}",
            do=Text("Remettez-la d'une sauvegarde.", "Restore it from a backup."),
        ) from error
    if not isinstance(key, Ed25519PrivateKey):
        raise SealKeyError(Text("Ce n'est pas une clé Ed25519.", "This is no Ed25519 key."), where=str(path))
    return SealKey(key)


def _folder(data_dir: Path) -> Path:
    return data_dir / "seal"
