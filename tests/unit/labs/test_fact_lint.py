"""A check of the kind ``fact`` is linted down to the field and the type of what it compares."""

# ruff: noqa: E501 - one fault a line

from __future__ import annotations

import re
from pathlib import Path

import pytest
from ruamel.yaml import YAML

from checkers.checks.fact import FactIs
from labs.loader import lint
from tests.unit.labs.conftest import CHECKS, IMAGES, Workbench

WITH = """\
with:
          on: client
          probe: unit-state
          args: { unit: cups.service }
          expect:
            all:
              - { path: active, equals: active }
              - { path: "triggers[*].active", any: { in: [active] } }
"""
ACTIVE, TRIGGERS = "{ path: active, equals: active }", '{ path: "triggers[*].active", any: { in: [active] } }'


def told(bench: Workbench, old: str = "", new: str = "") -> list[str]:
    """The faults of a sound fact check in which one text was replaced."""
    bench.replace("check: host-name", "check: fact")
    bench.replace("with:\n          on: client\n          name: desk\n", WITH)
    if old:
        bench.replace(old, new)
    return [str(problem) for problem in lint(bench.folder, checks={**CHECKS, "fact": FactIs}, images=IMAGES)]


def test_a_sound_check_has_no_fault(bench: Workbench) -> None:
    assert told(bench) == []


@pytest.mark.parametrize(
    ("old", "new", "fault"),
    [
        ("unit-state", "unit-stat", "58:18: unknown probe “unit-stat”; allowed: … (did you mean “unit-state”?)"),
        ("unit-state", "ports", "58:18: probe “ports” has a check of its own: its silence proves nothing by itself; allowed: …"),
        ("unit: cups", "unt: cups", "59:19: the probe does not take “unt”; allowed: unit (did you mean “unit”?)"),
        ("unit: cups.service", "unit: 12", "59:25: number 12 does not fit here; allowed: text (between quotes)"),
        ("on: client", "on: clinet", "57:15: unknown machine “clinet”; allowed: client, server (did you mean “client”?)"),
        ("path: active", "path: actve", "62:25: unknown field “actve”; allowed: … (did you mean “active”?)"),
        ("triggers[*].active", "triggers[*].actve", "63:25: unknown field “actve”; allowed: active, file_state, id (did you mean “active”?)"),
        ("triggers[*].active", "triggers.active", "63:25: “triggers” holds several elements; allowed: triggers[*].active"),
        ("triggers[*].active", "triggers[*]", "63:45: the path is missing; allowed: active, file_state, id"),
        ("triggers[*].active", "triggers[nam=x].active", "63:25: unknown field “nam”; allowed: active, file_state, id"),
        ("equals: active", "equals: true", "62:41: true does not fit here; allowed: text (between quotes)"),
        ("equals: active", "at_least: 3", "62:43: “at_least” does not compare this: text; allowed: contains, equals, equals_secret, in, matches"),
        (ACTIVE, "{ path: wanted, equals: yes }", "62:41: yes does not fit here; allowed: true or false"),
        (ACTIVE, "{ path: wanted, contains: x }", "62:43: “contains” does not compare true and false; allowed: equals"),
        (ACTIVE, "{ path: active, equals: a, in: [b] }", "62:17: several at once: equals, in; allowed: one; several go under all:"),
        (ACTIVE, "{ path: active }", "62:17: nothing is expected here; allowed: …"),
        (ACTIVE, "{ equals: active }", "62:17: the path is missing; allowed: …"),
        (ACTIVE, "{ path: active, any: { equals: active } }", "62:38: “active” goes through no list; allowed: equals, in…"),
        (ACTIVE, "{ path: triggers, any: { equals: active } }", "62:40: “triggers” goes through no list; allowed: triggers[*]"),
        (ACTIVE, "{ path: active, present: true }", "62:42: “active” is always there"),
        (ACTIVE, "{ path: active, count: { equals: 1 } }", "62:40: “active” counts nothing; allowed: a path with [*] or [field=value]"),
        (ACTIVE, "{ all: { path: active, equals: a } }", "62:24: without a path, “all” takes a list; allowed: a list of conditions (- …)"),
        (ACTIVE, "{ path: active, equals_secret: admn }", "62:48: secret “admn” is not declared; allowed: … (did you mean “admin”?)"),
        (TRIGGERS, "{ path: triggers[*].active, equals: x }", "63:35: YAML syntax error …; allowed: quotes around a text that holds [ or ]"),
        (TRIGGERS, '{ path: "triggers[*].active", equals: x }', "63:55: “triggers[*].active” finds several values; allowed: any: { equals: … }, all, none, count, exactly"),
        (TRIGGERS, '{ path: "triggers[*].active", any: [{ equals: x }] }', "63:52: with a path, “any” takes one condition; allowed: any: { all: […] }"),
        (TRIGGERS, '{ path: "triggers[*]", exactly: [a] }', "63:25: “triggers[*]” cannot be compared: set of fields; allowed: triggers[*].active, …"),
        (TRIGGERS, '{ path: "triggers[*]", count: { at_least: "1" } }', "63:59: text “1” does not fit here; allowed: a whole number"),
        (TRIGGERS, '{ path: "triggers[*]", count: { between: [3, 1] } }', "63:58: empty range; allowed: [min, max]"),
        ("equals: active", 'matches: "(?=a)"', "62:42: unusable regular expression (look-around, …"),
        ("equals: active", r"matches: '(a)\1'", "62:42: unusable regular expression (backreferences …"),
        ("equals: active", 'matches: "(a"', "62:42: unusable regular expression (unclosed group…"),
        ("equals: active", 'matches: "a)|(b"', "62:42: unusable regular expression (unopened group…"),
        ("equals: active", r"matches: '(?:\w{100}){100}'", "62:42: unusable regular expression (…size limit…"),
        ("equals: active", r"matches: '(?:.{0,200}a.{0,200}){1,9}!'", "62:42: unusable regular expression (its counts make it too large: write * or + instead)…"),
        ("path: active", "pth: active", "62:19: unknown key “pth”; allowed: … (did you mean “path”?)"),
    ],
)  # fmt: skip
def test_each_fault_is_told_with_its_place(
    bench: Workbench, monkeypatch: pytest.MonkeyPatch, old: str, new: str, fault: str
) -> None:
    monkeypatch.setenv("EPREUVE_LANG", "en")
    lines = told(bench, old, new)
    parts = ("lab.yml:" + fault).split("…")
    told_so = [line for line in lines if line.startswith(parts[0]) and line.endswith(parts[-1] or line)]
    assert told_so, lines
    for part in parts:
        assert part in told_so[0]


