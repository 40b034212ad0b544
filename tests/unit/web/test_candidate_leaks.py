"""Nothing about checks, points or expected values reaches a candidate, neither in a page nor in what it asks for."""

from __future__ import annotations

import html
import json
import re
from collections.abc import Iterator
from itertools import count
from pathlib import Path
from typing import Any

import pytest

from labs.subject import render_markdown
from orchestrator.exam import commands
from orchestrator.sessions import load_session
from tests.unit.engine.world import write_lab
from tests.unit.web.seat import WHO, raw
from tests.unit.web.service_desk import FOLDER, INCIDENTS, WORDS, sends
from tests.unit.web.world import SLUG, SiteWorld
from web.candidate import pace
from web.candidate.pace import Pace
from web.tickets.candidate import DEEDS

_TICKETS = ("/poste/tickets", "/poste/tickets/1", "/poste/tickets/suite?seen=0", "/poste/tickets/1/suite?seen=0")
_TYPED = {
    **dict.fromkeys(("text", "to", "cause", "title", "symptoms"), "x"),
    **{"kind": "request", "category": "other", "impact": "3", "urgency": "3", "audience": "users", "record": "2"},
}


@pytest.fixture(autouse=True)
def unhurried(monkeypatch: pytest.MonkeyPatch) -> None:
    """Nobody asks too often here."""
    monkeypatch.setattr(pace, "_pace", Pace(count(step=60).__next__))


def everything(world: SiteWorld) -> str:
    """All that a candidate can be answered, in every state and both languages."""
    task = world.lab.lab.tasks[0].id
    answers = [*_answers(world, task)]
    world.started()
    answers += _answers(world, task)
    world.do(commands.AskReset(candidate="c01", machine="server", **WHO), commands.Pause(**WHO))
    answers += _answers(world, task)
    world.do(commands.Resume(who="boss"))
    world.passes()
    world.do(commands.Freeze(**WHO))
    answers += _answers(world, task)
    world.passes()
    answers += _answers(world, task)
    world.do(commands.OpenCopy(candidate="c01", who="boss"))
    world.passes()
    for typed in [{"incident": one.id} for one in world.lab.lab.incidents] or [WORDS]:
        assert world.browser("jury").post(FOLDER, typed).status_code == 303
    for phase in (1, 2, 3):
        world.do(commands.BeginPhase(candidate="c01", phase=phase, who="boss"))
        answers += _answers(world, task)
        world.do(commands.EndPhase(candidate="c01", who="boss"))
    return "\n".join(answers + _answers(world, task))


def _answers(world: SiteWorld, task: str) -> list[str]:
    browser = world.browser("candidate")
    found = []
    for language in ("fr", "en"):
        browser.post(f"/langue/{language}")
        for address in ("/poste", "/poste/etat", "/poste/console/server", *_TICKETS):
            answer = browser.get(address)
            if answer.is_json:  # without the token, which is a cipher of its own
                found.append(json.dumps({**answer.get_json(), "token": ""}))
            else:
                found.append(answer.get_data(as_text=True))
        for what, body in (
            ("main", {"up": True}),
            ("taches", {"task": task, "done": True}),
            ("taches", {"task": "nothing", "done": True}),
            ("notes", {"text": "a", "base": ""}),
            ("notes", {}),
        ):
            found.append(raw(browser, what, json.dumps(body).encode()).get_data(as_text=True))
        for deed in DEEDS:
            for typed in ({}, _TYPED):
                found.append(sends(browser, deed, typed).get_data(as_text=True))
                found.append(sends(browser, deed, typed, json=True).get_data(as_text=True))
    return found


def _leaves(value: Any, top: bool = True) -> Iterator[str]:
    """The values of a check's parameters; the parameters' own names, at the top, are no secret."""
    if isinstance(value, dict):
        for key, inner in value.items():
            yield from () if top else (str(key),)
            yield from _leaves(inner, top=False)
    elif isinstance(value, list | tuple):
        for inner in value:
            yield from _leaves(inner, top=False)
    elif not isinstance(value, bool) and value is not None:
        yield str(value)


