"""Mutants of a lab: sound ones are read whole, every fault is told at its place, and what is missing to be proved."""

from __future__ import annotations

import pytest

from labs.loader import LabError
from tests.unit.labs.conftest import LAB, Workbench

MUTANTS = """\
mutants:
  - id: name-in-capitals
    title: The name in capitals
    on: client
    run: hostnamectl hostname DESK
    flips: [client-name]
  - id: test-gone
    title: What the lab's own test looks for is gone
    on: client
    run: |
      rm /etc/it
      echo "$ADMIN"
    flips: [own-test, client-name]
  - id: udp-for-tcp
    title: The rule is for UDP
    on: server
    run: nft -f /etc/udp.conf
    flips: [ports]
  - id: other-channel
    title: The radio on another channel
    on: server
    run: radio 6
    flips: []
  - id: radio-off
    title: The radio is off after a restart
    on: server
    run: radio off
    flips: [radio]
"""


@pytest.fixture
def with_mutants(bench: Workbench) -> Workbench:
    bench.write("lab.yml", LAB.replace("tests: checks\n", "tests: checks\nmutants: mutants.yml\n"))
    bench.write("mutants.yml", MUTANTS)
    return bench


def test_sound_mutants_are_read_whole(with_mutants: Workbench) -> None:
    assert with_mutants.lint() == []
    _, gone, *_, last = with_mutants.load().mutants
    assert (gone.on, gone.flips) == ("client", ("own-test", "client-name"))
    assert gone.run == 'rm /etc/it\necho "$ADMIN"\n'
    assert last.id == "radio-off"


def test_a_lab_without_mutants_has_no_fault(bench: Workbench) -> None:
    assert bench.lint() == []
    assert bench.load().mutants == ()


def test_the_hash_of_the_lab_is_that_of_its_mutants_too(with_mutants: Workbench) -> None:
    before = with_mutants.load().hash
    with_mutants.replace("DESK", "Desk", file="mutants.yml")
    assert with_mutants.load().hash != before


FAULTS: dict[str, tuple[str, str, list[str]]] = {
    "no YAML": ("mutants:\n", "mutants: :\n", ["mutants.yml:1:10 yaml"]),
    "no mutant": (MUTANTS, "mutants: []\n", ["mutants.yml:1:10 wrong-value"]),
    "misspelt key": ("flips: [radio]", "flip: [radio]", ["mutants.yml:28:5 unknown-key"]),
    "nothing said of flips": ("    flips: []\n", "", ["mutants.yml:19:5 missing-key"]),
    "no script": ("run: radio off", "run: ''", ["mutants.yml:27:10 wrong-value"]),
    "unknown machine": ("on: server\n    run: nft", "on: sevrer\n    run: nft", ["mutants.yml:16:9 unknown-machine"]),
    "unknown check": ("[own-test, client-name]", "[own-test, client-nam]", ["mutants.yml:13:23 unknown-flip"]),
    "a check twice": ("[own-test, client-name]", "[own-test, own-test]", ["mutants.yml:13:23 duplicate-id"]),
    "two of one id": ("id: radio-off", "id: name-in-capitals", ["mutants.yml:24:9 duplicate-id"]),
}  # fmt: skip
"""What makes a lab unusable: told by ``lint``, refused by ``load_lab``."""


@pytest.mark.parametrize("fault", FAULTS)
def test_each_fault_is_told_with_its_place(with_mutants: Workbench, fault: str) -> None:
    old, new, expected = FAULTS[fault]
    with_mutants.replace(old, new, file="mutants.yml")
    with pytest.raises(LabError) as refused:
        with_mutants.load()
    assert [f"{p.file}:{p.line}:{p.column} {p.code}" for p in refused.value.problems] == expected
    assert set(expected) <= set(with_mutants.told())


def test_every_fault_of_the_file_is_told_at_once(with_mutants: Workbench) -> None:
    for fault in ("unknown machine", "unknown check", "two of one id"):
        with_mutants.replace(*FAULTS[fault][:2], file="mutants.yml")
    assert with_mutants.told() == [
        "mutants.yml:13:23 unknown-flip",
        "mutants.yml:16:9 unknown-machine",
        "mutants.yml:24:9 duplicate-id",
    ]


def test_the_name_that_was_probably_meant_is_told(with_mutants: Workbench) -> None:
    with_mutants.replace("[ports]", "[port]", file="mutants.yml")
    assert "ports" in str(next(problem for problem in with_mutants.lint() if problem.code == "unknown-flip").allowed)


@pytest.mark.parametrize(
    ("named", "told"),
    [("mutant.yml", "lab.yml:9:10 missing-file"), ("../mutants.yml", "lab.yml:9:10 outside-folder")],
)
def test_the_file_is_one_of_the_lab(with_mutants: Workbench, named: str, told: str) -> None:
    with_mutants.replace("mutants: mutants.yml", f"mutants: {named}")
    assert with_mutants.told() == [told]


def test_a_check_that_no_mutant_flips_is_told(with_mutants: Workbench) -> None:
    with_mutants.replace("flips: [ports]", "flips: [own-test]", file="mutants.yml")
    assert with_mutants.told() == ["lab.yml:72:13 check-without-mutant"]


def test_there_are_as_many_mutants_that_flip_as_checks(with_mutants: Workbench) -> None:
    with_mutants.replace("flips: [ports]", "flips: []", file="mutants.yml")
    with_mutants.replace("flips: [radio]", "flips: [radio, ports]", file="mutants.yml")
    assert with_mutants.told() == ["mutants.yml:1:1 too-few-mutants"]


def test_a_lab_whose_mutants_are_not_all_written_can_be_tried(with_mutants: Workbench) -> None:
    with_mutants.write("mutants.yml", MUTANTS[: MUTANTS.index("  - id: udp")])
    assert [told.split()[1] for told in with_mutants.told()] == [
        "check-without-mutant",
        "check-without-mutant",
        "too-few-mutants",
    ]
    assert len(with_mutants.load().mutants) == 2
