"""Small dossiers, sealed in the process, whose files say what their journal says."""

from __future__ import annotations

import hashlib
import json
from datetime import UTC, datetime
from typing import Any

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from orchestrator.dossier.extract import write_extract
from orchestrator.dossier.manifest import Head, Manifest
from orchestrator.sealed.container import Entry, unpack
from orchestrator.sealed.keys import SealKey
from orchestrator.sealed.seal import seal
from orchestrator.store.journal import GENESIS, chained, digest

KEY = SealKey(Ed25519PrivateKey.from_private_bytes(b"\1" * 32))
OTHER_KEY = SealKey(Ed25519PrivateKey.from_private_bytes(b"\2" * 32))


def observation(candidate: str) -> bytes:
    return json.dumps({"bench": candidate, "facts": list(range(600))}, separators=(",", ":"), sort_keys=True).encode()


def journal() -> list[dict[str, Any]]:
    """Sixty entries, by columns: of two candidates and of the room."""
    entries: list[dict[str, Any]] = []
    for seq in range(1, 61):
        candidate = (None, "c01", "c02")[seq % 3]
        kind, data = "clock-jumped", {"by_s": seq}
        if candidate and seq > 57:
            kind, data = "bench-frozen", {"observation": hashlib.sha256(observation(candidate)).hexdigest()}
        at = f"2026-06-15T09:{seq % 60:02d}:00.000000Z"
        columns: dict[str, Any] = {"session": "juin", "seq": seq, "at": at, "recorded_at": at, "who": "dupont"}
        columns |= {"kind": kind, "candidate": candidate, "why": "", "data": json.dumps(data)}
        columns["prev_hash"] = entries[-1]["hash"] if entries else GENESIS
        columns["hash"] = chained(columns["prev_hash"], digest(columns))
        entries.append(columns)
    return entries


def files(candidate: str = "c01") -> dict[str, bytes]:
    return {
        "LISEZMOI.txt": "Ce que c’est.\n".encode(),
        "books/incidents.json": b"[]",
        "books/marks.json": b"[]",
        "books/tickets.json": b"[]",
        "empty.txt": b"",
        "journal.jsonl": write_extract(journal(), candidate),
        "observation.json": observation(candidate),
        "screens/server.png": bytes(range(256)) * 9,
    }


FILES = files()


def manifest(candidate: str = "c01") -> Manifest:
    last = journal()[-1]
    return Manifest(
        session="juin",
        candidate=candidate,
        at=datetime(2026, 6, 15, 12, 0, tzinfo=UTC),
        by="dupont",
        simulated=True,
        software="0.1.0",
        journal=Head(seq=last["seq"], hash=last["hash"]),
        files=(),
    )


def dossier(candidate: str = "c01", changed: dict[str, bytes] | None = None, key: SealKey = KEY, **how: Any) -> bytes:
    """changed: other files than ``files`` gives. how: see ``seal``."""
    return seal(manifest(candidate), files(candidate) | (changed or {}), key, **how)


def entries(content: bytes) -> list[Entry]:
    return unpack(content)
