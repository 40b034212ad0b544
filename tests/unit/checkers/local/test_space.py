"""``free-space``: whether ordinary users can still write."""

from __future__ import annotations

import pytest

from checkers.checks.space import SpaceIsFree
from tests.unit.checkers.local.judging import judged

CHECK = SpaceIsFree(on="server", path="/srv/partages", free_mib=500)


def said(free_mib: int, nodes: int = 200_000, total_nodes: int = 260_000) -> str:
    """As ``stat -f`` says it, in blocks of 4 KiB."""
    return f"4096 {4095 * 256} {free_mib * 256} {total_nodes} {nodes}\n"


@pytest.mark.parametrize("text", [said(500), said(3451), said(3451, nodes=0, total_nodes=0)])
def test_room_enough(text: str) -> None:
    assert judged(CHECK, {"free-space": text}).outcome == "PASS"


@pytest.mark.parametrize(
    ("text", "outcome", "word"),
    [
        (said(0), "FAIL", "0 Mio libres sur 4095, attendu 500 ou plus"),
        (said(499), "FAIL", "499 Mio libres"),
        (said(3451, nodes=3), "FAIL", "inodes"),
        ("absent\n", "FAIL", "introuvable"),
        ("", "INCONCLUSIVE", "n'a pas pu être lue"),
        ("4096 1 2 3", "INCONCLUSIVE", "n'a pas pu être lue"),
        ("4096 -1 2 3 4", "INCONCLUSIVE", "n'a pas pu être lue"),
        (f"{'9' * 20} 1 1 1 1", "INCONCLUSIVE", "n'a pas pu être lue"),
    ],
)
def test_no_room(text: str, outcome: str, word: str) -> None:
    found = judged(CHECK, {"free-space": text})
    assert found.outcome == outcome
    assert word in found.reason
