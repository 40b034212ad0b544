"""The check that is written without programming: what passes, what fails, what nobody can tell."""

from __future__ import annotations

from typing import Any

import pytest

from checkers.checks.fact import MAX_REASON, FactIs
from checkers.probe import Value
from checkers.probes.awake import AwakeValue
from checkers.probes.files import FileContentValue
from checkers.probes.printers import Printer, PrintersValue
from checkers.secrets import token
from tests.unit.checkers.local.judging import LINKED, Judged, judged

AWAKE = AwakeValue(uptime_s=3600, state="")
LASER = "socket://192.168.1.40:9100"
QUEUE = {
    "all": [
        {"path": "running", "equals": True},
        {"path": "printers[name=laser].uri", "matches": r"socket://192\.168\.1\.40(:9100)?"},
        {"path": "printers[name=laser].enabled", "equals": True},
        {"path": "printers[*].name", "none": {"equals": "old"}},
    ]
}


def queue(name: str = "laser", uri: str = LASER, *, enabled: bool = True, shared: bool | None = False) -> Printer:
    return Printer(name=name, uri=uri, enabled=enabled, accepting=True, shared=shared)


def cups(*printers: Printer, running: bool = True) -> PrintersValue:
    return PrintersValue(installed=True, running=running, default="", printers=printers)


def judge(expect: dict[str, Any], found: Value | None, awake: Value | None = AWAKE, **more: Any) -> Judged:
    check = FactIs.model_validate({"on": "client", "probe": "printers", "expect": expect, **more})
    return judged(check, {str(more.get("probe", "printers")): found, "awake": awake})


@pytest.mark.parametrize(
    "found",
    [cups(queue()), cups(queue(uri="socket://192.168.1.40")), cups(queue("pdf", "cups-pdf:/"), queue())],
    ids=["as asked", "the usual port left out", "another queue beside it"],
)
def test_three_ways_that_are_right(found: PrintersValue) -> None:
    assert judge(QUEUE, found).outcome == "PASS"


@pytest.mark.parametrize(
    ("found", "told"),
    [
        (cups(queue("laser", "socket://192.168.1.4:9100")), "« socket://192.168.1.4:9100 »"),
        (cups(queue("laser2")), "introuvable (« printers[name=laser] »)"),
        (cups(queue(), queue("old")), "« old »"),
        (cups(queue(), queue("laser", enabled=False)), "enabled"),
        (cups(), "introuvable"),
    ],
    ids=["an address that begins alike", "a name that begins alike", "the old one kept", "one of two", "blank"],
)
def test_ways_that_look_right_and_are_wrong(found: PrintersValue, told: str) -> None:
    verdict = judge(QUEUE, found)
    assert verdict.outcome == "FAIL"
    assert told in verdict.reason


def test_the_reason_says_what_was_found_and_what_was_expected() -> None:
    expect = {"path": "running", "equals": True}
    assert judge(expect, cups(running=False)).reason == "files d'impression : « running » : trouvé non, attendu oui"
    assert judge(expect, cups()).reason == "files d'impression : « running » : oui"
    worded = {"path": "printers[*]", "what": "nombre de files", "count": {"between": [1, 2]}}
    assert judge(worded, cups()).reason == "files d'impression : nombre de files : trouvé 0, attendu de 1 à 2"
    both = {"all": [{"path": "default", "equals": "laser"}, {"path": "printers[name=laser].uri", "equals": LASER}]}
    assert judge(both, cups()).reason == (
        "files d'impression : « default » : trouvé rien, attendu « laser » ; « printers[name=laser].uri » : "
        f"introuvable (« printers[name=laser] »), attendu « {LASER} »"
    )


def test_what_was_not_seen_is_inconclusive() -> None:
    assert judge(QUEUE, None).outcome == "INCONCLUSIVE"
    shared = {"path": "printers[name=laser].shared", "equals": True}
    assert judge(shared, cups(queue(shared=None))).outcome == "INCONCLUSIVE", "the probe says that it could not see it"
    assert judge({"none": [shared]}, cups(queue(shared=None))).outcome == "INCONCLUSIVE"
    assert judge({"any": [shared, {"path": "running", "equals": True}]}, cups(queue(shared=None))).outcome == "PASS"
    assert judge({"all": [shared, {"path": "running", "equals": False}]}, cups(queue(shared=None))).outcome == "FAIL"


