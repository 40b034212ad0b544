"""``epreuve tickets glpi``: settings from the file, what is read as words or JSON, and no token anywhere."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from labs.errors import EpreuveError, UsageError
from orchestrator.cli.tickets import command
from tests.unit.tickets.glpi_server import APP, USER, Simulated, serving
from tests.unit.tickets.test_glpi import PARTS, TICKET

ARGUMENTS = ("glpi", "--since", "2026-06-15T08:00", "--until", "2026-06-15T18:00")


def run(settings: Path, monkeypatch: pytest.MonkeyPatch, *arguments: str) -> Result:
    monkeypatch.setenv("EPREUVE_CONFIG", str(settings))
    return CliRunner().invoke(command, arguments, catch_exceptions=True)


def written(folder: Path, url: str) -> Path:
    file = folder / "epreuve.toml"
    file.write_text(f'[glpi]\nurl = "{url}"\napp_token = "{APP}"\nuser_token = "{USER}"\nzone = "Europe/Paris"\n')
    return file


def test_tickets_are_shown_in_words_and_as_json(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    glpi = Simulated(rows={"Ticket": {14: TICKET}, "KnowbaseItem": {}}, parts={14: PARTS})
    with serving(glpi):
        file = written(tmp_path, glpi.url)
        words = run(file, monkeypatch, *ARGUMENTS)
        data = run(file, monkeypatch, *ARGUMENTS, "--json")
    assert words.exit_code == 0, words.exception
    for said in ("14  Plus d'accès à l'intranet", "09:30:00", "DNS remis", "P2 – haute", "30 min"):
        assert said in words.output
    (one,) = json.loads(data.output)
    assert (one["ticket"]["number"], one["handling"]["solve_s"]) == (14, 1800)
    assert not any(token in words.output + data.output for token in (APP, USER))


def test_no_ticket_is_said(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with serving(Simulated(rows={"Ticket": {}}, parts={})) as glpi:
        assert "Aucun ticket" in run(written(tmp_path, glpi.url), monkeypatch, *ARGUMENTS).output


def test_without_settings_it_says_where_to_put_them(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    refused = run(tmp_path / "none.toml", monkeypatch, *ARGUMENTS).exception
    assert isinstance(refused, UsageError)
    assert refused.do is not None


def test_wrong_settings_are_told_without_the_tokens(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    file = written(tmp_path, "https://glpi.example.org")
    file.write_text(file.read_text().replace(USER, f"{USER} x").replace("Europe/Paris", "Nowhere"))
    refused = run(file, monkeypatch, *ARGUMENTS).exception
    assert isinstance(refused, EpreuveError)
    assert "zone" in str(refused)
    assert USER not in str(refused)
