"""What marks propose for a block and for the title, and when a mark or a decision must be explained.

Only what is plain is proposed: a block whose competencies are all met is granted, one with a competency that is not met
is not; anything between is for people to weigh, and so is whatever nobody saw.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from checkers.proposal import Level
from labs.referential import Block
from orchestrator.marks.documents import BlockDecision, TitleDecision


def deviates(level: Level, proposed: Level | None) -> bool:
    """The machine saw something, and the mark says something else."""
    return proposed not in (None, Level.NOT_SEEN, level)


def needs_words(level: Level, proposed: Level | None) -> bool:
    """A mark must be justified: it says something else than what the machine saw, or speaks against the candidate where
    the machine saw nothing."""
    if proposed in (None, Level.NOT_SEEN):
        return level is Level.NOT_MET
    return deviates(level, proposed)


def common_needs_words(level: Level, proposed: Level | None, jurors: Iterable[Level]) -> bool:
    """The same for a common mark, which must be justified as well where no juror's grid says so. jurors: theirs."""
    return needs_words(level, proposed) or level not in set(jurors)


def block_outcome(block: Block, levels: Mapping[str, Level]) -> bool | None:
    """What the levels of its competencies propose for a block: granted or not; None where that is for people to say."""
    found = [levels.get(competency.id) for competency in block.competencies]
    if Level.NOT_MET in found:
        return False
    return True if all(level is Level.MET for level in found) else None


def title_outcome(blocks: Sequence[bool | None]) -> TitleDecision | None:
    """What the blocks propose for the title; None where one of them is open."""
    if None in blocks:
        return None
    if all(blocks):
        return "granted"
    return "partial" if any(blocks) else "refused"


def block_needs_words(
    decision: BlockDecision, common: bool | None, jurors: Sequence[bool | None], machine: bool | None
) -> bool:
    """A decision about a block must be motivated: it deviates from what the common marks, both (all) jurors or the
    machine propose for it, or refuses what nothing plainly refuses."""
    if common is None and not decision.granted:
        return True
    against = not decision.granted
    return common is against or machine is against or (bool(jurors) and all(one is against for one in jurors))


def title_needs_words(title: TitleDecision, blocks: Sequence[bool]) -> bool:
    """A decision about the title must be motivated: the blocks that were decided propose another."""
    return title != title_outcome(blocks)
