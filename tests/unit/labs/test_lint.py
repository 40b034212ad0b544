"""``lab lint`` finds every fault, at once, each at its place."""

# ruff: noqa: E501 - one fault a line

from __future__ import annotations

from collections.abc import Callable

import pytest

from labs.problems import LabError, one_of
from tests.unit.labs.conftest import Workbench


def test_a_sound_lab_has_no_fault(bench: Workbench) -> None:
    assert bench.lint() == []
    loaded = bench.load()
    assert loaded.lab.id == "small-lab"
    assert [check.id for _, check in loaded.lab.checks()] == ["client-name", "own-test", "ports", "radio"]
    assert loaded.referential.block_of("BC03.C1").id == "BC03"


# old text, new text, place and code of every fault that follows
EDITS: dict[str, tuple[str, str, list[str]]] = {
    "unknown key": ("title: A small lab", "titel: A small lab", ["3:1 unknown-key"]),
    "unknown key deep inside": ("    memory_mib: 512\n    nics", "    memory_mb: 512\n    nics", ["32:5 unknown-key"]),
    "text for a number": ("duration_minutes: 60", 'duration_minutes: "60"', ["5:19 wrong-type"]),
    "number for a text": ("title: Office", "title: 12", ["11:12 wrong-type"]),
    "word for a boolean": ("    title: Client\n", "    title: Client\n    console: no\n", ["31:14 wrong-type"]),
    "number out of bounds": ("duration_minutes: 60", "duration_minutes: 1", ["5:19 wrong-value"]),
    "list for a mapping": ("secrets:\n  admin: { kind: password }\n  tunnel: { kind: wireguard }\n", "secrets: [admin, tunnel]\n", ["41:10 wrong-type", "76:23 unknown-secret", "solution.yml:8:28 unknown-secret", "sujet.md:3:28 unknown-secret"]),
    "machine without cards": ('nics:\n      eth0:\n        network: lan\n        mac: "52:54:00:00:00:01"\n        address: 192.168.1.10/24', "nics: {}", ["24:11 wrong-value", "72:20 not-on-network"]),
    "wrong kind of secret": ("{ kind: password }", "{ kind: pasword }", ["42:18 wrong-value"]),
    "bad identifier": ("id: small-lab", "id: Small_Lab", ["1:5 wrong-value"]),
    "bad key of a mapping": ("  dmz:", "  DMZ:", ["14:3 wrong-value", "39:18 unknown-network"]),
    "bad address": ("address: 192.168.1.10/24", "address: 192.168.1.1000/24", ["28:18 wrong-value"]),
    "host bits in a subnet": ("subnet: 192.168.1.0/24", "subnet: 192.168.1.5/24", ["12:13 wrong-value"]),
    "unknown check": ("check: host-name", "check: hostname", ["54:16 unknown-check"]),
    "unknown parameter": ("          name: desk", "          nam: desk", ["58:11 unknown-key"]),
    "unknown parameter with a short name": ("          on: client\n          name: desk", "          om: client\n          name: desk", ["57:11 unknown-key"]),
    "missing parameter": ("          name: desk\n", "", ["57:11 missing-key"]),
    "two keys, neither like the other": ("          name: desk", "          colour: desk", ["57:11 missing-key", "58:11 unknown-key"]),
    "no parameters": ("        with:\n          on: client\n          name: desk\n", "", ["52:9 missing-key"]),
    "parameters misspelt": ("with:\n          on: client\n          name: desk", "wiht:\n          on: client\n          name: desk", ["56:9 unknown-key"]),
    "wrong parameter": ("          name: desk", "          name: 12", ["58:17 wrong-type"]),
    "parameter too short": ("          name: desk", "          name: d", ["58:17 wrong-value"]),
    "parameters are no mapping": ("with:\n          ap: server", "with: [ap]", ["85:15 wrong-type"]),
    "duplicate task": ("  - id: wires", "  - id: names", ["66:9 duplicate-id", "solution.yml:7:14 tag-without-task"]),
    "duplicate check": ("      - id: radio", "      - id: client-name", ["80:13 duplicate-id"]),
    "duplicate address": ("192.168.1.20/24", "192.168.1.10/24", ["37:18 duplicate-address"]),
    "duplicate MAC": ("52:54:00:00:00:02", "52:54:00:00:00:01", ["36:14 duplicate-mac"]),
    "address outside its subnet": ("192.168.1.20/24", "192.168.2.20/24", ["37:18 address-outside"]),
    "address with another prefix": ("192.168.1.20/24", "192.168.1.20/25", ["37:18 address-outside"]),
    "broadcast address": ("192.168.1.20/24", "192.168.1.255/24", ["37:18 address-outside"]),
    "witness address taken": ("witness: 192.168.1.250/24", "witness: 192.168.1.10/24", ["28:18 duplicate-address"]),
    "witness outside": ("witness: 192.168.1.250/24", "witness: 10.0.0.1/24", ["13:14 address-outside"]),
    "overlapping networks": ("subnet: 203.0.113.0/24\n    witness: 203.0.113.250/24", "subnet: 192.168.0.0/16\n    witness: 192.168.9.1/16", ["16:13 overlapping-networks"]),
    "card on an unknown network": ("network: dmz", "network: dmzz", ["39:18 unknown-network"]),
    "unknown image": ("image: client", "image: cleint", ["31:12 unknown-image"]),
    "unknown referential": ("rncp37681", "rncp37682", ["4:14 unknown-referential"]),
    "unknown competency of a task": ("competency: BC02.C1", "competency: BC02.C9", ["49:17 unknown-competency"]),
    "unknown competency of a check": ("competency: BC03.C2", "competency: BC04.C1", ["84:21 unknown-competency"]),
    "unknown criterion of a task": ("competency: BC03.C1", "competency: BC03.C1\n    criterion: BC03.C1.K9", ["69:16 unknown-criterion"]),
    "criterion of another competency": ("competency: BC03.C2", "competency: BC03.C2\n        criterion: BC03.C1.K1", ["85:20 unknown-criterion"]),
    "criterion that only a person can see": ("competency: BC03.C1", "competency: BC03.C1\n    criterion: BC03.C1.K2", ["69:16 criterion-for-people"]),
    "check points against task": ("points: 1.5", "points: 1", ["69:13 points"]),
    "task points against lab": ("points: 5", "points: 6", ["7:9 points"]),
    "points finer than a quarter": ("points: 1.5", "points: 1.6", ["69:13 points", "74:17 wrong-value"]),
    "check on an unknown machine": ("on: client\n          name", "on: clinet\n          name", ["57:15 unknown-machine"]),
    "check on a machine of another kind": ("    image: client\n", "    image: client\n    family: windows\n", ["58:15 wrong-family"]),
    "check on an unknown network": ("network: lan\n          machine", "network: wan\n          machine", ["76:20 unknown-network"]),
    "radio of an unknown machine": ("ap: server", "ap: radio", ["86:15 unknown-machine"]),
    "check on a network that the machine is not on": ("network: lan\n          machine", "network: dmz\n          machine", ["76:20 not-on-network"]),
    "check with an undeclared secret": ("key_secret: tunnel_public", "key_secret: tunel", ["78:23 unknown-secret"]),
    "unused secret": ("  tunnel: {", "  spare: { kind: password }\n  tunnel: {", ["43:3 unused-secret"]),
    "missing subject": ("subject: sujet.md", "subject: subject.md", ["6:10 missing-file"]),
    "missing playbook": ("playbook: solution.yml", "playbook: solutions.yml", ["45:13 missing-file"]),
    "missing script": ("personalise: server.sh", "personalise: client.sh", ["23:18 missing-file"]),
    "missing folder of tests": ("tests: checks", "tests: check", ["8:8 missing-file", "65:17 unknown-test"]),
    "unknown test": ("::test_it", "::test_that", ["65:17 unknown-test"]),
    "path out of the folder": ("subject: sujet.md", "subject: ../sujet.md", ["6:10 outside-folder"]),
    "absolute path": ("personalise: server.sh", "personalise: /etc/passwd", ["23:18 outside-folder"]),
}  # fmt: skip


