"""Writing a lab on the command line, as somebody does who knows systems and not Python."""

from __future__ import annotations

from pathlib import Path

import pytest

from orchestrator.cli import lab_new
from tests.unit.cli.conftest import CommandLine


@pytest.fixture
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The directory that the author is in."""
    folder = tmp_path / "here"
    folder.mkdir()
    monkeypatch.chdir(folder)
    return folder


def test_a_lab_is_begun_linted_and_shown(line: CommandLine, here: Path) -> None:
    made = line.type("lab", "new", "petit-bureau", "--machines", "client,ap", "--minutes", "45")
    assert made.code == 0
    assert made.out.splitlines()[-1] == "Ensuite : epreuve lab lint ./petit-bureau"
    assert line.type("lab", "lint", "./petit-bureau").out == "Aucune faute.\n"
    shown = line.type("lab", "show", "./petit-bureau", "--json").json
    assert (shown["id"], shown["title"], shown["duration_minutes"]) == ("petit-bureau", "Petit bureau", 45)
    assert list(shown["machines"]) == ["client", "ap"]
    assert line.type("lab", "schema").out == (here / "petit-bureau" / ".lab.schema.json").read_text("utf-8")


def test_on_a_terminal_it_asks(line: CommandLine, here: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(lab_new, "_asks", lambda: True)
    asked = line.type("lab", "new", "petit-bureau", "--minutes", "45", answer="rncp35806\nUn bureau\nserver")
    assert asked.code == 0
    assert "rncp37681    Titre professionnel" in asked.err
    shown = line.type("lab", "show", "./petit-bureau", "--json").json
    assert (shown["referential"], shown["title"], list(shown["machines"])) == ("rncp35806", "Un bureau", ["server"])


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("Petit_Bureau",), "lettres minuscules, chiffres et tirets"),
        (("tai-complet",), "a déjà ce nom"),
        (("petit-bureau", "--machines", "servr"), "« server »"),
        (("petit-bureau", "--machines", ","), "une machine au moins"),
        (("petit-bureau", "--referential", "rncp37682"), "« rncp37681 »"),
    ],
)
def test_what_cannot_be_is_told_and_nothing_is_written(
    line: CommandLine, here: Path, arguments: tuple[str, ...], said: str
) -> None:
    refused = line.type("lab", "new", *arguments)
    assert refused.code != 0
    assert said in refused.err
    assert list(here.iterdir()) == []


def test_what_is_there_is_left_alone(line: CommandLine, here: Path) -> None:
    line.type("lab", "new", "petit-bureau")
    (here / "petit-bureau" / "lab.yml").write_text("à moi")
    assert line.type("lab", "new", "petit-bureau").code == 2
    assert (here / "petit-bureau" / "lab.yml").read_text() == "à moi"


def test_the_paper_and_the_networks_are_shown_in_files(line: CommandLine, here: Path) -> None:
    line.type("lab", "new", "petit-bureau")
    done = line.type("lab", "show", "./petit-bureau", "--paper", "sujet.html", "--diagram", "reseau.svg")
    assert done.out.splitlines() == ["sujet.html", "reseau.svg"]
    assert "Camille Exemple" in (here / "sujet.html").read_text("utf-8")
    assert "192.168.50.0/24" in (here / "reseau.svg").read_text("utf-8")


@pytest.mark.parametrize(
    ("option", "target"), [("--paper", "sujet.txt"), ("--diagram", "reseau.png"), ("--paper", "petit-bureau/page.html")]
)
def test_no_file_of_the_lab_is_written_over(line: CommandLine, here: Path, option: str, target: str) -> None:
    line.type("lab", "new", "petit-bureau")
    (here / "petit-bureau" / "page.html").write_text("à moi")
    assert line.type("lab", "show", "./petit-bureau", option, target).code == 2
    assert (here / "petit-bureau" / "page.html").read_text() == "à moi"


def test_the_reference_of_one_check(line: CommandLine) -> None:
    assert "étendue" in line.type("lab", "docs", "dhcp-scope").out
    assert "first: 192.168.1.100" in line.type("lab", "docs", "dhcp-scope", language="en").out
    refused = line.type("lab", "docs", "dhcp-scop")
    assert refused.code == 2
    assert "« dhcp-scope »" in refused.err
