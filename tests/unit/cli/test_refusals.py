"""A supervisor's mistakes: each gets what, where and what to do; nothing is done, nobody is asked, nothing starts."""

from __future__ import annotations

from contextlib import nullcontext
from pathlib import Path

import pytest

from orchestrator.catalog import open_lab
from orchestrator.cli import bench
from orchestrator.hypervisor.fake import FakeHypervisor
from tests.proofs import prove
from tests.unit.cli.conftest import CommandLine, roster

REASON = ("--reason", "alerte")
ON_A_SESSION = {
    "candidates": (),
    "prepare": (),
    "start": (),
    "pause": REASON,
    "resume": (),
    "extend": ("--minutes", "5", *REASON),
    "freeze": REASON,
    "finish": ("c01",),
    "absent": ("c01",),
    "return": ("c01",),
    "withdraw": ("c01", *REASON),
    "move": ("c01", "--seat", "Z9"),
    "reset-machine": ("c01", "client", *REASON),
    "jury": (),
    "open-copy": ("c01",),
    "close-copy": ("c01",),
    "incidents": (),
    "inject": ("c01", "compte-verrouille"),
    "verify-incident": ("c01",),
    "close": (),
    "purge": (),
    "status": (),
    "journal": (),
    "export": ("c01",),
}


@pytest.mark.parametrize("language", ["fr", "en"])
@pytest.mark.parametrize("command", ON_A_SESSION)
def test_a_session_that_does_not_exist(line: CommandLine, command: str, language: str) -> None:
    done = line.session(command, "jun", *ON_A_SESSION[command], language=language)
    assert done.code == 6
    assert done.out == ""
    assert {"fr": "[simulé] Il n'y a pas de session", "en": "[simulated] There is no session"}[language] in done.err
    assert "jun" in done.err
    assert "epreuve session list" in done.err
    assert line.service_pid() is None


@pytest.mark.parametrize(
    ("arguments", "code", "says"),
    [
        (("Juin 2026",), 6, ["nom de la session", "16 caractères"]),
        (("juin", "--format", "complte"), 6, ["complte", "complet", "ccp-bc02"]),
        (("juin", "--lab", "sujet-perdu"), 2, ["sujet-perdu", "tai-complet"]),
        (("juin", "--minutes", "etape-1"), 2, ["etape-1", "=90"]),
        (("juin", "--minutes", "etape-1=90"), 6, ["la certification fixe les durées"]),
        (("juin", "--retention", "-1"), 2, ["conservation"]),
        (("juin", "--clock-speed", "0"), 2, ["--clock-speed"]),
    ],
)
def test_what_create_refuses(
    line: CommandLine, tmp_path: Path, arguments: tuple[str, ...], code: int, says: list[str]
) -> None:
    done = line.session("create", *arguments, "--roster", roster(tmp_path))
    assert (done.code, done.out) == (code, "")
    assert [part for part in says if part not in done.err] == []
    assert line.well("list", "--json").json == []


@pytest.mark.parametrize(
    ("content", "says"),
    [
        (None, "ne peut pas être lu"),
        (b"", "rien n'a été enregistré"),
        (b"PK\x03\x04 broken", "rien n'a été enregistré"),
        ("Nom;Prénom\nLe Goff;Alix\n".encode(), "N° candidat"),
        ("Nom;Prénom;Numéro\nLe Goff;Alix;1\nLe Goff;Anne;1\n".encode(), "ligne 3"),
    ],
)
def test_a_roster_that_cannot_be_used(line: CommandLine, tmp_path: Path, content: bytes | None, says: str) -> None:
    path = tmp_path / "liste.csv"
    if content is not None:
        path.write_bytes(content)
    done = line.session("create", "juin", "--roster", str(path))
    assert done.code == 3
    assert says in done.err
    assert "Le Goff" not in done.err
    assert line.well("list", "--json").json == []


def test_a_session_is_created_once(line: CommandLine, tmp_path: Path) -> None:
    line.well("create", "juin", "--roster", roster(tmp_path))
    again = line.session("create", "juin", "--roster", roster(tmp_path))
    assert again.code == 6
    assert "existe déjà" in again.err


