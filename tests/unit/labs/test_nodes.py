"""YAML is read with places, within bounds, and never with a stack trace."""

from __future__ import annotations

import json
from pathlib import Path, PurePath
from time import process_time

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from labs.nodes import MAX_NODES, Node, read_yaml
from labs.problems import Problem

NAME = PurePath("lab.yml")


def read(tmp_path: Path, text: str | bytes) -> tuple[Node | None, list[Problem]]:
    file = tmp_path / "lab.yml"
    file.write_bytes(text if isinstance(text, bytes) else text.encode())
    return read_yaml(file, NAME)


def test_values_are_those_of_yaml_1_2(tmp_path: Path) -> None:
    root, problems = read(
        tmp_path,
        "mac: 52:54:00:50:00:10\nat: 22:30\nno: no\nyes: true\nn: 12\nneg: -3\nf: 2.5\nempty:\nnull: ~\n"
        "date: 2026-01-01\noctal: 0700\nquoted: '12'\nfolded: >-\n  a\n  b\nlist: [1, two]\nver: 1.0.0\n1: key\n",
    )
    assert problems == []
    assert root is not None
    assert root.plain() == {
        "mac": "52:54:00:50:00:10",
        "at": "22:30",
        "no": "no",
        "yes": True,
        "n": 12,
        "neg": -3,
        "f": 2.5,
        "empty": None,
        "": None,
        "date": "2026-01-01",
        "octal": 700,
        "quoted": "12",
        "folded": "a b",
        "list": [1, "two"],
        "ver": "1.0.0",
        "1": "key",
    }
    two = root.map["list"].items[1]
    assert (two.line, two.column) == (16, 11)
    assert root.key("f").line == 7


def test_an_anchor_stands_for_its_value(tmp_path: Path) -> None:
    root, problems = read(tmp_path, "a: &x { k: [1, 2] }\nb: *x\n")
    assert root is not None
    assert not problems
    assert root.plain() == {"a": {"k": [1, 2]}, "b": {"k": [1, 2]}}


FAULTS: dict[str, tuple[str | bytes, str]] = {
    "syntax": ("a: [1\nb: 2\n", "2:2 yaml"),
    "unclosed quote": ("a: 'b\n", "2:1 yaml"),
    "two values": ("a: b: c\n", "1:5 yaml"),
    "duplicate key": ("a: 1\nb: 2\na: 3\n", "3:1 duplicate-key"),
    "duplicate key inside": ("a:\n  - { x: 1, x: 2 }\n", "2:13 duplicate-key"),
    "tab": ("a:\n\tb: 1\n", "2:1 tab"),
    "tab after spaces": ("a:\n  b:\n  \tc: 1\n", "3:3 tab"),
    "not UTF-8": (b"a: 1\nb: caf\xe9\n", "2:7 not-utf8"),
    "UTF-16": ("a: 1\n".encode("utf-16"), "1:1 not-utf8"),
    "half a character": ('a: "\\ud800"\n', "1:4 yaml"),
    "control character": ("a: 1\nb: \x07\n", "2:4 yaml"),
    "unknown alias": ("a: *nowhere\n", "1:4 yaml"),
    "self-reference": ("a: &x [1, *x]\n", "1:11 yaml"),
    "tag": ("a: !!python/object:os.system x\n", "1:4 yaml"),
    "two documents": ("a: 1\n---\nb: 2\n", "2:1 several-documents"),
    "key that is no text": ("? [1]\n: 2\n", "1:3 yaml"),
    "too deep": ("[" * 40 + "]" * 40, "1:33 too-deep"),
    "very deep": ("[" * 100_000, "1:33 too-deep"),
    "too large": ("# " + "x" * 1_100_000, "1:1 too-large"),
}


@pytest.mark.parametrize("fault", FAULTS)
def test_each_fault_has_its_place(tmp_path: Path, fault: str) -> None:
    text, expected = FAULTS[fault]
    _, problems = read(tmp_path, text)
    assert [f"{p.line}:{p.column} {p.code}" for p in problems] == [expected]


def test_every_duplicate_is_told(tmp_path: Path) -> None:
    _, problems = read(tmp_path, "a: 1\na: 2\nb: { c: 1, c: 2 }\n")
    assert [(p.line, p.column) for p in problems] == [(2, 1), (3, 12)]


def test_a_billion_laughs_are_refused_at_once(tmp_path: Path) -> None:
    lines = ["a0: &a0 [ha, ha, ha, ha, ha, ha, ha, ha, ha, ha]"]
    lines += [f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 10)}]" for n in range(1, 10)]
    began = process_time()
    _, problems = read(tmp_path, "\n".join(lines))
    assert process_time() - began < 2
    assert [p.code for p in problems] == ["too-large"]
    assert str(MAX_NODES) in problems[0].text().en


def test_a_ladder_of_aliases_is_refused_before_it_is_too_deep_to_walk(tmp_path: Path) -> None:
    lines = ["a0: &a0 [1]"] + [f"a{n}: &a{n} [*a{n - 1}]" for n in range(1, 2000)]
    _, problems = read(tmp_path, "\n".join(lines))
    assert [p.code for p in problems] == ["too-deep"]


def test_a_file_that_cannot_be_read_is_a_fault(tmp_path: Path) -> None:
    _, problems = read_yaml(tmp_path, NAME)
    assert [p.code for p in problems] == ["unreadable"]


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None, max_examples=100)
@given(text=st.one_of(st.binary(max_size=60), st.text(alphabet="ab:-[]{}&*!|>'\"#%@`, \n\t?é0.~", max_size=60)))
def test_no_input_gives_a_stack_trace(tmp_path: Path, text: bytes | str) -> None:
    root, problems = read(tmp_path, text)
    assert problems or root is None or root.plain() is not Ellipsis
    for problem in problems:
        assert problem.line >= 1
        assert problem.column >= 1


# Characters that YAML takes as they are; it treats the others as line breaks or refuses them.
_CHARACTERS = st.characters(exclude_categories=("Cc", "Cf", "Cs", "Cn", "Co", "Zl", "Zp"))
_TEXT = st.text(_CHARACTERS, max_size=8)
_KEY = st.text(_CHARACTERS, min_size=1, max_size=6)
_PLAIN = st.recursive(
    st.one_of(st.none(), st.booleans(), st.integers(-(10**9), 10**9), _TEXT),
    lambda inner: st.one_of(st.lists(inner, max_size=4), st.dictionaries(_KEY, inner, max_size=4)),
    max_leaves=12,
)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None, max_examples=40)
@given(data=st.dictionaries(_KEY, _PLAIN, max_size=5))
def test_json_is_read_as_it_is(tmp_path: Path, data: dict[str, object]) -> None:
    file = tmp_path / "lab.yml"
    file.write_text(json.dumps(data, indent=1, ensure_ascii=False), encoding="utf-8")
    root, problems = read_yaml(file, NAME)
    assert not problems
    assert root is not None
    assert root.plain() == data
