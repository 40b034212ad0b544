"""Referentials: the competencies that a certification is made of and how it examines them, in its own wording.

A verdict is evidence for a competency, so the words a jury reads are those of the certification, never ours.
"""

from __future__ import annotations

from functools import cache
from importlib.resources import as_file, files
from pathlib import PurePath
from typing import Literal, Self

from pydantic import Field, ValidationError, model_validator

from labs.base import CompetencyId, CriterionId, Slug, Strict
from labs.errors import EpreuveError
from labs.faults import validation_problems
from labs.formats import BlockId, Format, FormatError
from labs.nodes import read_yaml
from labs.problems import LabError, one_of
from labs.text import Text, tr


class Criterion(Strict):
    """What shows a competency: a criterion or an indicator of performance, or a sentence that stands for one.

    wording: that of the certification, to the letter. source: where in its text. seen_by: who can see it. ``machine``:
    the states of the exam's machines show all of it. ``both``: they show a part, a person must judge the rest.
    ``person``: only somebody who watches, listens or reads. why: in French, where that is not plain.
    """

    id: CriterionId
    wording: str = Field(min_length=1)
    source: str = Field(min_length=1)
    seen_by: Literal["machine", "person", "both"]
    why: str = ""


class Competency(Strict):
    """One competency. ``source``: where the certification says so, with its own number if it gives one.

    criteria: in the order of the text; none where it gives none.
    """

    id: CompetencyId
    title: str
    source: str
    criteria: tuple[Criterion, ...] = ()

    @model_validator(mode="after")
    def _criteria_are_numbered(self) -> Self:
        expected = [f"{self.id}.K{number}" for number in range(1, len(self.criteria) + 1)]
        if [item.id for item in self.criteria] != expected:
            raise ValueError(tr(f"critères attendus : {expected}", f"criteria expected: {expected}"))
        return self


class Block(Strict):
    """A block of competencies (bloc de compétences), which a candidate may earn by itself.

    An older text has no blocks by that name: its activities or components are numbered the same way.
    """

    id: BlockId
    title: str
    source: str
    competencies: tuple[Competency, ...] = Field(min_length=1)


class Referential(Strict):
    """A certification: title, level of the French framework (3 to 8), source, blocks and formats in its own order.

    criteria_are: one or two sentences for jurors, in French: what the text gives as criteria, and what we did with it.
    """

    id: Slug
    title: str
    level: int = Field(ge=1, le=8)
    source: str
    criteria_are: str = Field(min_length=1)
    blocks: tuple[Block, ...] = Field(min_length=1)
    formats: tuple[Format, ...] = Field(min_length=1)

    @model_validator(mode="after")
    def _formats_fit(self) -> Self:
        ids = [format_.id for format_ in self.formats]
        if len(set(ids)) != len(ids):
            raise ValueError(tr("deux formats ont le même nom", "two formats have one id"))
        unknown = {name for format_ in self.formats for name in format_.blocks} - {block.id for block in self.blocks}
        if unknown:
            names = ", ".join(sorted(unknown))
            raise ValueError(tr(f"un format évalue un bloc inconnu : {names}", f"a format assesses no block: {names}"))
        return self

    def format(self, name: str) -> Format:
        """The format of this id. Raises FormatError, which lists the formats there are."""
        for format_ in self.formats:
            if format_.id == name:
                return format_
        known = one_of((format_.id for format_ in self.formats), name)
        raise FormatError(
            Text(f"le format « {name} » est inconnu", f"format “{name}” is unknown"),
            where=self.id,
            do=Text(f"Formats : {known.fr}.", f"Formats: {known.en}."),
        )

    def competencies(self) -> dict[str, Competency]:
        """Every competency under its id, in order."""
        return {item.id: item for block in self.blocks for item in block.competencies}

    def criteria(self) -> dict[str, Criterion]:
        """Every criterion under its id, in order."""
        return {item.id: item for competency in self.competencies().values() for item in competency.criteria}

    def block_of(self, competency: str) -> Block:
        """The block that a competency belongs to. Raises KeyError when this certification has no such competency."""
        for block in self.blocks:
            if any(item.id == competency for item in block.competencies):
                return block
        raise KeyError(competency)


class UnknownReferentialError(EpreuveError):
    """No referential of this name is shipped."""

    code = "referential"

    def __init__(self, name: str) -> None:
        known = one_of(referential_names(), name)
        super().__init__(
            Text(f"le référentiel « {name} » est inconnu", f"referential “{name}” is unknown"),
            do=Text(f"Référentiels fournis : {known.fr}.", f"Referentials shipped: {known.en}."),
        )


def referential_names() -> list[str]:
    """The referentials shipped."""
    folder = files("labs").joinpath("referentials")
    return sorted(entry.name.removesuffix(".yml") for entry in folder.iterdir() if entry.name.endswith(".yml"))


@cache
def load_referential(name: str) -> Referential:
    """A shipped referential. Raises UnknownReferentialError, or LabError when its file is wrong."""
    if name not in referential_names():
        raise UnknownReferentialError(name)
    with as_file(files("labs").joinpath("referentials", f"{name}.yml")) as path:
        file = PurePath(path.name)
        root, problems = read_yaml(path, file)
    if root is None or problems:
        raise LabError(problems, where=str(file))
    try:
        return Referential.model_validate_json(root.json(), strict=True)
    except ValidationError as error:
        raise LabError(validation_problems(error, root, file, Referential), where=str(file)) from error
