"""Mutants: small wrong turns on a bench where everything is done, each with the checks that must see it.

They stand in a file of their own beside ``lab.yml``. A lab that has some can be proved (``epreuve lab prove``).
"""

from __future__ import annotations

from pathlib import PurePath
from typing import Annotated

from pydantic import Field, StringConstraints, ValidationError

from labs.base import Slug, Strict
from labs.faults import validation_problems
from labs.nodes import Node
from labs.problems import Problem

Script = Annotated[str, StringConstraints(min_length=1, max_length=8000)]


class Mutant(Strict):
    """One small change to the solved bench.

    run: shell script, by root on the machine ``on`` over the guest agent, with the session's secrets and the bench's
    values of the variants as upper-case environment variables; it answers 0 once the effect is there. flips: exactly
    the checks that no longer get all of their points; none when it is another way to be right.
    """

    id: Slug
    title: Annotated[str, StringConstraints(min_length=1, max_length=120)]
    on: Slug
    run: Script
    flips: tuple[Slug, ...]


class Mutants(Strict):
    """The file of mutants."""

    mutants: Annotated[tuple[Mutant, ...], Field(min_length=1)]


def parse_mutants(root: Node, file: PurePath) -> tuple[tuple[Mutant, ...], list[Problem]]:
    """The mutants of a file read as nodes, and what is wrong with their shape; none when anything is."""
    try:
        return Mutants.model_validate_json(root.json(), strict=True).mutants, []
    except ValidationError as error:
        return (), validation_problems(error, root, file, Mutants)
