"""``service-state`` on Windows."""

from __future__ import annotations

from typing import Any

import pytest

from checkers.checks.services import ServiceStateIs
from tests.unit.checkers.local.judging import Judged
from tests.unit.checkers.windows.judging import golden, judged


def state(case: str, changes: dict[str, Any] | None = None, **expected: Any) -> Judged:
    check = ServiceStateIs.model_validate({"on": "server", "unit": "Service", **expected})
    return judged(check, {"unit-state": golden("unit-state", case) | (changes or {})})


@pytest.mark.parametrize(
    "found",
    [
        state("server-dhcp-running"),
        state("server-dhcp-running", {"delayed": 1}),
        # In a domain the time service is manual, and starts because the machine is in one.
        state("client-time-on-demand", {"status": 4}),
        state("client-time-on-demand", {"start": 2, "status": 4, "joined": False}),
        state("client-time-on-demand", {"joined": False}, running=False, enabled=False),
        state("client-time-on-demand", {"triggers": [{"type": 6, "action": 1}]}, running=False, enabled=None),
        state("client-time-on-demand", {"triggers": [{"type": 6, "action": 1}], "start": 2, "status": 4}),
        state("client-absent", running=False, enabled=False),
        state("client-spooler-disabled", {"status": 1}, running=False, enabled=False),
        state("server-failed", running=False, enabled=None),
    ],
)
def test_right(found: Judged) -> None:
    assert found.outcome == "PASS"


@pytest.mark.parametrize(
    "found",
    [
        state("client-spooler-disabled"),  # runs, and will not after a restart
        state("client-spooler-disabled", running=False, enabled=False),  # disabled, and still runs
        state("server-dhcp-running", {"start": 3}),
        state("server-dhcp-running", {"status": 7}),  # paused
        state("server-dhcp-running", {"deleting": 1}),
        state("client-time-on-demand", {"start": 4}),  # what is disabled is started by nothing
        state("client-time-on-demand", {"triggers": [{"type": 4, "action": 2}]}),  # an event that stops it
        state("client-time-on-demand"),  # somebody stopped it
        state("client-time-on-demand", {"joined": False}),
        state("client-time-on-demand", {"joined": False, "status": 4}),
        state("server-failed"),
        state("client-absent"),
    ],
)
def test_wrong(found: Judged) -> None:
    assert found.outcome in ("FAIL", "PART")


def test_nothing_seen() -> None:
    check = ServiceStateIs.model_validate({"on": "server", "unit": "Service"})
    assert judged(check, {"unit-state": None}).outcome == "INCONCLUSIVE"


@pytest.mark.parametrize("kind", [1, 2, 4, 5, 6, 7, 20, 30])
def test_what_starts_on_an_event_may_or_may_not(kind: int) -> None:
    event = {"triggers": [{"type": kind, "action": 1}]}
    for found in (
        state("client-time-on-demand", event),
        state("client-time-on-demand", event | {"status": 4}),
        state("client-time-on-demand", event, enabled=None),
        state("client-time-on-demand", event, running=False, enabled=False),
        state("client-time-on-demand", event | {"start": 2}),
    ):
        assert (found.outcome, "événement" in found.reason) == ("INCONCLUSIVE", True), found
    runs = state("client-time-on-demand", event | {"status": 4}, running=False, enabled=False)
    assert (runs.outcome, "attendu : arrêté" in runs.reason) == ("FAIL", True)
