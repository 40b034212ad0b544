"""Sharing a lab on the command line: written here, taken there, and whose key it is."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.unit.cli.conftest import CommandLine
from tests.unit.engine.world import write_lab


@pytest.fixture
def here(tmp_path: Path) -> CommandLine:
    return CommandLine(tmp_path / "here")


@pytest.fixture
def there(tmp_path: Path) -> CommandLine:
    return CommandLine(tmp_path / "there")


@pytest.fixture
def shared(here: CommandLine, tmp_path: Path) -> Path:
    """A lab that this centre shares."""
    file = tmp_path / "small.epreuve-lab.zip"
    done = here.type("lab", "export", str(write_lab(tmp_path / "lab")), "-o", str(file), "--centre", "Lycée Kerbras")
    assert done.code == 0, done.err
    assert str(file) in done.out
    assert "sans preuve" in done.err
    return file


def key_of(centre: CommandLine) -> str:
    return str(centre.type("dossier", "key", "--json").json["key"])


def test_a_lab_goes_from_one_centre_to_another(here: CommandLine, there: CommandLine, shared: Path) -> None:
    refused = there.type("lab", "import", str(shared))
    assert refused.code != 0
    assert "Lycée Kerbras" in refused.err
    key = key_of(here)
    assert key[:4] in refused.err
    assert there.type("lab", "list", "--json").out.count("small-lab") == 0

    done = there.type("lab", "import", str(shared), "--trust", key, "--json")
    assert done.code == 0, done.err
    assert done.json == {
        "lab": "small-lab@1.0.0",
        "hash": done.json["hash"],
        "key": key,
        "centre": "Lycée Kerbras",
        "proved": False,
    }
    [trusted] = there.type("lab", "keys", "--json").json
    assert (trusted["key"], trusted["centre"]) == (key, "Lycée Kerbras")

    [deposit] = there.data.glob("labs/small-lab/1.0.0/deposit.json")
    assert json.loads(deposit.read_text())["approved_by"] is None, "an imported lab waits for an administrator"

    assert there.type("lab", "keys", "--forget", trusted["key"], "--json").json == []
    assert "Aucune" in there.type("lab", "keys").out


def test_another_key_than_the_one_compared_is_not_trusted(there: CommandLine, shared: Path) -> None:
    done = there.type("lab", "import", str(shared), "--trust", "ab" * 32)
    assert done.code == 2
    assert there.type("lab", "keys", "--json").json == []


def test_an_altered_archive_is_refused_and_its_key_not_trusted(
    here: CommandLine, there: CommandLine, shared: Path
) -> None:
    content = bytearray(shared.read_bytes())
    content[content.index(b"small-lab\nversion")] ^= 1
    shared.write_bytes(content)
    done = there.type("lab", "import", str(shared), "--trust", key_of(here))
    assert done.code != 0
    assert "lab/lab.yml" in done.err
    assert there.type("lab", "keys", "--json").json == []


def test_the_same_lab_is_exported_to_the_same_bytes(here: CommandLine, shared: Path, tmp_path: Path) -> None:
    again = tmp_path / "again.zip"
    here.type("lab", "export", str(tmp_path / "lab"), "-o", str(again), "--centre", "Lycée Kerbras")
    assert again.read_bytes() == shared.read_bytes()
