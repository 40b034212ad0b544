"""How a trial is told: everything once, then what changes; and it stops when it should."""

from __future__ import annotations

import io
import re
from pathlib import Path

import pytest
from rich.console import Console
from rich.live import Live

from orchestrator.cli import lab_try
from orchestrator.cli.lab_try_show import _on_terminal, teller
from tests.unit.test_trying import Desk

TIME = re.compile(r"[0-9]{2}:[0-9]{2}:[0-9]{2}, [0-9.]+ s")


def test_a_pipe_gets_everything_once_and_then_what_changes(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    desk = Desk(tmp_path)
    with desk.trial() as here, teller() as tell:
        tell(here.look(), 1, [])
        tell(here.look(), 2, ["Le sujet a des fautes"])
        desk.machines.rename(here.bench.session, here.bench.name, "client", "other")
        tell(here.look(), 3, ["Le sujet a des fautes"])
    lines = TIME.sub("…", capsys.readouterr().out).splitlines()
    assert [line.split("  ")[0].strip() for line in lines] == [
        ["PASS", "", "", "", " client-name 1/1"][0],
        "1 / 1 points",
        "1 / 1 points",
        "Le sujet a des fautes",
        "FAIL",
        "0 / 1 points",
    ]
    assert "client-name 0/1 ← PASS" in lines[4]


def test_it_stops_after_so_many_looks_and_notices_at_once_that_the_lab_changed(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    desk = Desk(tmp_path)
    edits = iter(["name: bureau", "name: autre"])

    def somebody_edits(_seconds: float) -> None:
        desk.edit(
            "name: desk" if "name: desk" in (desk.folder / "lab.yml").read_text() else "name: bureau", next(edits)
        )

    monkeypatch.setattr(lab_try, "sleep", somebody_edits)
    with desk.trial() as here:
        lab_try._follow(here, (), every=3600, looks=3)
    assert len(re.findall(r"points +relevé", capsys.readouterr().out)) == 3


def test_faults_of_the_lab_are_told_with_their_lines(tmp_path: Path) -> None:
    desk = Desk(tmp_path)
    with desk.trial() as here:
        desk.edit("check: host-name", "check: hostname")
        told = lab_try._told(here)
    assert re.search(r"lab\.yml:\d+:\d+: .*hostname", "\n".join(told))


def test_the_table_stays_in_its_place(tmp_path: Path) -> None:
    desk, screen = Desk(tmp_path), Console(file=io.StringIO(), force_terminal=True, width=80)
    with desk.trial() as here, Live(console=screen, auto_refresh=False) as live:
        for number in (1, 2):
            _on_terminal(live)(here.look(), number, [])
    assert "client-name" in screen.file.getvalue()
    assert re.search(r"\x1b\[\d*A", screen.file.getvalue()), "the second table goes up to the first one's place"
