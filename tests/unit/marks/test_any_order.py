"""Whatever three jurors do in whatever order: nothing is lost, nothing is read too early, nothing signed unread."""

from __future__ import annotations

from contextlib import suppress

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule

from orchestrator.exam import Refused
from orchestrator.marks.documents import Note
from orchestrator.marks.fold import Marking
from orchestrator.marks.views import seen_by
from tests.unit.marks.room import FIRST, MET, NOT_MET, NOT_SEEN, PART, PARTLY, SECOND, THIRD, Room

JURORS = (FIRST, SECOND, THIRD)
juror = st.sampled_from(JURORS)
level = st.sampled_from((MET, PARTLY, NOT_MET, NOT_SEEN))
words = st.sampled_from(("", "motivé"))


class Jury(RuleBasedStateMachine):
    """One candidate, one competency, three jurors who try anything."""

    def __init__(self) -> None:
        super().__init__()
        self.room = Room(PART, {"BC02.C1": PARTLY})
        self.read: set[str] = set()
        """Who has seen another's grid, or what came of one, before handing in their own."""

    @rule(who=juror, level=level, words=words, reason=words)
    def mark(self, who: str, level: object, words: str, reason: str) -> None:
        with suppress(Refused):
            self.room.mark(who, "BC02.C1", level, words, reason)  # type: ignore[arg-type]

    @rule(jurors=st.lists(juror, min_size=1, max_size=3), level=level)
    def grids(self, jurors: list[str], level: object) -> None:
        """Whole ones, so that juries get further than chance alone would bring them."""
        for who in jurors:
            self.mark(who, level, "motivé", "")
            self.hand_in(who)

    @rule(who=juror, level=level, granted=st.booleans())
    def deliberate(self, who: str, level: object, granted: bool) -> None:
        """From the common mark to the signatures, as far as that goes."""
        self.common(who, level, "motivé", "motif")
        self.decide(who, granted, "motivé", "motif")
        for one in JURORS:
            self.sign(one)

    @rule(who=juror)
    def note(self, who: str) -> None:
        with suppress(Refused):
            self.room.write(who, Note(about="general", text="vu"))

    @rule(who=juror)
    def hand_in(self, who: str) -> None:
        with suppress(Refused):
            self.room.hand_in(who)
            assert who not in self.read  # it was made without having read another's

    @rule(who=juror)
    def alone(self, who: str) -> None:
        with suppress(Refused):
            self.room.alone(who)

    @rule(who=juror, level=level, words=words, reason=words)
    def common(self, who: str, level: object, words: str, reason: str) -> None:
        with suppress(Refused):
            self.room.common(who, "BC02.C1", level, words, reason)  # type: ignore[arg-type]

    @rule(who=juror, granted=st.booleans(), words=words, reason=words)
    def decide(self, who: str, granted: bool, words: str, reason: str) -> None:
        with suppress(Refused):
            self.room.decide(who, granted=(granted,), title=None, words=words, reason=reason)

    @rule(who=juror)
    def sign(self, who: str) -> None:
        with suppress(Refused):
            self.room.sign(who)

    @invariant()
    def every_record_is_still_there(self) -> None:
        assert _count(self.room.marking) == len(self.room.entries)

    @invariant()
    def nobody_reads_before_they_hand_in(self) -> None:
        marking = self.room.marking
        for who in JURORS:
            seen = seen_by(marking, who)
            assert all(grid.juror == who or grid.handed_in for grid in seen.grids.values())
            reads = set(seen.grids) - {who} or seen.common or seen.decisions
            if reads and marking.grid(who).handed_in is None:
                assert marking.settled
                self.read.add(who)

    @invariant()
    def what_is_decided_rests_on_two_grids_or_says_why_not(self) -> None:
        marking = self.room.marking
        if marking.decisions:
            assert len(marking.jurors) >= 2 or marking.missing

    @invariant()
    def what_is_signed_is_what_stands(self) -> None:
        marking = self.room.marking
        if marking.is_signed:
            decided = marking.decision
            assert decided is not None
            assert set(decided.signatures) == set(marking.jurors)
            assert dict(decided.said.levels) == marking.levels
            assert all(one.said.digest == decided.version.digest for one in decided.signatures.values())


def _count(marking: Marking) -> int:
    grids = sum(
        sum(map(len, grid.marks.values())) + sum(map(len, grid.notes.values())) + bool(grid.handed_in)
        for grid in marking.grids.values()
    )
    decisions = sum(1 + len(one.signatures) for one in marking.decisions)
    return grids + len(marking.missing) + sum(map(len, marking.common.values())) + decisions


Jury.TestCase.settings = settings(max_examples=60, stateful_step_count=40, deadline=None)
TestJury = Jury.TestCase
