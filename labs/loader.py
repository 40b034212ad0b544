"""Reading a lab: every fault at once, each with its place; or the lab, ready to use."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path, PurePath

from pydantic import ValidationError

from labs.faults import validation_problems
from labs.folder import LAB_FILE, lab_hash
from labs.model import Lab
from labs.mutant import Mutant, parse_mutants
from labs.nodes import Node, read_yaml
from labs.placeholders import declared, resolve
from labs.problems import LabError, Problem
from labs.referential import Referential, load_referential
from labs.rules import RULES, RULES_OF_PROOF, VARYING, Rule
from labs.rules.combined import combined
from labs.rules.draft import CheckCatalog, Draft
from labs.text import Text
from labs.values import chosen, drawn, first, fitting, misfit
from labs.variant import Values, in_words

__all__ = ["CheckCatalog", "LabError", "LoadedLab", "Problem", "lint", "load_lab"]


@dataclass(frozen=True)
class LoadedLab:
    """A lab without faults, with one value of each variant. ``hash`` names its exact contents (see
    ``labs.folder.lab_hash``): it is the same whatever the values."""

    lab: Lab
    folder: Path
    hash: str
    referential: Referential
    values: Values
    """The value of each variant that stands in ``lab``: the first ones, as it is loaded."""
    mutants: tuple[Mutant, ...]
    _written: Node = field(repr=False, compare=False)

    def path(self, relative: PurePath | str) -> Path:
        """A file that the lab names (the linter has made sure that it is inside the folder)."""
        return self.folder / relative

    def variant(self, values: Values) -> LoadedLab:
        """The lab with these values, such as an observation names. Raises VariantError when one is missing."""
        found = fitting(self.lab.variants, values)
        if found == self.values:
            return self
        try:
            lab = Lab.model_validate_json(resolve(self._written, found).json(), strict=True)
        except ValidationError as error:  # values of another version of the lab
            raise misfit(found) from error
        return replace(self, lab=lab, values=found)

    @property
    def is_default(self) -> bool:
        """Whether each variant has its first value."""
        return self.values == first({name: variant.values for name, variant in self.lab.variants.items()})

    def chosen(self, wanted: Mapping[str, str]) -> LoadedLab:
        """The lab with values that a person names. Raises UsageError."""
        return self.variant(chosen(self.lab.variants, wanted))

    def drawn(self, *, seed: str, session: str, candidate: str) -> LoadedLab:
        """The lab of one candidate of a session (see ``labs.values``)."""
        return self.variant(drawn(self.lab.variants, seed=seed, session=session, candidate=candidate))

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
    return lab


def lint(folder: Path, *, checks: CheckCatalog, images: Collection[str]) -> list[Problem]:
    """Every fault of the lab in a folder, sorted by file and place; empty when there is none.

    Those that only keep it from being proved are among them; ``load_lab`` does not mind these.
    """
    return _read(folder, checks, images, (*RULES, *RULES_OF_PROOF))[0]


def _read(
    folder: Path, checks: CheckCatalog, images: Collection[str], rules: Sequence[Rule]
) -> tuple[list[Problem], LoadedLab | None]:
    file = PurePath(LAB_FILE)
    if not (folder / LAB_FILE).is_file():
        return [_no_lab(folder, file)], None
    root, problems = read_yaml(folder / LAB_FILE, file)
    if root is None:
        return problems, None
    written = declared(root)
    values = first(written)
    draft = Draft(folder, resolve(root, values), checks, images, written=root)
    lab, wrong = _validate(draft.root, file)
    problems += wrong
    for rule in rules:
        problems += rule(draft)
    problems += _with_other_values(draft, combined(written)[1:], problems)
    unique = dict.fromkeys(problems)
    ordered = sorted(unique, key=lambda one: (str(one.file) != LAB_FILE, str(one.file), one.line, one.column))
    if ordered or lab is None:
        return ordered, None
    referential, mutants = load_referential(lab.referential), _mutants(folder, lab)
    return [], LoadedLab(lab, folder, lab_hash(folder), referential, values, mutants, root)


def _with_other_values(draft: Draft, others: Sequence[Values], known: Sequence[Problem]) -> Iterator[Problem]:
    """The faults that only other values cause, each told once, with the first values that do."""
    told = {(one.code, one.line, one.column) for one in known}
    for values in others:
        varied = replace(draft, root=resolve(draft.written, values))
        for problem in [*_validate(varied.root, draft.file)[1], *(found for rule in VARYING for found in rule(varied))]:
            place = (problem.code, problem.line, problem.column)
            if place not in told:
                told.add(place)
                said, what = in_words(values), problem.what
                yield replace(problem, what=Text(f"{what.fr} (avec {said})", f"{what.en} (with {said})"))


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