@pytest.mark.parametrize("fault", EDITS)
def test_each_fault_is_told_with_its_place(bench: Workbench, fault: str) -> None:
    old, new, expected = EDITS[fault]
    bench.replace(old, new)
    assert bench.told() == [place if "." in place.split(":")[0] else f"lab.yml:{place}" for place in expected]


def test_every_fault_is_told_at_once(bench: Workbench) -> None:
    for fault in ("unknown key", "wrong parameter", "duplicate address", "task points against lab", "unknown image"):
        bench.replace(*EDITS[fault][:2])
    assert bench.told() == [
        "lab.yml:3:1 unknown-key",
        "lab.yml:7:9 points",
        "lab.yml:31:12 unknown-image",
        "lab.yml:37:18 duplicate-address",
        "lab.yml:58:17 wrong-type",
    ]


def test_a_slip_of_the_keyboard_gets_a_suggestion(bench: Workbench, monkeypatch: pytest.MonkeyPatch) -> None:
    for old, new in (
        ("title: A small lab", "titel: A small lab"),
        ("check: host-name", "check: hostname"),
        ("image: client", "image: cleint"),
    ):
        bench.replace(old, new)
    monkeypatch.setenv("EPREUVE_LANG", "en")
    lines = [str(problem) for problem in bench.lint()]
    assert lines[0].startswith("lab.yml:3:1: unknown key “titel”; allowed: duration_minutes, id,")
    assert lines[0].endswith("(did you mean “title”?)")
    assert lines[1:] == [
        "lab.yml:31:12: unknown image “cleint”; allowed: ap, client, server (did you mean “client”?)",
        "lab.yml:54:16: unknown check “hostname”; allowed: host-name, own-test, ports, radio (did you mean “host-name”?)",
    ]


