"""One recording: the goldens of some machines in a folder, each written as soon as it is there, and a summary."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from checkers.channel import ChannelError
from checkers.goldens.files import GoldenError, GoldenFile, golden_text
from checkers.goldens.madeup import MadeUp
from checkers.goldens.scrub import Scrubber
from labs.files import write_atomic
from labs.text import Text
from orchestrator.recorder.record import Recorded, record
from orchestrator.recorder.target import Target
from orchestrator.version import version


@dataclass(frozen=True)
class Machine:
    """What was recorded of one target. about: what came of each question, as it stands in the summary."""

    target: Target
    answers: list[Recorded]
    about: list[dict[str, Any]]


class Recording:
    """The answers of several machines. out: the folder. name: the state that the machines are in."""

    def __init__(self, out: Path, name: str) -> None:
        self.out = out
        self.name = name
        self.machines: list[Machine] = []
        self.made_up = MadeUp()
        self._began = datetime.now(UTC)

    @property
    def answers(self) -> list[Recorded]:
        """What came of all questions."""
        return [answer for machine in self.machines for answer in machine.answers]

    @property
    def files(self) -> list[GoldenFile]:
        """The goldens that were written."""
        return [answer.file for answer in self.answers if answer.file is not None]

    @property
    def replaced(self) -> dict[str, int]:
        """In how many places something was replaced, by kind; never what."""
        return {kind: count for kind, count in sorted(self.made_up.counts.items()) if count}

    def record(self, target: Target, probes: Sequence[str]) -> Iterator[Recorded]:
        """Ask a machine; every golden is written before the next question. Raises OSError."""
        scrubber = Scrubber(target.secrets, self.made_up)
        machine = Machine(target, [], [])
        self.machines.append(machine)
        for answer in record(target, probes, self.name, scrubber):
            if answer.file is not None:
                write_atomic(self.out / answer.file.path, golden_text(answer.file.golden))
            machine.answers.append(answer)
            machine.about.append(answer.about(scrubber))
            yield answer

    def summary(self) -> dict[str, Any]:
        """What was asked and what came of it."""
        return {
            "format": 1,
            "épreuve": version(),
            "began_at": self._began.isoformat(timespec="seconds"),
            "ended_at": datetime.now(UTC).isoformat(timespec="seconds"),
            "name": self.name,
            "machines": {
                machine.target.at: {
                    "family": machine.target.dialect.name,
                    "system": machine.target.system.title,
                    "questions": machine.about,
                }
                for machine in self.machines
            },
            "replaced": self.replaced,
        }

    def finish(self, title: str) -> Path:
        """Write the summary beside the goldens: what did not answer, and why, is known by it alone."""
        words = re.sub(
            r"[^a-z0-9]+", "-", f"{Path(title).stem if title.endswith('.json') else title} {self.name}".lower()
        )
        text = json.dumps(self.summary(), indent=1, ensure_ascii=False) + "\n"
        return write_atomic(self.out / f"recording-{words.strip('-')}.json", text)

    def require(self) -> None:
        """Raises GoldenError when a secret is still in an answer or none was asked for, ChannelError when nothing
        answered."""
        kept = [answer for answer in self.answers if answer.leaks]
        if kept:
            raise GoldenError(
                Text(
                    "Un secret se lit encore dans ces réponses : elles n'ont pas été écrites.",
                    "A secret can still be read in these answers: they were not written.",
                ),
                where="; ".join(f"{answer.question.key} ({', '.join(answer.leaks)})" for answer in kept)[:1000],
                do=Text(
                    "Enregistrez une autre session, ou signalez sous quelle forme la machine l'écrit.",
                    "Record another session, or report in which form the machine writes it.",
                ),
            )
        if not self.answers:
            raise GoldenError(
                Text("Aucune question à poser à ces machines.", "No question to ask of these machines."),
                do=Text(
                    "Une sonde qui prend des arguments n'est posée que si un contrôle du sujet la pose (--lab).",
                    "A probe that takes arguments is asked only when a check of the lab asks it (--lab).",
                ),
            )
        if all(answer.fact.raw is None for answer in self.answers):
            raise ChannelError(
                self.answers[0].why or Text("rien n'a répondu", "nothing answered"),
                where=", ".join(machine.target.at for machine in self.machines),
                do=Text(
                    "Le résumé (recording-….json) dit pourquoi ; un poste doit tourner (epreuve bench list).",
                    "The summary (recording-….json) tells why; a bench must run (epreuve bench list).",
                ),
            )
