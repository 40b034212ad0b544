"""What is shown: help that teaches, tables that fit a terminal, JSON that programs can read."""

from __future__ import annotations

import json
from pathlib import Path

import click
import pytest

from orchestrator.cli import backup, referential, restore, service, session
from orchestrator.cli.common import out
from orchestrator.cli.session_table import status_table
from orchestrator.cli.voice import Voice
from orchestrator.engine.desk import Desk, Open
from orchestrator.exam.words import duration, sentence
from orchestrator.store import open_store
from tests.unit.cli.conftest import CommandLine, roster


def _commands() -> dict[str, click.Command]:
    found: dict[str, click.Command] = {"backup": backup.command, "restore": restore.command}
    for group in (session.command, service.command, referential.command):
        assert isinstance(group, click.Group)
        found |= _in(group, str(group.name))
    return found


def _in(group: click.Group, path: str) -> dict[str, click.Command]:
    """The commands of a group and of the groups in it, as they are typed."""
    found: dict[str, click.Command] = {}
    context = click.Context(group)
    for name in group.list_commands(context):
        command = group.get_command(context, name)
        assert command is not None
        typed = f"{path} {name}"
        found |= _in(command, typed) if isinstance(command, click.Group) else {typed: command}
    return found


@pytest.mark.parametrize("name", _commands())
def test_help_teaches_with_an_example(name: str) -> None:
    command = _commands()[name]
    assert command.help
    assert command.epilog is not None
    assert f"epreuve {name}" in command.epilog


@pytest.mark.parametrize("name", [name for name in _commands() if name != "service run"])
def test_every_command_speaks_json(name: str) -> None:
    assert "--json" in {option for parameter in _commands()[name].params for option in parameter.opts}


def test_the_formats_of_a_lab(line: CommandLine) -> None:
    shown = line.type("session", "formats").out
    assert "complet : Titre professionnel complet, 4 h 45 min" in shown
    assert "prise-de-connaissance" in shown  # whole: it is typed in --minutes
    found = {one["id"]: one for one in line.type("session", "formats", "--json").json["formats"]}
    assert [found[name]["held_here"] for name in ("complet", "ccp-bc01", "ccp-bc02", "ccp-bc03")] == [True] * 4
    assert found["ccp-bc03"]["phases"][0]["minutes"] == 60


def test_thirty_candidates_on_80_columns(line: CommandLine, tmp_path: Path) -> None:
    line.well("create", "grande", "--roster", roster(tmp_path, 30))
    shown = line.well("status", "grande").out.splitlines()
    assert shown[0].startswith("[simulé] grande · en projet · ")
    assert len(shown) == 2 + 30
    assert max(len(text) for text in shown) <= 80
    assert "[/red]Nom" in shown[6]
    assert shown[2].split()[-1] == "3:00:00"
    assert shown[3].split()[-1] == "4:00:00"


def test_the_list_of_candidates_is_whole(line: CommandLine, tmp_path: Path) -> None:
    line.well("create", "grande", "--roster", roster(tmp_path, 6))
    listed = line.well("candidates", "grande", "--json").json
    assert listed["simulated"] is True
    second = listed["candidates"][1]
    assert (second["id"], second["number"], second["seat"]) == ("c02", "0001", "Rangée B table 1")
    assert (second["extra_percent"], second["allotted_s"]) == ("tiers", 4 * 3600)
    shown = line.session("candidates", "grande", language="en").out
    assert "+ a third" in shown
    assert "[/red]Nom" in shown


def test_a_small_screen_shows_first_who_is_at_work(line: CommandLine, tmp_path: Path) -> None:
    line.well("create", "grande", "--roster", roster(tmp_path, 30))
    with open_store(line.data / "simulated" / "epreuve.db") as store:
        desk = Desk(store)
        opened = desk.open("grande")
        last = opened.exam.candidates["c30"].model_copy(update={"state": "running"})
        clock = last.clock.start(opened.now)
        exam = opened.exam.model_copy(
            update={
                "state": "running",
                "candidates": {**opened.exam.candidates, "c30": last.model_copy(update={"clock": clock})},
            }
        )
    table = status_table(Open(opened.stored, exam, opened.now), {}, {}, None, Voice(simulated=True), lines=24)
    with out.capture() as captured:
        out.print(table)
    shown = captured.get().splitlines()
    assert len(shown) <= 24
    assert shown[2].startswith("c30")
    assert any("epreuve service start --simulated" in text for text in shown)


def test_what_is_simulated_says_so(line: CommandLine, tmp_path: Path) -> None:
    created = line.session("create", "juin", "--roster", roster(tmp_path), language="en")
    assert created.out.splitlines() == [
        "[simulated] Session juin: 3 candidates, 1 of them with extra time; a practical of 3 h.",
        "[simulated] Next: epreuve session prepare juin --simulated",
    ]
    for command in ("status", "candidates", "journal"):
        assert line.session(command, "juin", language="en").out.startswith("[simulated] juin")
        assert line.well(command, "juin", "--json").json["simulated"] is True
    assert line.session("list", language="en").out.startswith("[simulated]")
    assert json.loads(line.session("export", "juin", "c01").out)["simulated"] is True


def test_durations_in_both_languages() -> None:
    assert duration(0.34).fr == "0,3 s"
    assert duration(0.34).en == "0.3 s"
    assert duration(3 * 3600 + 5 * 60).fr == "3 h 05 min"
    late = sentence("bell-rung", {"due_at": "2026-06-15T09:30:00.000000Z", "late_s": 0.2})
    assert "0,2 s" in late.fr
    assert "0.2 s" in late.en