@pytest.mark.parametrize(("old", "new", "said"), [
    ("title: A small lab", "title: Scope: the small one", "lab.yml:3:13: YAML syntax error (mapping values are not allowed here); allowed: quotes around a text that holds a colon followed by a space"),
    ("{ kind: password }", "{ kind: password, of the day }", "unknown key “of the day”; allowed: kind; or quotes around the whole text, if it holds a comma"),
], ids=["colon", "comma in braces"])  # fmt: skip
def test_a_text_that_yaml_cuts_is_told_to_be_quoted(
    bench: Workbench, monkeypatch: pytest.MonkeyPatch, old: str, new: str, said: str
) -> None:
    bench.replace(old, new)
    monkeypatch.setenv("EPREUVE_LANG", "en")
    assert any(str(problem).endswith(said) for problem in bench.lint())


def test_a_file_of_tests_that_is_no_python_is_told_with_its_line(
    bench: Workbench, monkeypatch: pytest.MonkeyPatch
) -> None:
    bench.write("checks/test_desk.py", "def test_it(host):\n    assert assert host\n")
    monkeypatch.setenv("EPREUVE_LANG", "en")
    assert [str(problem) for problem in bench.lint()] == [
        "lab.yml:65:17: test_desk.py is not Python: line 2 (invalid syntax)"
    ]


def test_the_error_carries_every_problem_and_reads_in_both_languages(
    bench: Workbench, monkeypatch: pytest.MonkeyPatch
) -> None:
    bench.replace("points: 5", "points: 6")
    with pytest.raises(LabError) as caught:
        bench.load()
    assert [problem.code for problem in caught.value.problems] == ["points"]
    assert "lab.yml:7:9: 6 point(s) annoncé(s), mais les tâches du sujet en font 5 ; attendu : 5" in str(caught.value)
    monkeypatch.setenv("EPREUVE_LANG", "en")
    assert "lab.yml:7:9: 6 point(s) declared, but the tasks of the lab make 5; allowed: 5" in str(caught.value)
    assert caught.value.code == "lab"