def _says(text: str, word: str) -> bool:
    # Looked for as it is first: almost none is there, and an expression takes twenty times as long to say so.
    return word in text and re.search(rf"(?<![\w.-]){re.escape(word)}(?![\w-])", text) is not None


def test_the_first_exam_tells_nothing_of_its_checks_but_what_the_paper_says(tmp_path: Path) -> None:
    world = SiteWorld(tmp_path, lab="tai-complet")
    shown = html.unescape(re.sub(r"<\w+", "<", everything(world)))  # "input" is a chain of the firewall, and a tag
    lab = world.lab.lab
    secrets = load_session(world.settings.data_dir, SLUG).secrets
    paper = render_markdown(lab, world.lab.subject, secrets=secrets, candidate="Anaïs Le Goff", points=False)
    world.close()
    assert "Le plan d’adressage" in shown
    assert all(one.ticket.subject in shown for one in lab.incidents)
    known = "\n".join(
        [paper, *lab.machines]
        + [machine.title for machine in lab.machines.values()]
        + [word for task in lab.tasks for word in (task.id, task.title)]
    )
    words = {word for _, check in lab.checks() for word in (check.id, check.title, check.check)}
    words |= {word for _, check in lab.checks() for word in _leaves(check.params)}
    for one in lab.incidents:
        known += f"\n{one.ticket.subject}\n{one.ticket.caller}\n{one.ticket.text}"
        words |= {one.id, one.title, one.script.opening, *one.script.unknown, *one.diagnosis}
        words |= {said for answer in one.script.answers for said in (answer.ask, answer.say)}
        words |= {word for proof in one.proof for word in (proof.id, proof.title, *_leaves(proof.params))}
    words = {word for word in words if not word.isdigit() or len(word) > 3}  # small numbers stand in any clock
    told = {word for word in words if not _says(known, word)}
    assert len(told) > 150
    assert sorted(word for word in told if _says(shown, word)) == []
    for key in ("check", "competency", "verdict", "expect"):
        assert not re.search(rf'"{key}\w*":', shown)
    assert not re.search(r"\d[ \u00a0]*(points?|pts)\b", shown)


def test_what_is_shown_does_not_depend_on_the_checks_at_all(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Two labs that differ in their checks, points and incidents alone look the same, to the letter."""
    monkeypatch.setattr("orchestrator.sessions.draw", lambda _secrets: {"admin": "Tkhd=Rnfg=Gbjp"})
    shown = []
    for name in ("one", "other"):
        folder = write_lab(tmp_path / name)
        (folder / "sujet.md").write_text(
            "# {{ lab.title }} ({{ lab.points }} points)\n\n`{{ secrets.admin }}` {{ lab.points_of('names') }}\n"
            "{% for task in lab.tasks %}\n- {{ task.title }} {{ task.points }}{% endfor %}\n"
        )
        if name == "other":
            text = (folder / "lab.yml").read_text()
            for old, new in (
                ("points: 1", "points: 7.5"),
                ("id: client-name", "id: secret-check"),
                ("The name, check", "Another thing, check"),
                ("check: host-name", "check: service-state"),
                ("{ on: client, name: desk }", "{ on: client, unit: hidden.service, running: true, enabled: true }"),
            ):
                assert old in text
                text = text.replace(old, new)
            text += INCIDENTS
            for script in ("break.sh", "repair.sh"):
                (folder / script).write_text("true\n")
            (folder / "lab.yml").write_text(text)
        world = SiteWorld(tmp_path / f"world-{name}", lab=str(folder))
        shown.append(_without_chance(everything(world)))
        world.close()
    assert "A small lab" in shown[0]
    assert WORDS["subject"] in shown[0]
    assert shown[0] == shown[1]


def _without_chance(shown: str) -> str:
    """Without what differs between two visits of the same site."""
    for chance in (r'"X-CSRFToken": "[^"]*"', r'name="csrf_token" value="[^"]*"', r"\d+ h \d\d|\d\d:\d\d"):
        shown = re.sub(chance, "", shown)
    return shown