def test_a_machine_that_was_starting_or_cut_off_does_not_fail() -> None:
    starting = AwakeValue(uptime_s=20, state="starting")
    assert judge(QUEUE, cups(), starting).outcome == "INCONCLUSIVE"
    assert judge(QUEUE, cups(), None).outcome == "INCONCLUSIVE"
    assert judge(QUEUE, cups(queue()), starting).outcome == "PASS"
    check = FactIs.model_validate({"on": "client", "probe": "printers", "expect": QUEUE})
    cut = {**LINKED, "client": {"lan": False}}
    assert judged(check, {"printers": cups(), "awake": AWAKE}, cut).outcome == "INCONCLUSIVE"


def test_what_is_not_there_fails_and_is_not_turned_round() -> None:
    uri = {"path": "printers[name=laser].uri", "equals": LASER}
    assert judge(uri, cups()).outcome == "FAIL"
    assert judge({"none": [uri]}, cups()).outcome == "FAIL"
    assert judge({"none": [uri]}, cups(queue(uri="usb://x"))).outcome == "PASS"
    assert judge({"path": "printers[name=laser]", "present": False}, cups()).outcome == "PASS"
    gone = {"path": "printers[name=laser].shared", "present": False}
    assert judge(gone, cups()).outcome == "FAIL", "what should have it is not there"


def test_all_of_nothing_is_not_enough() -> None:
    every = {"path": "printers[*].enabled", "all": {"equals": True}}
    assert judge(every, cups()).outcome == "FAIL", "a blank bench does not pass"
    assert judge(every, cups(queue())).outcome == "PASS"
    assert judge(every, cups(queue(), queue("b", enabled=False))).outcome == "FAIL"


def test_a_condition_on_each_element_looks_at_one_element_at_a_time() -> None:
    expect = {
        "path": "printers[*]",
        "any": {"all": [{"path": "name", "matches": "(?i)laser"}, {"path": "enabled", "equals": True}]},
    }
    assert judge(expect, cups(queue("LASER"))).outcome == "PASS"
    assert judge(expect, cups(queue("laser", enabled=False), queue("pdf"))).outcome == "FAIL"


def test_exactly_takes_any_order_and_nothing_else() -> None:
    expect = {"path": "printers[*].name", "exactly": ["laser", "pdf"]}
    assert judge(expect, cups(queue("pdf"), queue("laser"))).outcome == "PASS"
    assert judge(expect, cups(queue("laser"))).outcome == "FAIL"
    assert judge(expect, cups(queue("pdf"), queue("laser"), queue("x"))).outcome == "FAIL"


def test_a_secret_is_compared_by_its_token_and_never_told() -> None:
    expect = {"path": "text", "equals_secret": "admin"}
    more = {"probe": "file-content", "args": {"path": "/root/key"}}
    assert judge(expect, FileContentValue(present=True, text=token("admin")), **more).outcome == "PASS"
    for wrong in (expect, {"any": [expect, {"path": "present", "equals": False}]}):
        verdict = judge(wrong, FileContentValue(present=True, text="almost the secret"), **more)
        assert verdict.outcome == "FAIL"
        assert "trouvé autre chose, attendu le secret « admin »" in verdict.reason
        assert "almost" not in verdict.reason


@pytest.mark.parametrize("text", ["%s {0} {x}", "\x1b[31m\u202e" + "a" * 60_000, "‹secret:admin›\n" * 500])
def test_hostile_text_stays_in_its_place(text: str) -> None:
    more = {"probe": "file-content", "args": {"path": "/x"}}
    expect = {"all": [{"path": "text", "contains": "never there"}] * 40}
    verdict = judge(expect, FileContentValue(present=True, text=text), **more)
    assert verdict.outcome == "FAIL"
    assert len(verdict.reason) <= MAX_REASON
    assert not {"\x1b", "\u202e", "\n"} & set(verdict.reason)
