"""Judging a sealed dossier again with what is in it: each of its judgements with the lab that made it.

Nothing but the dossier is needed, no machine and no database. What is found must be what was found then, byte for byte;
with another version of Épreuve it may not be, and then it is said which checks see it otherwise.
"""

from __future__ import annotations

import io
import tarfile
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import rfc8785
from pydantic import ValidationError

from checkers.checks import CHECKS
from checkers.facts import Observation
from checkers.report import Judgement
from labs.errors import EpreuveError
from labs.folder import lab_hash
from labs.loader import load_lab
from labs.text import Text
from orchestrator.dossier.errors import DossierError
from orchestrator.dossier.manifest import Dossier
from orchestrator.engine.judging import Change, changes
from orchestrator.sealed.manifest import canonical
from orchestrator.stored import judged
from vagrant.build import image_names


@dataclass(frozen=True)
class Again:
    """A judgement of a dossier, and what judging again came to. software: the Épreuve that judged then. same: byte for
    byte. changes: the checks that see it otherwise. unable: why it could not be judged again; None: it was."""

    number: int
    lab_hash: str
    software: str
    points: str
    same: bool = False
    changes: tuple[Change, ...] = ()
    unable: Text | None = None


def judge_sealed(sealed: Dossier) -> list[Again]:
    """Each judgement of a dossier, made again. Raises DossierError when there is none."""
    stored = [canonical(content) for _name, content in sorted(_judgements(sealed))]
    if not stored or "observation.json" not in sealed.files:
        raise DossierError(
            Text("Ce dossier n'a pas de jugement à refaire.", "This dossier has no judgement to make again."),
            where=f"{sealed.manifest.session}/{sealed.manifest.candidate}",
        )
    observation = Observation.model_validate_json(sealed.files["observation.json"])
    return [_again(sealed, observation, one) for one in sorted(stored, key=lambda one: int(one["number"]))]


def _judgements(sealed: Dossier) -> Iterator[tuple[str, bytes]]:
    for name, content in sealed.files.items():
        if name.startswith("judgements/") and name.endswith(".json"):
            yield name, content


def _again(sealed: Dossier, observation: Observation, stored: dict[str, Any]) -> Again:
    about = {"number": stored["number"], "lab_hash": stored["lab_hash"], "software": stored["software"]}
    points = f"{stored['document']['points']} / {stored['document']['max_points']}"
    archive = sealed.files.get(f"labs/{stored['lab_hash']}.tar")
    if archive is None:
        return Again(**about, points=points, unable=_NO_LAB)
    try:
        made = _with_lab(archive, stored["lab_hash"], observation)
    except EpreuveError as error:
        return Again(**about, points=points, unable=error.what)
    if rfc8785.dumps(made.model_dump(mode="json")) == rfc8785.dumps(stored["document"]):
        return Again(**about, points=points, same=True)
    try:
        before = Judgement.model_validate(stored["document"])
    except ValidationError:
        return Again(**about, points=points)
    return Again(**about, points=points, changes=tuple(changes(before, made)))


def _with_lab(archive: bytes, hash_: str, observation: Observation) -> Judgement:
    """What the lab in an archive finds. Raises DossierError or LabError."""
    with tempfile.TemporaryDirectory(prefix="epreuve-dossier-") as place:
        folder = Path(place)
        try:
            with tarfile.open(fileobj=io.BytesIO(archive)) as files:
                files.extractall(folder, filter="data")
        except (tarfile.TarError, OSError) as error:
            raise DossierError(_NOT_THE_LAB, where=str(error)) from error
        if lab_hash(folder) != hash_:
            raise DossierError(_NOT_THE_LAB, where=hash_)
        return judged(load_lab(folder, checks=CHECKS, images=image_names()), observation).judgement()


_NO_LAB = Text("son sujet n'est pas dans le dossier", "its lab is not in the dossier")
_NOT_THE_LAB = Text("l'archive n'est pas celle de son sujet", "the archive is not that of its lab")