def test_faults_of_the_question_and_of_the_expectation_are_told_at_once(bench: Workbench) -> None:
    lines = told(bench, "unit: cups.service", "unt: cups.service")
    assert len(lines) == 2
    bench.replace("path: active", "path: actve")
    bench.replace('"triggers[*].active"', '"triggers[*].name"')
    assert len(lint(bench.folder, checks={**CHECKS, "fact": FactIs}, images=IMAGES)) == 4


def test_a_field_whose_values_are_known_takes_no_other(bench: Workbench, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("EPREUVE_LANG", "en")
    told(bench, "unit-state\n          args: { unit: cups.service }", "dhcp-config")
    bench.replace(ACTIVE, "{ path: program, equals: kae }")
    bench.replace(TRIGGERS, '{ path: "running.scopes[*].lease_seconds", all: { between: [60, 3600] } }')
    assert [str(problem) for problem in lint(bench.folder, checks={**CHECKS, "fact": FactIs}, images=IMAGES)] == [
        "lab.yml:61:42: “kae” is never found here; allowed: dnsmasq, kea, none, other, windows (did you mean “kea”?)"
    ]


def test_the_worked_example_of_the_guide_is_sound() -> None:
    guide = (Path(__file__).parents[3] / "docs" / "writing-a-lab.md").read_text(encoding="utf-8")
    written = next(block for block in re.findall(r"```yaml\n(.*?)```", guide, re.DOTALL) if "check: fact" in block)
    check = YAML(typ="safe", pure=True).load(written)[0]
    assert FactIs.model_validate(check["with"]).questions()
