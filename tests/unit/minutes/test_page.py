"""The minutes on paper: what a reader needs is on it, what people typed cannot spoil it."""

from __future__ import annotations

import json
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from labs.text import speak
from orchestrator.exam import commands
from orchestrator.exam.model import Backing
from orchestrator.minutes.page import minutes_html, minutes_pdf
from orchestrator.minutes.words import ranges
from tests.unit.exam.story import Story, at, started
from tests.unit.minutes.told import BY, decided, minutes_of


@pytest.fixture(autouse=True)
def french() -> Iterator[None]:
    speak("fr")
    yield
    speak(None)


def closed() -> Story:
    story = started("c01", "c02")
    story.do(commands.Extend("c01", 600, why="alerte <incendie>", **BY), at(1))
    story.do(commands.RingBell(), at(190))
    for candidate in ("c01", "c02"):
        story.do(commands.BenchFrozen(candidate, "a" * 64), at(191))
    story.do(commands.OpenJury(**BY), at(200))
    story.do(commands.BeginPhase("c01", 1, **BY), at(201))
    story.do(commands.EndPhase("c01", **BY), at(217))
    story.do(commands.Close(**BY), at(300))
    return story


def test_a_reader_finds_what_they_need() -> None:
    minutes = minutes_of(closed(), at(310), marks={"c01": decided("jean", "sophie"), "c02": decided("jean")})
    page = minutes_html(minutes)
    for said in (
        "Titre professionnel Technicien d’assistance en informatique",
        "Claire Lefèvre",
        "Jean Moreau",
        "Le Goff Anaïs",
        "03/02/2001",
        "alerte &lt;incendie&gt;",
        "16\u00a0min pour 15\u00a0min prévues",
        "BC01\u00a0: Assister ou dépanner les utilisateurs.",
        "Titre non accordé, blocs accordés",
        "pas encore signée par sophie",
        minutes.journal.hash,
    ):
        assert said in page, said
    assert "PROJET" not in page
    assert "non décidé" not in page


def test_what_people_typed_stays_text() -> None:
    page = minutes_html(minutes_of(started("c02"), place="<script>\u202e"))
    assert "Léo &lt;b&gt;" in page
    assert "&lt;script&gt;‹U+202E›" in page
    assert "<script" not in page


def test_a_draft_a_rehearsal_and_a_simulation_say_so() -> None:
    story = started("c01")
    page = minutes_html(minutes_of(story, simulated=True))
    assert "PROJET" in page
    assert "Aucune machine réelle n’a servi" in page
    assert "personne n’est examiné" not in page
    story.exam = story.now.model_copy(update={"format": "complet-repetition"})
    rehearsed = minutes_of(story)
    assert "personne n’est examiné" in minutes_html(rehearsed)
    assert rehearsed.format.title == "Titre professionnel complet"
    assert len(rehearsed.blocks) == 3


def test_whether_the_lab_was_proved_is_told() -> None:
    story = started("c01")
    assert "prouvé" not in minutes_html(minutes_of(story)), "of a session made before that was kept"
    story.exam = story.now.model_copy(update={"backing": Backing(why="hôte en <panne>")})
    assert "sujet non prouvé, utilisé quand même\u00a0: hôte en &lt;panne&gt;" in minutes_html(minutes_of(story))
    story.exam = story.now.model_copy(update={"backing": Backing(proved_at=at(0))})
    assert f"sujet prouvé le {at(0).astimezone():%d/%m/%Y}" in minutes_html(minutes_of(story))


def test_an_altered_journal_is_told() -> None:
    assert "ce journal a été modifié" in minutes_html(minutes_of(started("c01"), intact=False))


def test_english() -> None:
    speak("en")
    page = minutes_html(minutes_of(closed(), at(310)))
    assert "Minutes of an exam session" in page
    assert "not decided" in page
    assert "Time allotted" in page


def test_many_candidates_are_told_by_number() -> None:
    assert ranges([1, 2, 3, 5, 7, 8]) == "1–3, 5, 7–8"
    names = [f"c{number:02d}" for number in range(1, 6)]
    story = started(*names)
    story.do(commands.Pause(None, why="alerte", **BY), at(1))
    assert "5 candidats\u00a0: n° 1–5" in minutes_html(minutes_of(story, at(2)))


def test_the_pdf_holds_the_same_as_data(tmp_path: Path) -> None:
    minutes = minutes_of(closed(), at(310))
    file = tmp_path / "pv.pdf"
    file.write_bytes(minutes_pdf(minutes))
    text = subprocess.run(["pdftotext", file, "-"], check=True, capture_output=True, text=True).stdout
    assert "Procès-verbal" in text
    assert "page 1 / " in text
    subprocess.run(["pdfdetach", "-saveall", "-o", tmp_path, file], check=True, capture_output=True)
    assert json.loads((tmp_path / "proces-verbal.json").read_text()) == minutes.model_dump(mode="json")
