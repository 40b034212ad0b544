"""A physical machine of a lab: it is looked at and drawn; what would be done to it is told, each at its place."""

# ruff: noqa: E501 - one fault a line

from __future__ import annotations

import pytest

from labs.device import Device
from labs.diagram import diagram
from labs.formats import missing_machines
from labs.model import Machine
from tests.unit.labs.conftest import Workbench

DEVICE = """\
  ap:
    kind: physical
    title: The access point
    family: openwrt
    network: lan
    secret: admin
secrets:
"""


@pytest.fixture
def bench(bench: Workbench) -> Workbench:
    """A lab whose access point is a real one."""
    bench.replace("secrets:\n", DEVICE)
    bench.replace("          ap: server", "          ap: ap")
    return bench


def test_a_lab_has_machines_of_both_kinds(bench: Workbench) -> None:
    assert bench.lint() == []
    lab = bench.load().lab
    assert list(lab.machines) == ["server", "client", "ap"]
    assert list(lab.virtual) == ["server", "client"]
    assert isinstance(lab.machines["server"], Machine)
    assert lab.devices == {
        "ap": Device(kind="physical", title="The access point", family="openwrt", network="lan", secret="admin")
    }


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        ("    family: openwrt\n", "", ["lab.yml:42:5 missing-key"]),
        ("family: openwrt", "family: netbox", ["lab.yml:44:13 wrong-value"]),
        ("kind: physical", "kind: real", ["lab.yml:42:11 wrong-value"]),
        ("network: lan\n    secret", "network: wan\n    secret", ["lab.yml:45:14 unknown-network"]),
        ("secret: admin", "secret: tunnel", ["lab.yml:46:13 unknown-secret"]),
        ("secret: admin", "reach: telnet", ["lab.yml:46:12 wrong-value"]),
        ("secret: admin", "reach: http\n    secret: admin", ["lab.yml:46:12 plain-http"]),
        ("secret: admin", "reach: https", ["lab.yml:42:5 missing-key"]),
        ("family: openwrt", "family: linux\n    reach: https", ["lab.yml:45:12 wrong-reach"]),
        ("secret: admin", "secret: admin\n    enable: admin", ["lab.yml:47:13 wrong-family"]),
        ("family: openwrt", "family: cisco\n    enable: tunnel", ["lab.yml:45:13 unknown-secret"]),
        ("family: openwrt", "family: cisco\n    reach: https", ["lab.yml:45:12 wrong-reach"]),
        ("secret: admin", "secrte: admin", ["lab.yml:46:5 unknown-key"]),
        ("secret: admin", "secret: admin\n    prepare: server.sh", ["lab.yml:47:14 physical-machine"]),
        ("secret: admin", "memory_mib: 64\n    image: ap", ["lab.yml:46:17 physical-machine", "lab.yml:47:12 physical-machine"]),
    ],
)  # fmt: skip
def test_each_fault_is_told_at_its_place(bench: Workbench, old: str, new: str, told: list[str]) -> None:
    bench.replace(old, new)
    assert bench.told() == told


def test_a_device_can_be_asked_through_its_page(bench: Workbench) -> None:
    bench.replace("secret: admin", "secret: admin\n    reach: https\n    user: epreuve")
    assert bench.lint() == []
    assert bench.load().lab.devices["ap"].reach == "https"


def test_an_unknown_key_of_a_device_is_answered_with_the_keys_of_devices(bench: Workbench) -> None:
    bench.replace("    secret: admin", "    colour: grey")
    (problem,) = bench.lint()
    assert problem.allowed is not None
    assert "reach" in problem.allowed.en
    assert "memory_mib" not in problem.allowed.en


def test_nothing_is_run_on_a_device(bench: Workbench) -> None:
    bench.replace("- hosts: server", "- hosts: server,ap", file="solution.yml")
    bench.replace("solution:\n", "mutants: mutants.yml\nsolution:\n")
    bench.write("mutants.yml", MUTANTS)
    told = [one for one in bench.told() if "physical-machine" in one]
    assert told == ["mutants.yml:4:9 physical-machine", "solution.yml:1:10 physical-machine"]


MUTANTS = """\
mutants:
  - id: other-name
    title: Another name
    on: ap
    shell: hostname x
    flips: [client-name]
"""


def test_a_check_of_a_device_needs_no_mutant_and_can_have_none(bench: Workbench) -> None:
    bench.replace("solution:\n", "mutants: mutants.yml\nsolution:\n")
    bench.write("mutants.yml", MUTANTS.replace("on: ap", "on: server").replace("[client-name]", "[client-name, radio]"))
    told = bench.lint()
    assert [(one.code, str(one.file)) for one in told if one.code == "flip-on-device"] == [
        ("flip-on-device", "mutants.yml")
    ]
    missing = {one.what.en for one in told if one.code == "check-without-mutant"}
    assert missing == {"no mutant flips “own-test”", "no mutant flips “ports”"}


def test_the_witness_on_the_wire_sees_no_device(bench: Workbench) -> None:
    bench.replace("machine: server", "machine: ap")
    assert bench.told() == ["lab.yml:83:20 device-on-wire"]


def test_a_bench_has_a_machine_of_its_own(bench: Workbench) -> None:
    lab = bench.load().lab
    only = lab.model_copy(update={"machines": {"ap": lab.machines["ap"]}})
    format_ = bench.load().referential.format("ccp-bc03")
    assert missing_machines(format_, lab) == ()
    assert missing_machines(format_, only) == ("ap", "server")


def test_the_picture_shows_a_device_as_one(bench: Workbench) -> None:
    picture = diagram(bench.load().lab, staff=True)
    assert "The access point : appareil réel Office adresse de chaque poste" in picture
    assert picture.count("stroke-dasharray") == 1
    assert "ap — openwrt" in picture
