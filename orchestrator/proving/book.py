"""Where proofs are kept: those of shipped labs with Épreuve, those made here in the data directory.

``<data>/proofs/<lab>/<hash>.json`` grows with each thing that is proved, so that a run that was killed is gone on with;
it is a proof once nothing is lacking. Values of variants other than the first ones are proved in a file of their own.
``labs/proofs/<lab>.json`` has the same form, whole.
"""

from __future__ import annotations

import hashlib
import inspect
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import rfc8785
from pydantic import ValidationError

import checkers
from checkers.checks import CHECKS
from checkers.judge import plan
from labs.files import write_atomic
from labs.loader import LoadedLab
from orchestrator.hypervisor.port import Hypervisor
from orchestrator.proving.proof import Host, Proof, lacking
from orchestrator.version import version

SHIPPED = Path(__file__).parents[2] / "labs" / "proofs"


@dataclass(frozen=True)
class Standing:
    """Whether a lab is proved. ``proof``: the one that proves it, or else one of another content of the same lab."""

    proved: bool
    proof: Proof | None


def standing(lab: LoadedLab, proofs: Path | None, shipped: Path = SHIPPED) -> Standing:
    """How a lab stands, by the newest proof that there is. proofs: the data directory's; those shipped always count."""
    found = sorted(_proofs(lab, proofs, shipped), key=lambda proof: proof.updated_at, reverse=True)
    for proof in found:
        if not lacking(proof, lab):
            return Standing(True, proof)
    return Standing(False, next((proof for proof in found if proof.whole and proof.hash != lab.hash), None))


class Book:
    """The proof of a lab as it grows."""

    def __init__(self, lab: LoadedLab, proofs: Path, hypervisor: Hypervisor, *, again: bool = False) -> None:
        """proofs: the data directory's; what is kept there of this content, asked by these checks, is gone on with,
        unless it is to be proved again."""
        self._file = file_of(proofs, lab)
        self.lab = lab
        found = None if again else read_proof(self._file)
        self.proof = found if found is not None and found.checks == checks_digest(lab) else _begun(lab, hypervisor)
        _sweep(self._file.parent, lab)

    def keep(self, **added: Any) -> None:
        """Add to the proof; nothing of it is lost afterwards."""
        at = datetime.now(UTC).replace(microsecond=0)
        grown = Proof.model_validate({**dict(self.proof), **added, "updated_at": at})
        self.proof = grown.model_copy(update={"whole": not lacking(grown, self.lab)})
        write_proof(self._file, self.proof)

    def missed(self, what: str) -> None:
        """Note that something was not as it must be."""
        self.keep(missed={**self.proof.missed, what: self.proof.missed.get(what, 0) + 1})


def file_of(proofs: Path, lab: LoadedLab) -> Path:
    """Where the proof of a lab's content, with these values of its variants, is kept in the data directory."""
    values = "" if lab.is_default else f"-{hashlib.sha256(rfc8785.dumps(dict(lab.values))).hexdigest()[:12]}"
    return proofs / lab.lab.id / f"{lab.hash}{values}.json"


def read_proof(file: Path) -> Proof | None:
    """A proof; None when there is none that can be read."""
    try:
        return Proof.model_validate_json(file.read_bytes())
    except (OSError, ValidationError):
        return None


def write_proof(file: Path, proof: Proof) -> None:
    """Write a proof in canonical JSON (RFC 8785)."""
    write_atomic(file, rfc8785.dumps(proof.model_dump(mode="json")) + b"\n")


def checks_digest(lab: LoadedLab) -> str:
    """SHA-256 of the code that asks and judges for a lab: its kinds of checks, their probes, and what all share."""
    root, own = Path(checkers.__file__).parent, _modules(lab)
    whole = hashlib.sha256()
    for path in sorted(root.rglob("*.py")):
        name = path.relative_to(root)
        apart = name.parts[0] in ("checks", "probes") and not name.name.startswith("_")
        if name.parts[0] not in ("report", "reference") and (path in own or not apart):
            whole.update(f"{name.as_posix()}\0".encode() + path.read_bytes())
    return whole.hexdigest()


def _modules(lab: LoadedLab) -> set[Path]:
    used = [one.check for one in plan(lab.lab.checks(), CHECKS)]
    probes = [question.probe for check in used for question in check.questions()]
    return {Path(inspect.getfile(type(one))) for one in (*used, *probes)}


def _sweep(folder: Path, lab: LoadedLab) -> None:
    """What was half proved of contents that are no more: a lab is edited many times before it is proved."""
    for file in folder.glob("*.json"):
        proof = read_proof(file)
        if proof is None or (proof.hash != lab.hash and not proof.whole):
            file.unlink()


def _proofs(lab: LoadedLab, proofs: Path | None, shipped: Path) -> Iterator[Proof]:
    own = () if proofs is None else (proofs / lab.lab.id).glob("*.json")
    for file in (*own, shipped / f"{lab.lab.id}.json"):
        if (proof := read_proof(file)) is not None and proof.lab == lab.lab.id:
            yield proof


def _begun(lab: LoadedLab, hypervisor: Hypervisor) -> Proof:
    info = hypervisor.info()
    return Proof(
        lab=lab.lab.id,
        version=lab.lab.version,
        hash=lab.hash,
        variants=dict(lab.values),
        checks=checks_digest(lab),
        software={"épreuve": version(), "libvirt": info.libvirt, "qemu": info.qemu},
        host=Host(accelerator=info.accelerator or "", cpu=info.cpu, cores=info.cores, memory_mib=info.memory_mib),
        updated_at=datetime.now(UTC).replace(microsecond=0),
    )
