"""A lab as its page shows it."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal

from markupsafe import Markup

from labs.diagram import diagram
from labs.loader import LoadedLab
from labs.paper import paper
from labs.referential import Block, Competency
from labs.secrets import example_values
from labs.subject import SubjectError
from labs.text import current_language


@dataclass(frozen=True)
class Covered:
    """A competency of the referential. ``checks``: those that are evidence for it, by their titles; none: it is left to
    the jury."""

    competency: Competency
    points: Decimal
    checks: tuple[str, ...]


@dataclass(frozen=True)
class Paper:
    """The subject with example secrets, or why it cannot be shown."""

    html: Markup | None
    error: SubjectError | None = None


def example_paper(lab: LoadedLab) -> Paper:
    """The subject as a candidate would read it, with secrets that open nothing, always the same ones."""
    secrets = example_values(lab.lab.secrets, lab.hash)
    try:
        shown = paper(lab.lab, lab.subject, secrets=secrets, variants=lab.values, candidate="Camille Exemple")
        return Paper(Markup(shown))  # noqa: S704 - our own renderer lets no HTML of the author through
    except SubjectError as error:
        return Paper(None, error)


def networks(lab: LoadedLab) -> Markup:
    """The picture of the networks."""
    return Markup(diagram(lab.lab, language=current_language(), staff=True))  # noqa: S704 - it escapes what it is given


def coverage(lab: LoadedLab) -> Iterator[tuple[Block, list[Covered]]]:
    """What of the certification the lab gives evidence for, block by block."""
    found: dict[str, list[tuple[str, Decimal]]] = {}
    for task, check in lab.lab.checks():
        found.setdefault(check.competency or task.competency, []).append((check.title, check.points))
    for block in lab.referential.blocks:
        yield (
            block,
            [
                Covered(
                    one,
                    sum((points for _, points in found.get(one.id, [])), Decimal(0)),
                    tuple(title for title, _ in found.get(one.id, [])),
                )
                for one in block.competencies
            ],
        )


def parameter(value: object) -> str:
    """A check's parameter in a few words."""
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False, default=str)
