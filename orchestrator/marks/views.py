"""What each juror may see: nobody reads another's grid, nor what came of it, before they have handed in their own."""

from __future__ import annotations

from dataclasses import replace

from orchestrator.marks.fold import Marking


def seen_by(marking: Marking, juror: str) -> Marking:
    """What this juror sees. Grids that are not handed in are their author's alone.

    Who has not handed in sees their own grid only, until a decision is signed: then it is too late for another
    opinion, and the grid that they began stays as it is.
    """
    own = marking.grids.get(juror)
    kept = {} if own is None else {juror: own}
    if not (own and own.handed_in) and not marking.settled:
        return Marking(grids=kept)
    return replace(marking, grids={name: grid for name, grid in marking.grids.items() if grid.handed_in} | kept)


def without_drafts(marking: Marking) -> Marking:
    """What nobody's independence hangs on: the grids that are handed in, and what came of them."""
    return replace(marking, grids={name: grid for name, grid in marking.grids.items() if grid.handed_in})
