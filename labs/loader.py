"""Reading a lab: every fault at once, each with its place; or the lab, ready to use."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from pathlib import Path, PurePath

from pydantic import ValidationError

from labs.faults import validation_problems
from labs.folder import LAB_FILE, lab_hash
from labs.model import Lab
from labs.mutant import Mutant, parse_mutants
from labs.nodes import Node, read_yaml
from labs.problems import LabError, Problem
from labs.referential import Referential, load_referential
from labs.rules import RULES, RULES_OF_PROOF, Rule
from labs.rules.draft import CheckCatalog, Draft
from labs.text import Text

__all__ = ["CheckCatalog", "LabError", "LoadedLab", "Problem", "lint", "load_lab"]


@dataclass(frozen=True)
class LoadedLab:
    """A lab without faults. ``hash`` names its exact contents (see ``labs.folder.lab_hash``)."""

    lab: Lab
    folder: Path
    hash: str
    referential: Referential
    mutants: tuple[Mutant, ...] = ()

    def path(self, relative: PurePath | str) -> Path:
        """A file that the lab names (the linter has made sure that it is inside the folder)."""
        return self.folder / relative

    @property
    def subject(self) -> str:
        """The subject's template, as written."""
        return self.path(self.lab.subject).read_text(encoding="utf-8")


def load_lab(folder: Path, *, checks: CheckCatalog, images: Collection[str]) -> LoadedLab:
    """The lab in a folder. Raises LabError with every fault.

    checks: the catalog of check classes (``checkers.checks.CHECKS``). images: the names of the images that exist.
    """
    problems, lab = _read(folder, checks, images, RULES)
    if problems or lab is None:
        raise LabError(problems, where=str(folder))
    return LoadedLab(lab, folder, lab_hash(folder), load_referential(lab.referential), _mutants(folder, lab))


def lint(folder: Path, *, checks: CheckCatalog, images: Collection[str]) -> list[Problem]:
    """Every fault of the lab in a folder, sorted by file and place; empty when there is none.

    Those that only keep it from being proved are among them; ``load_lab`` does not mind these.
    """
    return _read(folder, checks, images, (*RULES, *RULES_OF_PROOF))[0]


def _read(
    folder: Path, checks: CheckCatalog, images: Collection[str], rules: Sequence[Rule]
) -> tuple[list[Problem], Lab | None]:
    file = PurePath(LAB_FILE)
    if not (folder / LAB_FILE).is_file():
        return [_no_lab(folder, file)], None
    root, problems = read_yaml(folder / LAB_FILE, file)
    if root is None:
        return problems, None
    lab, wrong = _validate(root, file)
    problems += wrong
    draft = Draft(folder, root, checks, images)
    for rule in rules:
        problems += rule(draft)
    unique = dict.fromkeys(problems)
    return sorted(unique, key=lambda item: (str(item.file) != LAB_FILE, str(item.file), item.line, item.column)), lab


def _validate(root: Node, file: PurePath) -> tuple[Lab | None, list[Problem]]:
    try:
        # Through JSON: its strict mode takes no quoted number for a number, and no word for a boolean.
        return Lab.model_validate_json(root.json(), strict=True), []
    except ValidationError as error:
        return None, validation_problems(error, root, file, Lab)


def _mutants(folder: Path, lab: Lab) -> tuple[Mutant, ...]:
    """Those of a lab without faults."""
    if lab.mutants is None:
        return ()
    root, _ = read_yaml(folder / lab.mutants, lab.mutants)
    return parse_mutants(root, lab.mutants)[0] if root is not None else ()


def _no_lab(folder: Path, file: PurePath) -> Problem:
    return Problem(
        "missing-file",
        file,
        1,
        1,
        Text(f"le dossier « {folder} » ne contient pas de {file}", f"folder “{folder}” holds no {file}"),
        Text("le dossier d'un sujet", "the folder of a lab"),
    )
