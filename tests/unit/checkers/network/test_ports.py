"""The port checks: from the wire and from another machine."""

from __future__ import annotations

import json
from typing import Any

import pytest
from pydantic import ValidationError

from checkers.checks.ports import PortsAre, TcpReaches
from checkers.facts import Raw
from checkers.probes.ports import TcpReach

from .judging import LINKED, judged

MAC = "52:54:00:50:00:77"


def check(**more: Any) -> PortsAre:
    return PortsAre.model_validate({"network": "lan", "machine": "client", "mac": MAC, **more})


def answer(states: dict[int, str], *, addresses: tuple[str, ...] = ("192.168.50.60",), alive: bool = True,
           ping: bool = True) -> str:  # fmt: skip
    return json.dumps({"subnet": "192.168.50.0/24", "addresses": addresses, "alive_after": alive, "ping": ping,
                       "ports": {str(port): state for port, state in states.items()}})  # fmt: skip


CHECK = check(open=[22], closed=[445, 8000], ping=True)


@pytest.mark.parametrize("closed", ["refused", "rejected", "silent"])
def test_every_way_of_closing_is_closed(closed: str) -> None:
    assert judged(CHECK, answer({22: "open", 445: closed, 8000: closed})).outcome == "PASS"


def test_any_address_will_do() -> None:
    text = answer({22: "open", 445: "silent", 8000: "silent"}, addresses=("192.168.50.9", "192.168.50.201"))
    assert judged(CHECK, text).outcome == "PASS"


@pytest.mark.parametrize(
    ("text", "outcome", "reason"),
    [
        (answer({22: "open", 445: "open", 8000: "silent"}), "FAIL", "port 445 ouvert sur 192.168.50.60, attendu fermé"),
        (answer({22: "silent", 445: "silent", 8000: "silent"}), "PART", "port 22 muet (filtré) sur 192.168.50.60"),
        (answer({22: "refused", 445: "silent", 8000: "silent"}), "PART", "port 22 fermé (refus)"),
        (answer({22: "open", 445: "silent", 8000: "silent"}, ping=False), "PART", "ne répond pas au ping"),
        (answer({}, addresses=(), alive=False, ping=False), "FAIL", "ne répond sur aucune adresse de 192.168.50.0/24"),
    ],
)
def test_wrong(text: str, outcome: str, reason: str) -> None:
    found = judged(CHECK, text)
    assert found.outcome == outcome
    assert reason in found.reason


def test_only_closed_ports_do_not_pass_on_a_machine_that_is_not_there() -> None:
    assert judged(check(closed=[8000]), answer({}, addresses=(), alive=False)).outcome == "FAIL"


def test_silence_of_a_cut_machine_concludes_nothing() -> None:
    cut = {**LINKED, "client": {"lan": False}}
    assert judged(CHECK, answer({}, addresses=(), alive=False), links=cut).outcome == "INCONCLUSIVE"
    silent = answer({22: "silent", 445: "silent", 8000: "silent"})
    assert judged(CHECK, silent, links=cut).outcome == "INCONCLUSIVE"


def test_a_machine_that_went_away_meanwhile_concludes_nothing() -> None:
    gone = answer({22: "open", 445: "silent", 8000: "silent"}, alive=False)
    assert judged(CHECK, gone).outcome == "INCONCLUSIVE"
    answered = answer({22: "open", 445: "refused", 8000: "refused"}, alive=False)
    assert judged(CHECK, answered).outcome == "PASS", "what did answer stands"


def test_a_machine_must_not_answer_a_ping() -> None:
    quiet = check(closed=[22], ping=False)
    assert judged(quiet, answer({22: "silent"}, ping=False)).outcome == "PASS"
    assert judged(quiet, answer({22: "silent"}, ping=True)).outcome == "PART"


@pytest.mark.parametrize("text", ["", "{", '{"subnet": 1}', answer({70000: "open"}), answer({22: "ajar"})])
def test_forged_or_broken_answers_are_refused(text: str) -> None:
    with pytest.raises(ValueError):  # noqa: PT011
        CHECK.questions()[0].probe.parse(Raw(stdout=text))


def test_a_check_must_ask_something_and_not_both() -> None:
    for wrong in ({}, {"open": [22], "closed": [22]}, {"open": [0]}, {"open": [22], "mac": "nonsense"}):
        with pytest.raises(ValidationError):
            check(**wrong)


REACH = TcpReaches.model_validate(
    {"on": "server", "to": "client", "mac": MAC, "network": "lan", "port": 22, "open": True}
)


def nc(*lines: str, code: int) -> str:
    return (
        "/usr/sbin/arping\n/usr/bin/bash\nto 192.168.50.60\n"
        + "".join(f"{line}\n" for line in lines)
        + f"code {code}\n"
    )


OPEN = nc("Connection to 192.168.50.60 22 port [tcp/ssh] succeeded!", code=0)
REFUSED = nc("nc: connect to 192.168.50.60 port 22 (tcp) failed: Connection refused", "again",
             "nc: connect to 192.168.50.60 port 22 (tcp) failed: Connection refused", code=1)  # fmt: skip
SILENT = nc("nc: connect to 192.168.50.60 port 22 (tcp) timed out: Operation now in progress", "again",
            "nc: connect to 192.168.50.60 port 22 (tcp) timed out: Operation now in progress", code=1)  # fmt: skip
LATE = nc("nc: connect to 192.168.50.60 port 22 (tcp) timed out: Operation now in progress", "again",
          "Connection to 192.168.50.60 22 port [tcp/ssh] succeeded!", code=0)  # fmt: skip


@pytest.mark.parametrize(
    ("text", "wanted", "outcome"),
    [
        (OPEN, True, "PASS"), (LATE, True, "PASS"), (REFUSED, False, "PASS"), (SILENT, False, "PASS"),
        (OPEN, False, "FAIL"), (REFUSED, True, "FAIL"), (SILENT, True, "FAIL"),
        ("/usr/sbin/arping\n/usr/bin/bash\nabsent\n", True, "FAIL"),
        ("/usr/sbin/arping\n/usr/bin/bash\nabsent\n", False, "FAIL"),
    ],
)  # fmt: skip
def test_reach(text: str, wanted: bool, outcome: str) -> None:
    assert judged(REACH.model_copy(update={"open": wanted}), text).outcome == outcome


def test_reach_concludes_nothing_when_it_could_not_try_or_was_cut() -> None:
    assert judged(REACH, "to 192.168.50.60\nsh: nc: not found\ncode 127\n").outcome == "INCONCLUSIVE"
    assert judged(REACH, Raw(stdout="", exit_code=127)).outcome == "INCONCLUSIVE"
    for machine in ("server", "client"):
        assert judged(REACH, SILENT, links={**LINKED, machine: {"lan": False}}).outcome == "INCONCLUSIVE"
    plain = TcpReaches.model_validate({"on": "server", "to": "192.168.50.60", "port": 22})
    assert judged(plain, SILENT).outcome == "INCONCLUSIVE"
    assert judged(plain, REFUSED).outcome == "FAIL"


def test_targets_are_addresses_names_or_hardware_addresses_and_nothing_else() -> None:
    assert "neigh" in TcpReach(to=MAC, port=22).command()
    assert "neigh" not in TcpReach(to="192.168.50.60", port=22).command()
    for wrong in ("-e/bin/sh", "a b", "$(id)", ""):
        with pytest.raises(ValidationError):
            TcpReach(to=wrong, port=22)
