"""The same done to several things at once."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from typing import TypeVar

_T = TypeVar("_T")
_R = TypeVar("_R")


def together(work: Callable[[_T], _R], items: Iterable[_T]) -> list[_R]:
    """Do it to each, in a thread of its own; what came of each, in their order.

    All of them end, whichever fails: of two machines that are saved, one is not given up because the other could not
    be (``Executor.map`` gives up whatever has not begun yet). The first error is raised then.
    """
    todo = list(items)
    with ThreadPoolExecutor(max_workers=max(1, len(todo))) as pool:
        jobs = [pool.submit(work, one) for one in todo]
    return [job.result() for job in jobs]
