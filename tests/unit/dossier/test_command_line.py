"""``epreuve dossier``: a file and a public key are all that verifying needs."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.unit.cli.conftest import CommandLine
from tests.unit.dossier.samples import KEY, OTHER_KEY, dossier, entries


@pytest.fixture
def line(tmp_path: Path) -> CommandLine:
    return CommandLine(tmp_path / "data")


@pytest.fixture
def file(tmp_path: Path) -> Path:
    made = tmp_path / "juin-c01.zip"
    made.write_bytes(dossier())
    return made


def test_a_sound_dossier_is_said_to_be_and_nothing_is_written(line: CommandLine, file: Path) -> None:
    done = line.type("dossier", "verify", str(file), "--key", KEY.public.hex)
    assert done.code == 0
    assert "intact. Session juin, candidat c01, 8 fichiers" in done.out
    assert KEY.public.spelt in done.out
    assert not line.data.exists()


def test_one_candidates_dossier_under_the_name_of_another_is_pointed_out(line: CommandLine, file: Path) -> None:
    other = file.rename(file.with_name("juin-c02.zip"))
    asked = ("dossier", "verify", str(other), "--key", KEY.public.hex)
    assert "candidat c01" in line.type(*asked).out
    assert "juin-c01.zip" in line.type(*asked).out
    assert json.loads(line.type(*asked, "--json").out)["dossiers"][0]["named"] is False
    other.rename(file)
    asked = ("dossier", "verify", str(file), "--key", KEY.public.hex)
    assert "  !" not in line.type(*asked).out
    assert json.loads(line.type(*asked, "--json").out)["dossiers"][0]["named"] is True


def test_an_altered_byte_is_named_in_both_languages_and_for_programs(line: CommandLine, file: Path) -> None:
    content = bytearray(file.read_bytes())
    entry = next(one for one in entries(bytes(content)) if one.name == "observation.json")
    content[entry.offset + 1500] ^= 1
    sealed = entry.content[1500]
    file.write_bytes(content)
    key = ("--key", KEY.public.hex)
    done = line.type("dossier", "verify", str(file), *key)
    assert done.code == 9
    assert (
        f"observation.json, octet 1500, scellé {sealed:02x}, lu {sealed ^ 1:02x}, position {entry.offset + 1500} dans"
        in done.out
    )
    assert (
        f"byte 1500, sealed {sealed:02x}, read {sealed ^ 1:02x}"
        in line.type("dossier", "verify", str(file), *key, language="en").out
    )
    fault = json.loads(line.type("dossier", "verify", str(file), *key, "--json").out)["dossiers"][0]["fault"]
    assert (fault["entry"], fault["offset"], fault["expected"], fault["found"]) == (
        "observation.json",
        1500,
        sealed,
        sealed ^ 1,
    )


def test_without_a_key_nothing_can_be_said(line: CommandLine, file: Path) -> None:
    done = line.type("dossier", "verify", str(file))
    assert done.code == 2
    assert "--key" in done.err


def test_the_key_inside_a_dossier_is_not_believed(line: CommandLine, file: Path) -> None:
    file.write_bytes(dossier(key=OTHER_KEY))
    done = line.type("dossier", "verify", str(file), "--key", KEY.public.hex)
    assert done.code == 9
    assert OTHER_KEY.public.hex in done.out


def test_one_bad_file_among_good_ones_makes_the_command_fail(line: CommandLine, file: Path, tmp_path: Path) -> None:
    bad = tmp_path / "bad.zip"
    bad.write_bytes(file.read_bytes()[:-1])
    done = line.type("dossier", "verify", str(file), str(bad), "--key", KEY.public.hex)
    assert done.code == 9
    assert done.out.count("✓") == done.out.count("✗") == 1
    assert "1 sur 2" in done.err


def test_the_key_of_an_installation_is_shown_kept_and_replaced(line: CommandLine) -> None:
    first = line.type("dossier", "key", "--json").json["key"]
    assert line.type("dossier", "key", "--json").json == {"key": first, "before": [], "simulated": False}
    assert "BEGIN PUBLIC KEY" in line.type("dossier", "key", "--pem").out
    assert line.type("dossier", "key", "--renew", "--yes").code == 2
    done = line.type("dossier", "key", "--renew", "--yes", "--reason", "clé perdue", "--json")
    assert done.json["before"] == [first]
    assert line.type("dossier", "key", "--simulated", "--json").json["key"] not in (first, done.json["key"])
