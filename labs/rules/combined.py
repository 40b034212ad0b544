"""Which values a lab is looked at with: all combinations when they are few, else every pair of values at least once;
every value at least once when even pairs are many."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import combinations, product
from math import prod

from labs.variant import Value

FEW = 32
MANY = 64
"""Two variants with more pairs of values than that are not looked at pair by pair."""


def combined(declared: Mapping[str, Sequence[Value]], few: int = FEW) -> list[dict[str, Value]]:
    """Combinations of values, those with the fewest that are not the first ones first."""
    counts = [len(values) for values in declared.values()]
    if prod(counts) <= few:
        rows: Iterable[tuple[int, ...]] = product(*map(range, counts))
    elif prod(sorted(counts)[-2:]) <= MANY:
        rows = _pairs(counts)
    else:
        rows = (tuple(number % count for count in counts) for number in range(max(counts)))
    ordered = sorted(rows, key=lambda row: (sum(index > 0 for index in row), row))
    return [
        {name: values[index] for (name, values), index in zip(declared.items(), row, strict=True)} for row in ordered
    ]


def _pairs(counts: Sequence[int]) -> Iterator[tuple[int, ...]]:
    """Rows in one of which every two values of two variants stand together (or every value, of a single one).

    Greedy: few rows, not the fewest.
    """
    size = min(2, len(counts))
    left = {
        tuple(zip(places, indices, strict=True))
        for places in combinations(range(len(counts)), size)
        for indices in product(*(range(counts[place]) for place in places))
    }
    row = [0] * len(counts)
    while True:
        yield tuple(row)
        left -= set(combinations(enumerate(row), size))
        if not left:
            return
        row, free = [0] * len(counts), set(range(len(counts)))
        for needed in sorted(left):
            if {place for place, _ in needed} <= free:
                for place, index in needed:
                    row[place] = index
                    free.discard(place)
