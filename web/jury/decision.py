"""The deliberation: grids side by side, common marks, the decision on each block and on the title, signatures."""

from __future__ import annotations

from dataclasses import dataclass

from flask import render_template, url_for
from werkzeug.wrappers import Response

from checkers.proposal import Level, Proposal
from labs.errors import UsageError
from labs.referential import Block, Competency
from labs.text import Text
from orchestrator.marks.documents import CommonMark, Decision, JurorMissing, Mark, Signed, TitleDecision
from orchestrator.marks.fold import Versions
from orchestrator.marks.outcomes import block_outcome, common_needs_words, title_outcome
from orchestrator.marks.rules import common_lacks_words, undecided
from orchestrator.marks.words import TITLE_WORDS
from web.access import session_role
from web.auth.login import confirm
from web.jury.blueprint import routes
from web.jury.marking import Table, by_htmx, made, open_sheet, open_table, then, typed, write
from web.site import actor

TITLES: tuple[TitleDecision, ...] = ("granted", "partial", "refused")


@dataclass(frozen=True)
class Side:
    """A competency with all that was said of it: proposed, by each juror, in common."""

    competency: Competency
    proposal: Proposal | None
    jurors: dict[str, Versions[Mark]]
    common: Versions[CommonMark]
    lacks_words: bool

    @property
    def mark(self) -> CommonMark | None:
        """The common mark in force."""
        return self.common[-1].said if self.common else None

    @property
    def agreed(self) -> Level | None:
        """The level that all jurors gave; None where they differ."""
        levels = {versions[-1].said.level for versions in self.jurors.values()}
        return next(iter(levels)) if len(levels) == 1 else None

    def needs_words(self, level: Level) -> bool:
        """Whether this level would have to be justified."""
        jurors = [versions[-1].said.level for versions in self.jurors.values()]
        return common_needs_words(level, self.proposal.level if self.proposal else None, jurors)


@dataclass(frozen=True)
class BlockSide:
    """A block with what is proposed for it: by the machine, by each juror's marks, by the common marks."""

    block: Block
    machine: bool | None
    jurors: dict[str, bool | None]
    common: bool | None


@routes.get("/jury/<slug>/<candidate>/decision")
@session_role("jury")
def decision(slug: str, candidate: str) -> str:
    """The deliberation as it stands, for who may see it."""
    table = open_table(slug, candidate)
    marking, frame = table.sheet.marking, table.sheet.frame
    blocks = [_block(table, block) for block in frame.blocks]
    return render_template(
        "jury/decision.html",
        table=table,
        marking=marking,
        may_see=table.grid.handed_in is not None or marking.settled,
        sides=[(block, [_side(table, one) for one in block.competencies]) for block in frame.blocks],
        blocks=blocks,
        title=title_outcome([one.common for one in blocks]),
        titles=[(name, TITLE_WORDS[name]) for name in TITLES],
        title_words=TITLE_WORDS,
        levels=list(Level),
        undecided=undecided(marking, frame),
        marked_criteria={about for name in marking.jurors for about in marking.grid(name).marks},
        seen=marking.basis,
    )


@routes.post("/jury/<slug>/<candidate>/decision/sans-second")
@session_role("jury")
def alone(slug: str, candidate: str) -> Response:
    """Go on with one grid, and say why."""
    if not typed("reason").strip():
        raise _missing(Text("Dites pourquoi il n'y a qu'une grille.", "Say why there is only one grid."))
    write(slug, candidate, made(JurorMissing, reason=typed("reason")))
    return then(_page(slug, candidate))


@routes.post("/jury/<slug>/<candidate>/decision/commune/<about>")
@session_role("jury")
def common(slug: str, candidate: str, about: str) -> str | Response:
    """A common mark. Asked by htmx before there is a decision: whether it is saved."""
    if not typed("level"):
        return render_template("jury/mark_saved.html", nothing=True) if by_htmx() else then(_page(slug, candidate))
    said = made(
        CommonMark, about=about, level=typed("level"), justification=typed("justification"), reason=typed("reason")
    )
    write(slug, candidate, said)
    sheet = open_sheet(slug, candidate)
    marking = sheet.marking
    if not by_htmx() or marking.decisions:
        return then(_page(slug, candidate))
    last = marking.common[about][-1]
    return render_template(
        "jury/common_saved.html",
        at=last.at,
        lacks=common_lacks_words(marking, last.said),
        page=_page(slug, candidate),
        undecided=undecided(marking, sheet.frame),
        seen=marking.basis,
    )


