"""The table of measures, in words: for the terminal and, as Markdown, for the documentation. Pure."""

from __future__ import annotations

from collections.abc import Sequence

from labs.text import Text, tr
from tests.benchmark.measure import Measure, outcome, ratio, spread

_OUTCOMES = {
    "met": Text("atteint", "met"),
    "accepted": Text("accepté", "accepted"),
    "missed": Text("manqué", "missed"),
}


def columns() -> list[str]:
    """The heads of the columns."""
    return [
        tr("mesure", "measure"),
        tr("médiane", "median"),
        tr("de … à (n)", "from … to (n)"),
        tr("objectif", "goal"),
        tr("rapport", "ratio"),
        tr("résultat", "result"),
    ]


def rows(measures: Sequence[Measure]) -> list[tuple[str, ...]]:
    """One row for each measure; one that was not measured says so."""
    return [_row(measure, measures) for measure in measures]


def notes(measures: Sequence[Measure]) -> list[tuple[str, str]]:
    """What is to be said of some measures: (name, note)."""
    return [(measure.name, str(measure.note)) for measure in measures if measure.note is not None]


def _row(measure: Measure, measures: Sequence[Measure]) -> tuple[str, ...]:
    title = f"{measure.name} : {measure.title}" if tr("fr", "en") == "fr" else f"{measure.name}: {measure.title}"
    found = spread(measure.samples)
    if found is None:
        return (title, tr("non mesuré", "not measured"), "", _goal(measure), "", "")
    times = ratio(measure, measures)
    result = outcome(measure, measures)
    return (
        title,
        f"{number(found.median)} {measure.unit}",
        f"{number(found.low)} … {number(found.high)} ({found.count})",
        _goal(measure),
        "" if times is None else f"{number(times)} × {measure.ratio_to}",
        "" if result is None else str(_OUTCOMES[result]),
    )


def _goal(measure: Measure) -> str:
    goal = measure.goal
    if goal is None:
        return ""
    if measure.ratio_to is not None:
        return f"≥ {number(goal.value)} × {measure.ratio_to}"
    more = (
        ""
        if goal.accepted is None
        else tr(f" ({number(goal.accepted)} accepté)", f" ({number(goal.accepted)} accepted)")
    )
    return f"≤ {number(goal.value)} {measure.unit}{more}"


def number(value: float) -> str:
    """A figure with three significant digits, in the language's own spelling."""
    text = f"{value:.0f}" if abs(value) >= 100 else f"{value:.3g}"
    return text.replace(".", tr(",", "."))
