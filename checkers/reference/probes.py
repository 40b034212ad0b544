"""The probes that the catalog of checks asks, each with the checks that ask it and an example of a question."""

from __future__ import annotations

import importlib
import inspect
import pkgutil
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import checkers.probes
from checkers.checks import CHECKS
from checkers.probe import Probe, Question
from checkers.reference.words import example


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
    """Every probe that a check of the catalog asks, by its name, in alphabetical order."""
    found: dict[str, tuple[Question, dict[str, None]]] = {}
    for kind in sorted(CHECKS):
        for question in asked_by(kind):
            found.setdefault(question.probe.name, (question, {}))[1][kind] = None
    return {
        name: Asked(type(question.probe), question, tuple(kinds)) for name, (question, kinds) in sorted(found.items())
    }


def written() -> set[str]:
    """The name of every probe that there is code for."""
    for module in pkgutil.iter_modules(checkers.probes.__path__):
        importlib.import_module(f"checkers.probes.{module.name}")
    return {probe.name for probe in _below(Probe) if not inspect.isabstract(probe)}


def _below(kind: type[Any]) -> Iterator[type[Any]]:
    for below in kind.__subclasses__():
        if below.__module__.startswith("checkers."):
            yield below
        yield from _below(below)
