"""Asking the questions one by one, and the goldens in their answers: scrubbed, read again, and looked at once more."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from time import monotonic
from typing import Any

from checkers.facts import Fact, Raw
from checkers.goldens.files import (
    Golden,
    GoldenFile,
    LinuxGolden,
    OpenWrtGolden,
    WindowsGolden,
    golden_text,
    linux_path,
    openwrt_path,
    windows_path,
)
from checkers.goldens.scrub import Scrubber
from checkers.observe import value_of
from checkers.probe import Question
from labs.text import Text
from orchestrator.recorder.target import Target


@dataclass(frozen=True)
class Recorded:
    """What came of one question. seconds: how long the answer took. file: the golden; None when there was no answer, or
    ``leaks`` names secrets that could still be read in it. keeps: identifiers of the machine stay in it, because what
    is read in it would be other without them. other: hiding what looks like a secret changes what is read."""

    question: Question
    fact: Fact
    seconds: float
    file: GoldenFile | None = None
    leaks: tuple[str, ...] = ()
    keeps: bool = False
    other: bool = False

    @property
    def why(self) -> Text | None:
        """Why it was not seen."""
        return self.fact.why

    def about(self, scrubber: Scrubber) -> dict[str, Any]:
        """It, in the recording's summary."""
        with scrubber.made_up.uncounted():
            return self._about(scrubber)

    def _about(self, scrubber: Scrubber) -> dict[str, Any]:
        raw = self.fact.raw
        return {
            "question": scrubber.text(self.question.key),
            "status": self.fact.status,
            "why": scrubber.text(self.fact.why.en) if self.fact.why else None,
            "said": scrubber.text(raw.stderr[:500]) if raw and self.fact.status == "unseen" else "",
            "channel": self.fact.channel,
            "seconds": round(self.seconds, 1),
            "file": self.file.path.as_posix() if self.file else None,
            "left": list(self.leaks),
            "keeps_identifiers": self.keeps,
            "reads_otherwise": self.other,
        }


def record(target: Target, probes: Sequence[str], name: str, scrubber: Scrubber) -> Iterator[Recorded]:
    """Ask a target its questions, one at a time: a bad one spoils only itself. probes: only these; all when empty.
    name: the state of the machine, for the files' names."""
    for question in target.questions:
        if probes and question.probe.name not in probes:
            continue
        began = monotonic()
        fact = target.ask(question)
        seconds = fact.raw.duration_ms / 1000 if fact.raw else monotonic() - began
        yield _recorded(target, question, fact, seconds, name, scrubber)


def _recorded(
    target: Target, question: Question, fact: Fact, seconds: float, name: str, scrubber: Scrubber
) -> Recorded:
    if fact.raw is None or fact.raw.timed_out or fact.raw.truncated:
        return Recorded(question, fact, seconds)
    windows = target.dialect.name == "windows"
    if windows and not _is_object(fact.raw):  # the summary keeps what was said
        return Recorded(question, fact, seconds)
    before = scrubber.made_up.counts.copy()
    for attempt in (scrubber, scrubber.keeping_identifiers()):
        scrubber.made_up.counts = before.copy()
        raw = _scrubbed(fact.raw, attempt, windows)
        value, _ = value_of(question.probe, raw, target.dialect)
        with attempt.made_up.uncounted():
            same = value == attempt.data(fact.value)
        if same:
            break
    args = fact.args
    golden: Golden
    if windows:
        path = windows_path(fact.probe, target.system.role, name, fact.at, args)
        golden = WindowsGolden(
            source="recorded", system=target.system.title, args=args, answer=json.loads(raw.stdout), value=value
        )
    elif target.dialect.name == "openwrt":
        path = openwrt_path(fact.probe, name, fact.at, args)
        golden = OpenWrtGolden(
            source="recorded", system=target.system.title, args=args, stdout=raw.stdout.split("\n"), value=value
        )
    else:
        path = linux_path(fact.probe, name, fact.at, args)
        golden = LinuxGolden(args=args, exit_code=raw.exit_code, stdout=raw.stdout.split("\n"), value=value)
    leaks = tuple(scrubber.left(golden_text(golden)))
    file = None if leaks else GoldenFile(path, golden)
    return Recorded(question, fact, seconds, file, leaks, keeps=attempt is not scrubber, other=not same)


def _is_object(raw: Raw) -> bool:
    """Whether a script of ours returned something: it failed, or a machine made something up."""
    try:
        json.loads(raw.stdout)
    except (ValueError, RecursionError):
        return False
    return raw.exit_code == 0


def _scrubbed(raw: Raw, scrubber: Scrubber, windows: bool) -> Raw:
    """An answer as it may be written. One that is JSON is scrubbed text by text: escapes hide nothing then."""
    if windows:
        answer = scrubber.answer(json.loads(raw.stdout))
        return raw.model_copy(update={"stdout": json.dumps(answer, ensure_ascii=False)})
    return raw.model_copy(update={"stdout": scrubber.text(raw.stdout)})