@routes.post("/jury/<slug>/<candidate>/decision/accords")
@session_role("jury")
def agree(slug: str, candidate: str) -> Response:
    """Take over in common what all jurors marked alike, with their words, where there is no common mark yet."""
    table = open_table(slug, candidate)
    sides = [_side(table, one) for one in table.sheet.frame.competencies.values()]
    write(slug, candidate, *(_taken_over(side) for side in sides if side.agreed and not side.common))
    return then(_page(slug, candidate))


@routes.post("/jury/<slug>/<candidate>/decision")
@session_role("jury")
def decide(slug: str, candidate: str) -> Response:
    """Take a decision, or revise it."""
    sheet = open_sheet(slug, candidate)
    marking, frame = sheet.marking, sheet.frame
    answers = {block.id: typed(f"{block.id}-granted") for block in frame.blocks}
    if not all(answers.values()) or (frame.decides_title and not typed("title")):
        raise _missing(Text("Décidez de chaque bloc, et du titre.", "Decide on each block, and on the title."))
    read = typed("seen") == str(marking.basis)  # else the rules say that the marks have changed
    said = made(
        Decision,
        blocks=[
            {"block": name, "granted": answer == "yes", "motivation": typed(f"{name}-motivation")}
            for name, answer in answers.items()
        ],
        title=typed("title") or None,
        motivation=typed("motivation"),
        levels={name: level for name, level in marking.levels.items() if read and name in frame.competencies},
        reason=typed("reason"),
    )
    write(slug, candidate, said)
    return then(_page(slug, candidate))


@routes.post("/jury/<slug>/<candidate>/decision/signature")
@session_role("jury")
def sign(slug: str, candidate: str) -> Response:
    """Sign the decision that was read: with the password again, or, where the account has none, with one's name."""
    account = actor().account
    assert account is not None  # noqa: S101 - the rule
    if account.password is not None:
        confirm(typed("password"))
    elif typed("name").strip().casefold() != account.name.strip().casefold():
        raise _missing(Text("Le nom saisi n'est pas le vôtre.", "The name typed is not yours."))
    said = made(
        Signed,
        decision=typed("decision"),
        digest=typed("digest"),
        name=account.name,
        how="name" if account.password is None else "password",
    )
    write(slug, candidate, said)
    return then(_page(slug, candidate))


def _page(slug: str, candidate: str) -> str:
    return url_for("jury.decision", slug=slug, candidate=candidate)


def _missing(what: Text) -> UsageError:
    return UsageError(what, do=Text("Complétez, puis recommencez.", "Complete it, then try again."))


def _side(table: Table, competency: Competency) -> Side:
    marking = table.sheet.marking
    grids = {name: marking.grid(name).marks for name in marking.jurors}
    jurors = {name: marks[competency.id] for name, marks in grids.items() if competency.id in marks}
    versions = marking.common.get(competency.id, ())
    lacks = bool(versions) and common_lacks_words(marking, versions[-1].said)
    return Side(competency, table.sheet.proposals.get(competency.id), jurors, versions, lacks)


def _block(table: Table, block: Block) -> BlockSide:
    marking = table.sheet.marking
    jurors = {name: block_outcome(block, marking.grid(name).levels) for name in marking.jurors}
    return BlockSide(block, block_outcome(block, table.sheet.levels), jurors, block_outcome(block, marking.levels))


def _taken_over(side: Side) -> CommonMark:
    words = [versions[-1].said.justification for versions in side.jurors.values()]
    return made(
        CommonMark,
        about=side.competency.id,
        level=side.agreed,
        justification="\n".join(dict.fromkeys(filter(None, words)))[:4000],
    )
