"""A ticket in the report: each text says what it is."""

from __future__ import annotations

from orchestrator.dossier.report import _words
from orchestrator.tickets import documents as said


def test_cause_solution_and_symptoms_are_named() -> None:
    sheet = said.Knowledge(
        ticket=1, title="DNS", symptoms="rien", cause="zone", text="corriger", audience="technicians"
    )
    assert _words(sheet) == "DNS\nSymptômes\u00a0: rien\nCause\u00a0: zone\nSolution\u00a0: corriger"
    assert _words(said.Solved(ticket=1, text="corrigé", cause="zone")) == "Cause\u00a0: zone\nSolution\u00a0: corrigé"
    assert _words(said.Step(ticket=1, text="vu")) == "vu"
    assert _words(said.Escalated(ticket=1, to="niveau 2", text="urgent")) == "À\u00a0: niveau 2\nurgent"
