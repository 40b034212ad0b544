"""Small dossiers, sealed in the process."""

from __future__ import annotations

from datetime import UTC, datetime

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from orchestrator.dossier.container import Entry, pack, unpack
from orchestrator.dossier.keys import SealKey
from orchestrator.dossier.manifest import Head, Manifest
from orchestrator.dossier.seal import seal

KEY = SealKey(Ed25519PrivateKey.from_private_bytes(b"\1" * 32))
OTHER_KEY = SealKey(Ed25519PrivateKey.from_private_bytes(b"\2" * 32))

FILES = {
    "LISEZMOI.txt": "Ce que c’est.\n".encode(),
    "empty.txt": b"",
    "journal.jsonl": b"".join(b'{"seq":%d}\n' % number for number in range(400)),
    "observation.json": b'{"a":1}' * 300,
    "screens/server.png": bytes(range(256)) * 9,
}


def manifest(candidate: str = "c01") -> Manifest:
    return Manifest(
        session="juin",
        candidate=candidate,
        at=datetime(2026, 6, 15, 12, 0, tzinfo=UTC),
        by="dupont",
        simulated=True,
        software="0.1.0",
        journal=Head(seq=400, hash="a" * 64),
        files=(),
    )


def dossier(candidate: str = "c01", files: dict[str, bytes] = FILES, key: SealKey = KEY) -> bytes:
    return seal(manifest(candidate), files, key)


def entries(content: bytes) -> list[Entry]:
    return unpack(content)


def packed(changed: list[Entry]) -> bytes:
    return pack(changed)
