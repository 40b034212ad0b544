"""Where an answer has another shape than those that were documented."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from checkers.goldens.shape import Difference, Shape, form_of

DOCUMENTED: list[dict[str, Any]] = [
    {
        "name": "DHCP",
        "state": 1,
        "start": 2,
        "since": "2026-11-26T02:49:36Z",
        "owner": "S-1-5-18",
        "ranges": [{"from": "192.168.1.10", "days": 8}],
        "options": [],
        "comment": None,
        "note": "",
    },
    {
        "name": "DNS",
        "state": 4,
        "start": 3,
        "since": "2026-01-06T12:00:00.12Z",
        "owner": "S-1-5-21-1-2-3-500",
        "ranges": [],
        "options": [],
        "comment": "x",
        "note": "",
        "extra": True,
    },
]


def differences(**changes: Any) -> list[Difference]:
    shape = Shape()
    for one in DOCUMENTED:
        shape.learn(one)
    value = {key: one for key, one in {**DOCUMENTED[0], **changes}.items() if one is not ...}
    return list(shape.differences(value))


@pytest.mark.parametrize(
    ("changes", "path", "what"),
    [
        ({"since": ...}, "since", "missing"),
        ({"Since": "x"}, "Since", "extra"),
        ({"name": 3}, "name", "type"),
        ({"state": True}, "state", "type"),
        ({"state": 1.5}, "state", "type"),
        ({"ranges": {"from": "192.168.1.10", "days": 8}}, "ranges", "array"),
        ({"name": ["DHCP"]}, "name", "array"),
        ({"ranges": None}, "ranges", "empty"),
        ({"note": None}, "note", "empty"),
        ({"comment": ""}, "comment", "empty"),
        ({"state": 7}, "state", "enum"),
        ({"since": "/Date(1764125376000)/"}, "since", "time"),
        ({"since": "26/11/2026 02:49:36"}, "since", "time"),
        ({"since": "2026-11-26T02:49:36+01:00"}, "since", "time"),
        ({"owner": "AUTORITE NT\\Système"}, "owner", "form"),
        ({"ranges": [{"from": "192.168.1.10"}]}, "ranges[].days", "missing"),
        ({"ranges": [{"from": "192.168.1.10", "days": 8}, {"from": 1, "days": 8}]}, "ranges[].from", "type"),
        ({"options": [3]}, "options[]", "unknown"),
    ],
)
def test_it_is_told(changes: dict[str, Any], path: str, what: str) -> None:
    assert [(one.path, one.what) for one in differences(**changes)] == [(path, what)]


@pytest.mark.parametrize(
    "changes",
    [
        {},
        {"name": "autre chose", "since": "2020-02-02T02:02:02.2Z", "owner": "S-1-5-32-544"},
        {"extra": False},
        {"comment": "y"},
        {"ranges": [{"from": "10.0.0.1", "days": 30}]},
        {"state": 4},
        {"state": 51820},
    ],
)
def test_other_contents_are_no_difference(changes: dict[str, Any]) -> None:
    assert differences(**changes) == []


def test_keys_that_are_data_may_be_others() -> None:
    shape = Shape()
    shape.learn({"cards": {"Ethernet 2": {"up": True}, "Wi-Fi": {"up": False}}})
    assert list(shape.differences({"cards": {"Ethernet 3": {"up": True}}})) == []
    assert [one.path for one in shape.differences({"cards": {"Ethernet 3": {"up": "yes"}}})] == ["cards[KEY].up"]


def test_it_never_tells_what_was_found() -> None:
    told = json.dumps([vars(one) for one in differences(name=["Tkhd=Rnfg"], owner="Tkhd=Rnfg", Secret="Tkhd=Rnfg")])
    assert "Tkhd" not in told


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=12,
)


@given(JSON, st.lists(JSON, max_size=3))
@example([{"A": False}, {"": None}], [])  # only the second object says that keys are data
def test_what_was_documented_is_no_difference(value: Any, others: list[Any]) -> None:
    shape = Shape()
    for one in [*others, value]:
        shape.learn(one)
    assert list(shape.differences(value)) == []


@pytest.mark.parametrize(
    ("text", "form"),
    [
        ("2026-11-26T02:49:36.1234567Z", "time UTC"),
        ("20261126024936.000000+060", "time CIM"),
        ("11/26/2026 2:49:36 AM", "time in local words"),
        ("{31B2F340-016D-11D2-945F-00C04FB984F9}", "GUID"),
        ("192.168.1.10/24", "IPv4/length"),
        ("P8DT2H", "duration"),
        ("Pause", "text"),
        ("T1", "text"),
    ],
)
def test_forms(text: str, form: str) -> None:
    assert form_of(text) == form
