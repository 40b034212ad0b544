"""A juror's own grid: a mark for each competency, and for criteria if they like, beside what the machine proposes."""

from __future__ import annotations

from dataclasses import dataclass

from flask import render_template, url_for
from werkzeug.wrappers import Response

from checkers.proposal import Level, Proposal
from labs.referential import Competency, Criterion
from labs.text import Text
from orchestrator.marks.documents import HandedIn, Mark
from orchestrator.marks.fold import Versions
from orchestrator.marks.outcomes import needs_words
from orchestrator.marks.rules import lacks_words, unexplained, unmarked
from orchestrator.marks.sheet import Sheet
from web.access import session_role
from web.jury.blueprint import routes
from web.jury.marking import Table, by_htmx, made, open_sheet, open_table, then, typed, write
from web.site import actor


@dataclass(frozen=True)
class Item:
    """A competency or a criterion with what the machine proposes and what the juror marked, every version of it."""

    about: Competency | Criterion
    proposal: Proposal | None
    versions: Versions[Mark]

    @property
    def id(self) -> str:
        """Of the competency or criterion."""
        return self.about.id

    @property
    def mark(self) -> Mark | None:
        """The mark in force."""
        return self.versions[-1].said if self.versions else None

    @property
    def lacks_words(self) -> bool:
        """Its mark must be justified and is not."""
        return self.mark is not None and lacks_words(self.mark)

    @property
    def is_reproposed(self) -> bool:
        """The machine proposes something else now than when it was marked: the work was judged again."""
        level = self.proposal.level if self.proposal else None
        return self.mark is not None and self.mark.proposed != level

    @property
    def why(self) -> Text:
        """What makes a justification necessary, when it is."""
        if self.proposal is None or self.proposal.level is Level.NOT_SEEN:
            return Text("rien d'autre n'en témoigne", "there is no other evidence of it")
        return Text("elle s'écarte de la proposition", "it deviates from the proposal")

    def needs_words(self, level: Level) -> bool:
        """Whether this level would have to be justified."""
        return needs_words(level, self.proposal.level if self.proposal else None)


@dataclass(frozen=True)
class Row:
    """A competency with its criteria."""

    item: Item
    criteria: list[Item]

    @property
    def competency(self) -> Competency:
        """What is marked."""
        assert isinstance(self.item.about, Competency)  # noqa: S101 - made so
        return self.item.about

    @property
    def marked(self) -> int:
        """How many criteria are marked."""
        return sum(one.mark is not None for one in self.criteria)


@routes.get("/jury/<slug>/<candidate>/grille")
@session_role("jury")
def grid(slug: str, candidate: str) -> str:
    """The juror's grid: to fill in, or as it was handed in."""
    table = open_table(slug, candidate)
    frame = table.sheet.frame
    blocks = [(block, [_row(table, one) for one in block.competencies]) for block in frame.blocks]
    return render_template("jury/grid.html", table=table, blocks=blocks, levels=list(Level), **_progress(table.sheet))


@routes.post("/jury/<slug>/<candidate>/grille/<about>")
@session_role("jury")
def mark(slug: str, candidate: str, about: str) -> str | Response:
    """A mark. Asked by htmx while the grid is under way: whether it is saved, and how far the grid is."""
    page = url_for("jury.grid", slug=slug, candidate=candidate, _anchor=about)
    if not typed("level"):
        return render_template("jury/mark_saved.html", nothing=True) if by_htmx() else then(page)
    said = made(Mark, about=about, level=typed("level"), justification=typed("justification"), reason=typed("reason"))
    write(slug, candidate, said)
    sheet = open_sheet(slug, candidate)
    own = sheet.marking.grid(actor().who)
    if not by_htmx() or own.handed_in:
        return then(page)
    last = own.marks[about][-1]
    return render_template("jury/mark_saved.html", at=last.at, lacks=lacks_words(last.said), **_progress(sheet))


@routes.post("/jury/<slug>/<candidate>/grille/remise")
@session_role("jury")
def hand_in(slug: str, candidate: str) -> Response:
    """Hand the grid in."""
    write(slug, candidate, HandedIn())
    return then(url_for("jury.grid", slug=slug, candidate=candidate))


def _row(table: Table, competency: Competency) -> Row:
    return Row(_item(table, competency), [_item(table, one) for one in competency.criteria])


def _item(table: Table, about: Competency | Criterion) -> Item:
    return Item(about, table.sheet.proposals.get(about.id), table.grid.marks.get(about.id, ()))


def _progress(sheet: Sheet) -> dict[str, object]:
    """How far the grid is, for ``grid_progress.html``."""
    marking, frame, juror = sheet.marking, sheet.frame, actor().who
    return {
        "total": len(frame.competencies),
        "unmarked": unmarked(marking, frame, juror),
        "unexplained": unexplained(marking, juror),
    }
