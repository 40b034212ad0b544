"""What a session's jury marks and decides: the blocks of its format, with their competencies and criteria."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

from labs.formats import Format, as_rehearsal
from labs.referential import Block, Competency, Referential


@dataclass(frozen=True)
class Frame:
    """What is decided. title: the format assesses every block, so that the title itself is decided."""

    referential: Referential
    format: Format

    @cached_property
    def blocks(self) -> tuple[Block, ...]:
        """The blocks that are decided, in the certification's order."""
        return tuple(block for block in self.referential.blocks if block.id in self.format.blocks)

    @property
    def decides_title(self) -> bool:
        """The format assesses every block: the title itself is decided, too."""
        return len(self.blocks) == len(self.referential.blocks)

    @cached_property
    def competencies(self) -> dict[str, Competency]:
        """The competencies that are marked, by id, in order."""
        return {one.id: one for block in self.blocks for one in block.competencies}

    def knows(self, about: str) -> bool:
        """Whether this is a competency, or a criterion of one, that is marked in this session."""
        if about in self.competencies:
            return True
        competency = self.competencies.get(about.rpartition(".")[0])
        return competency is not None and any(one.id == about for one in competency.criteria)


def frame_of(referential: Referential, format_id: str) -> Frame | None:
    """What is decided in a session of this format, or in its rehearsal; None when it examines nobody (a trial)."""
    for one in referential.formats:
        if format_id in (one.id, as_rehearsal(one).id):
            return Frame(referential, one)
    return None
