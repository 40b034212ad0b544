"""Several things at once: none is given up because another failed."""

from __future__ import annotations

import threading

import pytest

from orchestrator.together import together


def test_what_came_of_each_stands_in_their_order() -> None:
    assert together(str.upper, ["b", "a"]) == ["B", "A"]
    assert together(str.upper, []) == []


def test_all_of_them_at_once() -> None:
    met = threading.Barrier(3, timeout=120)
    together(lambda _one: met.wait(), range(3))


def test_all_end_and_the_first_error_is_raised() -> None:
    done: list[int] = []

    def work(number: int) -> None:
        if number < 90:
            raise ValueError(number)
        done.append(number)

    with pytest.raises(ValueError, match=r"^0$"):
        together(work, range(100))
    assert sorted(done) == list(range(90, 100))
