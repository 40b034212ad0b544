"""``epreuve record`` as it is typed: what it refuses, what it writes, what it says of a difference."""

from __future__ import annotations

import gzip
import json
from pathlib import Path

import pytest

from orchestrator.simulation import RECORDINGS
from tests.unit.cli.conftest import CommandLine

GOLDENS = Path(__file__).parents[2] / "goldens"


@pytest.fixture
def observation(tmp_path: Path) -> Path:
    """What a real bench answered once, as ``epreuve observe`` writes it."""
    file = tmp_path / "observation.json"
    file.write_bytes(gzip.decompress((RECORDINGS / "tai-complet" / "a.json.gz").read_bytes()))
    return file


@pytest.mark.parametrize(
    ("arguments", "code", "advice"),
    [
        ((), 2, "--compare DOSSIER"),
        (("essai/a",), 2, "--out DOSSIER"),
        (("essai/a", "--out", "x", "--compare", "."), 2, "--compare DOSSIER"),
        (("essai/a", "--out", "x", "--probe", "dhcp-confg"), 2, "dhcp-config"),
        (("srv", "--out", "x", "--winrm", "srv.lan"), 2, "--user Administrateur"),
        (("--compare", "."), 1, "tests/goldens"),
    ],
)
def test_a_refusal_says_what_to_do(
    line: CommandLine,
    arguments: tuple[str, ...],
    code: int,
    advice: str,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.chdir(tmp_path)
    done = line.type("record", *arguments)
    assert done.code == code
    assert advice in done.err


def test_an_observation_becomes_goldens(line: CommandLine, observation: Path, tmp_path: Path) -> None:
    out = tmp_path / "out"
    done = line.type(
        "record", str(observation), "server", "wire:lan", "--probe", "dhcp-config", "--probe", "dhcp-offer",
        "--out", str(out), "--name", "again",
    )  # fmt: skip
    assert done.code == 0, done.err
    assert "server/dhcp-config" in done.err
    assert "2 réponses écrites" in done.out
    written = json.loads((out / "dhcp-config" / "again-server.json").read_text("utf-8"))
    assert written == json.loads((GOLDENS / "dhcp-config" / "solved-server.json").read_text("utf-8")) | {
        key: written[key] for key in ("stdout", "value")
    }
    assert (out / "dhcp-offer" / "again-wire-lan-none.json").exists()
    assert (out / "recording-observation-again.json").exists()


def test_simulated_answers_are_no_goldens(line: CommandLine, observation: Path, tmp_path: Path) -> None:
    observation.write_text(json.dumps(json.loads(observation.read_text("utf-8")) | {"simulated": True}), "utf-8")
    done = line.type("record", str(observation), "--out", str(tmp_path / "out"))
    assert done.code == 1
    assert "simulées" in done.err
    assert not (tmp_path / "out").exists()


def test_another_shape_is_told_and_ends_with_its_own_code(line: CommandLine, tmp_path: Path) -> None:
    golden = json.loads((GOLDENS / "windows" / "host-name" / "server-solved.json").read_text("utf-8"))
    golden |= {"source": "recorded", "answer": {**golden["answer"], "pending": None}}
    golden["answer"]["domain"] = "kerbras.lan"
    file = tmp_path / "windows" / "host-name" / "server-mine.json"
    file.parent.mkdir(parents=True)
    file.write_text(json.dumps(golden), "utf-8")
    done = line.type("record", "--compare", str(tmp_path))
    assert done.code == 7
    assert "answer.pending : vide ou null (documenté : texte, lu : null)" in done.out
    assert "answer.domain : clé en plus (lu : texte)" in done.out
    told = line.type("record", "--compare", str(tmp_path), "--json")
    assert told.code == 7
    assert [(one["path"], one["what"]) for one in told.json["differences"]] == [
        ("answer.pending", "empty"),
        ("answer.domain", "extra"),
    ]
    assert "kerbras.lan" not in told.out
    english = line.type("record", "--compare", str(tmp_path), language="en")
    assert "answer.domain: key extra (found: text)" in english.out


def test_the_help_teaches(line: CommandLine) -> None:
    shown = line.type("record", "--help").out
    assert "epreuve record essai/a --out releve" in shown
    assert "code de sortie 7" in " ".join(shown.split())
