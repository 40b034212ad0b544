"""The probes that the catalog of checks asks, each with the checks that ask it and an example of a question."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from checkers.checks import CHECKS
from checkers.probe import Probe, Question
from checkers.probes.catalog import FACTS
from checkers.reference.types import type_words
from checkers.reference.words import example, questions
from labs.text import Text


@dataclass(frozen=True)
class Asked:
    """A probe. question: one that a check's example asks. kinds: of the checks whose examples ask it."""

    probe: type[Probe[Any]]
    question: Question
    kinds: tuple[str, ...]


def asked_by(kind: str) -> list[Question]:
    """The questions that the example of a kind of check asks; none without an example."""
    params = example(kind)
    return [] if params is None else list(CHECKS[kind].model_validate(params).questions())


def probes() -> dict[str, Asked]:
    """Every probe that a check of the catalog asks, by its name, in alphabetical order; ``fact`` asks the others."""
    found: dict[str, tuple[Question, dict[str, None]]] = {}
    for kind in sorted(CHECKS):
        for question in asked_by(kind):
            found.setdefault(question.probe.name, (question, {}))[1][kind] = None
    for name, args in questions().items():
        found.setdefault(name, (Question("client", FACTS[name].model_validate(args)), {"fact": None}))
    return {
        name: Asked(type(question.probe), question, tuple(kinds)) for name, (question, kinds) in sorted(found.items())
    }


def arguments(probe: type[Probe[Any]]) -> list[tuple[str, Text]]:
    """What a probe takes: each name with what it may hold."""
    schema = probe.model_json_schema()
    return [(name, type_words(value, schema.get("$defs", {}))) for name, value in schema.get("properties", {}).items()]
