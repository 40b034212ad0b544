"""What stays of a session without a practical: the phases, and nothing about a practical that nobody sat."""

from __future__ import annotations

from pathlib import Path

from labs.text import speak
from orchestrator.dossier.report import report_html
from orchestrator.dossier.source import read_source
from orchestrator.exam import commands
from orchestrator.minutes.page import minutes_html
from orchestrator.minutes.read import read_minutes
from orchestrator.sealed.keys import ensure_key
from tests.unit.web.world import JURY_ONLY, SiteWorld


def test_report_and_minutes_tell_of_no_practical(tmp_path: Path) -> None:
    world = SiteWorld(tmp_path)
    world.jury_only()
    world.do(
        commands.BeginPhase(candidate="c01", phase=0, who="jury"),
        commands.EndPhase(candidate="c01", who="jury"),
        commands.MarkAbsent(candidate="c02", who="boss"),
        commands.Close(who="boss"),
        slug=JURY_ONLY,
    )
    speak("fr")
    try:
        source = read_source(world.desk, world.settings, JURY_ONLY)
        report = report_html(source, source.people["c01"], ensure_key(world.settings.data_dir).public)
        minutes = minutes_html(read_minutes(world.desk, JURY_ONLY))
    finally:
        speak(None)
    world.close()
    assert "Prise de connaissance" in report
    assert "sujet pas encore prouvé" in report
    assert "<dt>Pratique</dt>" not in report
    assert "Prise de connaissance" in minutes
    assert "<td>–" in minutes
    assert "<td>0" not in minutes
