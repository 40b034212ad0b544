"""The referentials and what is evidence for them, from the command line."""

from __future__ import annotations

from labs.referential import load_referential, referential_names
from tests.unit.cli.conftest import CommandLine


def test_the_list_counts_what_there_is(line: CommandLine) -> None:
    found = {one["id"]: one for one in line.type("referential", "list", "--json").json}
    assert list(found) == referential_names()
    assert (found["tp-00476"]["competencies"], found["tp-00476"]["criteria"]) == (19, 78)
    assert "tp-00476" in line.type("referential", "list").out


def test_show_gives_every_criterion_with_its_source(line: CommandLine) -> None:
    shown = " ".join(line.type("referential", "show", "rncp37681").out.split())
    for item in load_referential("rncp37681").criteria().values():
        assert f"{item.id} {item.wording}" in shown
        assert item.source in shown
    assert "à une personne" not in shown
    assert line.type("referential", "show", "rncp37681", "--json").json["blocks"][0]["id"] == "BC01"


def test_coverage_tells_the_checks_and_what_is_left(line: CommandLine) -> None:
    shown = " ".join(line.type("referential", "coverage", "rncp37681").out.split())
    assert "BC03.C2.K2 vu par les contrôles" in shown
    assert "vpn-tunnel" in shown
    assert "fixe ou mobile ni contrôle ni incident n'en témoigne" in shown
    (found,) = line.type("referential", "coverage", "rncp37681", "--lab", "tai-complet", "--json").json
    states = {part["id"]: part["state"] for item in found["competencies"] for part in item["criteria"]}
    assert (states["BC03.C2.K2"], states["BC01.C1.K1"]) == ("shown", "person")
    assert {one["lab"] for item in found["competencies"] for one in item["evidence"]} == {"tai-complet"}


def test_coverage_without_a_name_sums_up_all(line: CommandLine) -> None:
    assert [one["referential"] for one in line.type("referential", "coverage", "--json").json] == referential_names()
    assert "/ 43" in line.type("referential", "coverage").out


def test_an_unknown_referential_is_told_with_those_there_are(line: CommandLine) -> None:
    done = line.type("referential", "show", "rncp37680")
    assert done.code == 1
    assert "rncp37681" in done.err
