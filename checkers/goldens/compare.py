"""Where recorded answers have another shape than the documented ones."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

from checkers.expect.kinds import Kind, record
from checkers.goldens.files import Golden, GoldenFile, WindowsGolden
from checkers.goldens.shape import Difference, Shape
from checkers.parsers import parts
from checkers.probes.catalog import PROBES


@dataclass(frozen=True)
class Compared:
    """differences: by file, each once. compared: the files that there was something to compare with. alone: questions
    that no documented answer is for."""

    differences: tuple[tuple[Path, Difference], ...]
    compared: tuple[Path, ...]
    alone: tuple[str, ...]


def compare(recorded: Sequence[GoldenFile], documented: Sequence[GoldenFile]) -> Compared:
    """Compare each recorded answer with all the documented ones to the same question."""
    found: list[tuple[Path, Difference]] = []
    compared: list[Path] = []
    alone: set[str] = set()
    for one in recorded:
        if one.documented:
            continue
        known = references(one, documented)
        if not known:
            alone.add("/".join(filter(None, (one.family, one.probe))))
            continue
        compared.append(one.path)
        found += [(one.path, difference) for difference in _differences(one, known)]
    return Compared(tuple(found), tuple(compared), tuple(sorted(alone)))


def references(one: GoldenFile, documented: Iterable[GoldenFile]) -> list[GoldenFile]:
    """What an answer is compared with: what was written from documentation, as long as there is some."""
    known = [other for other in documented if (other.family, other.probe) == (one.family, one.probe)]
    return [other for other in known if other.documented] or known


def _differences(one: GoldenFile, known: Sequence[GoldenFile]) -> list[Difference]:
    answers, values = Shape(), Shape()
    kind = _kind(one.probe)
    for other in known:
        answers.learn(_answer(other.golden))
        if other.golden.value is not None:
            values.learn(other.golden.value, kind)
    found = list(answers.differences(_answer(one.golden), "answer"))
    if one.golden.value is not None:
        found += values.differences(one.golden.value, "value")
    return list(dict.fromkeys(found))


def _answer(golden: Golden) -> object:
    """What has a shape in an answer: of a text, which sections it has."""
    if isinstance(golden, WindowsGolden):
        return golden.answer
    return {name.split()[0]: "" for name in parts.parts("\n".join(golden.stdout)) if name.strip()}


def _kind(probe: str) -> Kind | None:
    try:
        return record(PROBES[probe].value)
    except (KeyError, TypeError):
        return None
