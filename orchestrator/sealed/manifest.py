"""What a sealed archive holds, and who vouches for it: ``manifest.json`` and ``seal.json`` (RFC 8785).

The seal names the manifest, the manifest names every other file, each with its SHA-256 and with those of its blocks of
``BLOCK`` bytes: so a change is found to the block, and in a block to the byte where one byte alone was changed.
"""

from __future__ import annotations

import hashlib
import json
from typing import Annotated, Any, Literal, TypeVar

import rfc8785
from pydantic import BaseModel, ConfigDict, Field, StringConstraints, ValidationError

BLOCK = 1024

MANIFEST, SEAL, SIGNATURE, TIMESTAMP = "manifest.json", "seal.json", "seal.sig", "manifest.tsr"
SEALING = (MANIFEST, SEAL, SIGNATURE, TIMESTAMP)
"""The files that come first and that the manifest cannot name."""

Hash = Annotated[str, StringConstraints(pattern=r"^[0-9a-f]{64}$")]
Short = Annotated[str, StringConstraints(max_length=200)]


class Data(BaseModel):
    """Base: immutable, nothing unknown, nothing converted."""

    model_config = ConfigDict(frozen=True, extra="forbid", strict=True)


class Listed(Data):
    """A file. blocks: the SHA-256 of each ``BLOCK`` bytes of it, the last ones shorter."""

    name: Short
    size: int = Field(ge=0)
    sha256: Hash
    blocks: tuple[Hash, ...]


class SealedManifest(Data):
    """What a sealed archive says of its files; each kind of archive says more."""

    files: tuple[Listed, ...]


class Seal(Data):
    """What is signed. public_key: raw Ed25519, hexadecimal. timestamp: SHA-256 of ``manifest.tsr``, if there is one."""

    format: Literal["epreuve-seal/1"] = "epreuve-seal/1"
    manifest: Listed
    timestamp: Hash | None
    public_key: Hash


T = TypeVar("T", bound=Data)


def listed(name: str, content: bytes) -> Listed:
    """A file as it is named."""
    return Listed(name=name, size=len(content), sha256=sha256(content), blocks=tuple(map(sha256, blocks(content))))


def blocks(content: bytes) -> list[bytes]:
    """A content in blocks; none for nothing."""
    return [content[at : at + BLOCK] for at in range(0, len(content), BLOCK)]


def sha256(content: bytes) -> str:
    """Hexadecimal."""
    return hashlib.sha256(content).hexdigest()


def written(data: BaseModel) -> bytes:
    """The canonical form of data of ours."""
    return rfc8785.dumps(data.model_dump(mode="json"))


def parsed(kind: type[T], content: bytes) -> T | None:
    """Data of ours, or None when this is not the one way to write any."""
    try:
        found = kind.model_validate_json(content)
    except (ValidationError, ValueError, RecursionError):
        return None
    return found if written(found) == content else None


def canonical(content: bytes) -> Any:
    """Any value whose canonical form this is. Raises ValueError."""
    try:
        value = json.loads(content)
        again = rfc8785.dumps(value)
    except RecursionError as error:
        raise ValueError("nested too deeply") from error
    if again != content:
        raise ValueError("not canonical JSON")
    return value