def test_only_what_is_simulated_runs_faster(line: CommandLine, tmp_path: Path) -> None:
    done = line.type("session", "create", "juin", "--roster", roster(tmp_path), "--clock-speed", "60")
    assert done.code == 2
    assert "--simulated" in done.err


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (("start",), ["en projet", "prepare"]),
        (("pause", *REASON), ["en projet"]),
        (("withdraw", "c01"), ["motif", "--reason"]),
        (("withdraw", "c9", *REASON), ["c9", "candidates", "c01"]),
        (("extend", "--minutes", "5", *REASON), ["3 × inscrit"]),
        (("move", "c01", "--seat", "Rangée B table 1"), ["c02", "place libre"]),
        (("return", "c01"), ["inscrit, sans poste"]),
        (("journal", "--candidate", "c9"), ["c9", "candidates"]),
        (("export", "c9"), ["c9"]),
        (("purge", "--yes"), ["en projet"]),
        (("jury",), ["en projet"]),
        (("finish", "c01"), ["en projet"]),
        (("freeze", *REASON), ["en projet"]),
        (("reset-machine", "c01", "client", *REASON), ["sans poste", "prepare"]),
        (("open-copy", "c01"), ["en projet"]),
        (("close-copy", "c01"), ["en projet"]),
        (("verify-incident", "c01", "1"), ["en projet"]),
    ],
)
def test_what_a_draft_refuses_without_asking(
    line: CommandLine, tmp_path: Path, arguments: tuple[str, ...], says: list[str]
) -> None:
    line.well("create", "juin", "--roster", roster(tmp_path))
    before = line.well("journal", "juin", "--json").json["head"]
    command, *rest = arguments
    done = line.session(command, "juin", *rest)
    assert (done.code, done.out) == (6, "")
    assert [part for part in says if part not in done.err] == []
    assert "/N]" not in done.err  # no question
    assert line.well("journal", "juin", "--json").json["head"] == before
    assert line.service_pid() is None


def test_more_benches_than_fit_are_refused_with_figures(room: CommandLine, tmp_path: Path) -> None:
    room.well("create", "foule", "--roster", roster(tmp_path, 450))
    done = room.session("prepare", "foule")
    assert done.code == 6
    assert "450 postes ne tiennent pas ici" in done.err
    assert "Mio par poste" in done.err
    assert set(room.states("foule").values()) == {"enrolled"}


@pytest.mark.parametrize("command", [("session", "list"), ("service", "start"), ("restore", __file__, "--yes")])
def test_a_data_directory_that_cannot_be(tmp_path: Path, command: tuple[str, ...]) -> None:
    (tmp_path / "file").write_text("")
    done = CommandLine(tmp_path / "file" / "data").type(*command, "--simulated")
    assert done.code in (1, 8)
    assert str(tmp_path / "file") in done.err
    assert "droits" in done.err


def test_watch_needs_a_terminal(line: CommandLine, tmp_path: Path) -> None:
    line.well("create", "juin", "--roster", roster(tmp_path))
    done = line.session("status", "juin", "--watch")
    assert done.code == 2
    assert "--json" in done.err


def test_an_early_purge_needs_a_reason(line: CommandLine, tmp_path: Path) -> None:
    line.well("create", "juin", "--roster", roster(tmp_path))
    done = line.session("purge", "juin", "--early", "--yes")
    assert done.code == 2
    assert "--reason" in done.err


@pytest.mark.parametrize("words", [("create", "juin/a"), ("destroy", "juin/c01", "--yes")])
def test_benches_of_an_exam_are_not_for_the_bench_commands(
    line: CommandLine, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, words: tuple[str, ...]
) -> None:
    simulated = FakeHypervisor()
    monkeypatch.setattr(bench, "connect", lambda _settings: nullcontext(simulated))
    prove(open_lab("tai-complet"), line.data / "proofs")
    assert line.type("session", "create", "juin", "--roster", roster(tmp_path)).code == 0
    done = line.type("bench", *words)
    assert done.code == 2
    assert "session d'examen" in done.err
    assert "epreuve session" in done.err
