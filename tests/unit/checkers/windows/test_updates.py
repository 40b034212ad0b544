"""``automatic-updates`` on Windows."""

from __future__ import annotations

from typing import Any

import pytest

from checkers.checks.updates import UpdatesInstallThemselves
from tests.unit.checkers.local.judging import Judged
from tests.unit.checkers.windows.judging import golden, judged


def updates(case: str, origin: str = "Microsoft", days: int = 1, **changes: Any) -> Judged:
    check = UpdatesInstallThemselves.model_validate(
        {"on": "client", "origin": origin, "suite": "Windows", "days": days}
    )
    return judged(check, {"automatic-updates": golden("automatic-updates", case) | changes})


@pytest.mark.parametrize(
    "found",
    [
        updates("client-default"),
        updates("client-default", options=4, scheduled_day=0),
        updates("client-paused", paused_until="2026-11-01T09:00:00Z"),  # the pause is over
        updates("server-default", options=4),
        updates("server-weekly-wsus", origin="WSUS", days=7),
    ],
)
def test_right(found: Judged) -> None:
    assert found.outcome == "PASS"


@pytest.mark.parametrize(
    ("found", "word"),
    [
        (updates("client-paused"), "suspendu"),
        (updates("client-default", no_auto_update=1, options=4), "suspendu"),
        (updates("client-default", options=3), "jamais"),  # downloads, and waits for somebody
        (updates("client-default", options=2), "jamais"),
        (updates("server-default"), "jamais"),
        (updates("server-weekly-wsus", origin="WSUS"), "7 jours"),
        (updates("server-weekly-wsus", days=7), "origine"),  # Microsoft is not asked
        (updates("client-default", services=[{"name": "wuauserv", "start": 4}, {"name": "UsoSvc", "start": 2}]),
         "service désactivé : wuauserv"),
    ],
)  # fmt: skip
def test_wrong(found: Judged, word: str) -> None:
    assert found.outcome in ("FAIL", "PART")
    assert word in found.reason
