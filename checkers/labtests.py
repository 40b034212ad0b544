"""Asking a lab's own tests: each becomes a fact like any other."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from checkers.facts import Fact
from checkers.observe import Channel, Place, fact_of, unseen
from checkers.probe import Question
from checkers.probes.testinfra import LabTest
from checkers.testinfra.runner import run_tests
from labs.text import Text


def ask_lab_tests(questions: Sequence[Question], places: Sequence[Place], folder: Path) -> list[Fact]:
    """One fact for each lab test asked, machine by machine, over the first channel that answers. Never raises."""
    by_place = {place.at: place for place in places}
    facts: list[Fact] = []
    for at in dict.fromkeys(question.at for question in questions):
        mine = [question for question in questions if question.at == at]
        place = by_place.get(at)
        channel = _first_answering(place.channels) if place else None
        if place is None or channel is None:
            why = Text("aucun canal vers cette machine ne répond", "no channel to this machine answers")
            facts += [unseen(question, why, "none") for question in mine]
            continue
        outputs = run_tests(folder, [_name(question) for question in mine], channel.agent)
        for question in mine:
            raw = outputs.get(_name(question))
            if raw is None:
                why = Text("le test n'a pas pu être exécuté", "the test could not be run")
                facts.append(unseen(question, why, channel.name))
            else:
                facts.append(fact_of(question, raw, channel.name, place.secrets))
    return facts


def _first_answering(channels: Sequence[Channel]) -> Channel | None:
    return next((channel for channel in channels if channel.agent.ping()), None)


def _name(question: Question) -> str:
    assert isinstance(question.probe, LabTest)  # noqa: S101 - the caller's promise
    return question.probe.test
