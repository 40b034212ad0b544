"""``printer`` on Windows."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from checkers.checks.printers import PrinterIs
from tests.unit.checkers.local.judging import Judged
from tests.unit.checkers.windows.judging import golden, judged

ATELIER: dict[str, Any] = {"name": "Imprimante Atelier", "uri": "socket://192.168.50.30"}


def printer(case: str, /, change: Callable[[Any], object] = lambda _: None, **expected: Any) -> Judged:
    answer = golden("printers", case)
    change(answer)
    return judged(PrinterIs.model_validate({"on": "client", **expected}), {"printers": answer})


def nobody(answer: Any) -> None:
    answer["console"] = ""


def other_port(answer: Any) -> None:
    answer["ports"][0]["port"] = 9101


def port_left_behind(answer: Any) -> None:
    """The right port is there, and the queue goes to another."""
    answer["ports"].append({**answer["ports"][0], "name": "IP_2", "host": "192.168.50.99"})
    answer["printers"][1]["port"] = "IP_2"


def paused(answer: Any) -> None:
    answer["printers"][1]["status"] = 1


def on_its_way_out(answer: Any) -> None:
    answer["printers"][1]["status"] = 4


def silent(answer: Any) -> None:
    answer["printers"][1]["status"] = 128


@pytest.mark.parametrize(
    "found",
    [
        printer("client-solved", **ATELIER, default=True, shared=False),
        printer("client-solved", silent, **ATELIER),
        printer("client-solved", name="imprimante atelier", uri="socket://192.168.50.30:9100"),
        printer("client-solved", name=r"\\srv-kerbras\Etage", uri="smb://srv-kerbras/Etage"),
        printer("server-shared", name="Atelier", uri="lpd://192.168.50.30/lp", shared=True),
        printer("server-shared", name="Etage", uri="socket://imprimante.kerbras.lan:9101"),
    ],
)
def test_right(found: Judged) -> None:
    assert found.outcome == "PASS"


@pytest.mark.parametrize(
    ("found", "word"),
    [
        (printer("client-solved", other_port, **ATELIER), "9101"),
        (printer("client-solved", port_left_behind, **ATELIER), "192.168.50.99"),
        (printer("client-solved", paused, **ATELIER), "désactivée"),
        (printer("client-solved", on_its_way_out, **ATELIER), "Imprimante Atelier"),
        (printer("client-solved", name="Fichier", uri="socket://192.168.50.40"), "file:socket:"),
        (printer("client-solved", name="Fichier aussi", uri="ipp://192.168.50.41/ipp/print"), "file:http:"),
        (printer("client-solved", name="Microsoft Print to PDF", uri="PORTPROMPT:", default=True), "par défaut"),
        (printer("client-solved", **ATELIER, shared=True), "partagée"),
        (printer("client-spooler-stopped", **ATELIER), "arrêté"),
        (printer("server-core", **ATELIER), "pas installé"),
    ],
)
def test_wrong(found: Judged, word: str) -> None:
    assert found.outcome in ("FAIL", "PART")
    assert word in found.reason


def test_two_users_have_two_defaults() -> None:
    assert printer("client-solved", nobody, **ATELIER, default=True).outcome == "INCONCLUSIVE"
    assert (
        printer("server-shared", name="Atelier", uri="lpd://192.168.50.30/lp", default=True).outcome == "INCONCLUSIVE"
    )
