"""A session told command by command, for tests: keeps the exam and its events, and checks what must always hold."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from typing import Any

from orchestrator.exam import EVENT, Clock, Exam, Phase, Refused, Sitting, apply, commands, decide
from orchestrator.exam.commands import Command
from orchestrator.exam.events import Event

T0 = datetime(2026, 6, 15, 7, 0, tzinfo=UTC)

PHASES = (
    Phase(kind="practical", title="Mise en situation", minutes=180, machines=("client", "server", "ap")),
    Phase(kind="preparation", title="Préparation", minutes=15, id="preparation", extra_time=True),
    Phase(kind="jury", title="Jury", minutes=45, machines=("client", "server", "ap"), id="etape-2", jury=True),
)

CREATE = commands.Create(
    slug="juin",
    lab="tai-complet",
    lab_version="1.0",
    lab_hash="0" * 64,
    format="complet",
    machines=("client", "server", "ap"),
    devices=("box",),
    phases=PHASES,
    who="dupont",
)


def at(minutes: float) -> datetime:
    """So many minutes into the morning."""
    return T0 + timedelta(minutes=minutes)


@dataclass
class Story:
    """``do`` decides and applies; every event and the exam pass through JSON on the way."""

    exam: Exam | None = None
    history: list[Event] = field(default_factory=list)

    def do(self, command: Command, now: datetime = T0) -> tuple[Event, ...]:
        made = decide(self.exam, command, now)
        for event in made:
            read_back = EVENT.validate_json(event.model_dump_json())
            assert read_back == event
            self.exam = apply(self.exam, read_back)
            self.history.append(read_back)
        return made

    @property
    def now(self) -> Exam:
        assert self.exam is not None
        return self.exam

    def __getitem__(self, candidate: str) -> Sitting:
        return self.now.candidates[candidate]

    def clock(self, candidate: str) -> Clock:
        return self[candidate].clock

    def kinds(self) -> list[str]:
        return [event.kind for event in self.history]

    def copy(self) -> Story:
        return Story(self.exam, list(self.history))


def prepared(*candidates: str, **extra: Any) -> Story:
    """A session whose benches are ready. ``extra``: extra time by candidate."""
    story = Story()
    story.do(CREATE)
    for candidate in candidates:
        story.do(commands.Enrol(candidate, extra_percent=extra.get(candidate, 0), who="dupont"))
    story.do(commands.Prepare(who="dupont"))
    for candidate in candidates:
        story.do(commands.BenchReady(candidate))
    return story


def jury_only(*candidates: str, **extra: Any) -> Story:
    """A session without a practical, whose candidates are on the list."""
    story = Story()
    story.do(replace(CREATE, format="ccp-bc01", phases=PHASES[1:]))
    for candidate in candidates:
        story.do(commands.Enrol(candidate, extra_percent=extra.get(candidate, 0), who="dupont"))
    return story


def started(*candidates: str, **extra: Any) -> Story:
    """A session in which everybody began at T0."""
    story = prepared(*candidates, **extra)
    story.do(commands.Start(who="dupont"))
    return story


def french(error: Refused) -> str:
    """All that a refusal says, in French."""
    assert error.do is not None
    return f"{error.what.fr} {error.do.fr}"