def _subject(text: str) -> Callable[[Workbench], None]:
    return lambda bench: bench.write("sujet.md", text)


def _solution(old: str, new: str) -> Callable[[Workbench], None]:
    return lambda bench: bench.replace(old, new, file="solution.yml")


def _link(bench: Workbench) -> None:
    (bench.folder / "extra").symlink_to("/etc")


OTHER_FILES: dict[str, tuple[Callable[[Workbench], None], list[str]]] = {
    "undeclared secret": (_subject("a\n{{ secrets.admin }}: {{ secrets.amin }}\n"), ["sujet.md:2:33 unknown-secret"]),
    "undeclared secret, by index": (
        _subject("{{ secrets['admin'] }}\n{{ secrets['rot'] }}\n"),
        ["sujet.md:2:13 unknown-secret"],
    ),
    "unknown variable": (_subject("{{ secrets.admin }}\n {{ checks }}"), ["sujet.md:2:5 unknown-variable"]),
    "template error": (
        _subject("{{ secrets.admin }}\n{% if %}"),
        ["sujet.md:2:1 template"],
    ),
    "subject not UTF-8": (
        lambda bench: bench.write("sujet.md", b"{{ secrets.admin }}\nd\xe9j\xe0"),
        ["sujet.md:2:2 not-utf8"],
    ),
    "task without a tag": (_solution("tags: names", "tags: always"), ["lab.yml:47:9 task-without-solution"]),
    "tag without a task": (
        _solution("[wires]", "[wires, wyres]"),
        ["solution.yml:7:21 tag-without-task"],
    ),
    "play for an unknown machine": (_solution("hosts: server", "hosts: server, serve"), ["solution.yml:1:10 unknown-machine"]),
    "step without a module": (_solution('raw: "true"', "vars: { raw: 'true' }"), ["solution.yml:3:7 step-without-module"]),
    "step of a block without a module": (
        _solution("raw: echo {{ secrets.tunnel }}", "block: [{ raw: 'echo {{ secrets.tunnel }}' }, { register: done }]"),
        ["solution.yml:8:53 step-without-module"],
    ),
    "solution is no YAML": (_solution("tags: names", "tags: : names"), ["solution.yml:4:13 yaml"]),
    "undeclared secret in the solution": (_solution("secrets.tunnel", "secrets.tunel"), ["solution.yml:8:28 unknown-secret"]),
    "link out of the folder": (_link, ["lab.yml:1:1 outside-folder"]),
    "no lab at all": (lambda bench: (bench.folder / "lab.yml").unlink(), ["lab.yml:1:1 missing-file"]),
}  # fmt: skip


@pytest.mark.parametrize("fault", [name for name in OTHER_FILES if name != "solution is no YAML"])
def test_faults_of_the_other_files(bench: Workbench, fault: str) -> None:
    spoil, expected = OTHER_FILES[fault]
    spoil(bench)
    assert bench.told() == expected


def test_a_solution_that_is_no_yaml_is_told_at_its_place(bench: Workbench) -> None:
    OTHER_FILES["solution is no YAML"][0](bench)
    assert bench.told() == ["solution.yml:4:13 yaml"]


def test_among_many_names_only_the_one_meant_is_told() -> None:
    names = [f"name-{number}" for number in range(30)]
    assert one_of(names, "nmae-7").fr == "name-7, … (vouliez-vous dire « name-7 » ?)"
    assert one_of(names, "else").fr == ", ".join(sorted(names))
    assert one_of(["on", "name"], "om").en == "name, on (did you mean “on”?)"
    assert one_of(["on", "of"], "ox").en == "of, on"
