"""A jury that writes into a book: each record passes the rules first, as at the desk."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from checkers.proposal import Level
from labs.formats import Format, Phase
from labs.referential import Block, Competency, Criterion, Referential
from orchestrator.marks.documents import (
    BlockDecision,
    CommonMark,
    Decision,
    Document,
    HandedIn,
    JurorMissing,
    Mark,
    Signed,
    TitleDecision,
    kind_of,
)
from orchestrator.marks.fold import Marking, fold
from orchestrator.marks.frame import Frame, frame_of
from orchestrator.marks.rules import check

NINE = datetime(2026, 6, 15, 7, 0, tzinfo=UTC)
FIRST, SECOND, THIRD = "bernard", "durand", "petit"
MET, PARTLY, NOT_MET, NOT_SEEN = Level.MET, Level.PARTLY, Level.NOT_MET, Level.NOT_SEEN


def competency(id_: str, criteria: int = 0) -> Competency:
    made = tuple(
        Criterion(id=f"{id_}.K{number}", wording="W", source="S", seen_by="person") for number in range(1, criteria + 1)
    )
    return Competency(id=id_, title=id_, source="S", criteria=made)


def format_(id_: str, *blocks: str) -> Format:
    phase = Phase(id="p", kind="practical", title="P", minutes=60, machines="all", jury=False, extra_time=True)
    return Format(id=id_, title=id_, source="S", blocks=blocks, durations="by-centre", phases=(phase,))


REFERENTIAL = Referential(
    id="small",
    title="Small",
    level=4,
    source="S",
    criteria_are="S",
    blocks=(
        Block(id="BC01", title="One", source="S", competencies=(competency("BC01.C1", 2), competency("BC01.C2"))),
        Block(id="BC02", title="Two", source="S", competencies=(competency("BC02.C1"),)),
    ),
    formats=(format_("complet", "BC01", "BC02"), format_("ccp-bc02", "BC02")),
)
WHOLE, PART = frame_of(REFERENTIAL, "complet"), frame_of(REFERENTIAL, "ccp-bc02")
assert WHOLE is not None
assert PART is not None


@dataclass(frozen=True)
class Entry:
    """A record, as the store has it."""

    number: int
    at: datetime
    who: str
    what: str
    document: str
    digest: str


class Room:
    """The book of one candidate. ``proposed``: what the machine proposes, set by a test."""

    def __init__(self, frame: Frame = WHOLE, proposed: dict[str, Level] | None = None) -> None:
        self.frame = frame
        self.proposed = proposed or {}
        self.entries: list[Entry] = []

    @property
    def marking(self) -> Marking:
        return fold(self.entries)

    def write(self, who: str, said: Document) -> None:
        """Write it, or raise Refused."""
        check(self.marking, self.frame, who, said, self.proposed)
        number, document = len(self.entries) + 1, said.model_dump_json()
        digest = hashlib.sha256(document.encode()).hexdigest()
        self.entries.append(Entry(number, NINE + timedelta(minutes=number), who, kind_of(said), document, digest))

    def mark(self, who: str, about: str, level: Level, words: str = "", reason: str = "") -> None:
        proposed = self.proposed.get(about)
        self.write(who, Mark(about=about, level=level, justification=words, proposed=proposed, reason=reason))

    def common(self, who: str, about: str, level: Level, words: str = "", reason: str = "") -> None:
        proposed = self.proposed.get(about)
        self.write(who, CommonMark(about=about, level=level, justification=words, proposed=proposed, reason=reason))

    def grid(self, who: str, level: Level = MET, **others: Level) -> None:
        """A whole grid of one level but for others (``BC01_C2=PARTLY``), handed in."""
        for name in self.frame.competencies:
            self.mark(who, name, others.get(name.replace(".", "_"), level), "motivé")
        self.hand_in(who)

    def hand_in(self, who: str) -> None:
        self.write(who, HandedIn())

    def alone(self, who: str) -> None:
        self.write(who, JurorMissing(reason="second juré souffrant"))

    def agreed(self, level: Level = MET, **others: Level) -> None:
        """Two grids of one level and the common marks that follow."""
        for juror in (FIRST, SECOND):
            self.grid(juror, level, **others)
        for name in self.frame.competencies:
            self.common(FIRST, name, others.get(name.replace(".", "_"), level), "motivé")

    def decide(
        self,
        who: str = FIRST,
        *,
        granted: tuple[bool, ...] | None = None,
        title: TitleDecision | None = "granted",
        words: str = "",
        title_words: str = "",
        **more: Any,
    ) -> None:
        verdicts = granted or tuple(True for _ in self.frame.blocks)
        blocks = tuple(
            BlockDecision(block=block.id, granted=one, motivation=words)
            for block, one in zip(self.frame.blocks, verdicts, strict=False)
        )
        levels = {name: self.marking.levels[name] for name in self.frame.competencies if name in self.marking.levels}
        said = Decision(**{"blocks": blocks, "title": title, "motivation": title_words, "levels": levels, **more})
        self.write(who, said)

    def sign(self, *who: str) -> None:
        for juror in who:
            decided = self.marking.decision
            number, digest = (decided.number, decided.version.digest) if decided else (1, "0" * 64)
            self.write(juror, Signed(decision=number, digest=digest, name="A juror", how="password"))
