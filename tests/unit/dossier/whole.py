"""A whole exam of one candidate: judged, an incident injected and repaired, a ticket, two jurors, a signed decision."""

from __future__ import annotations

from pathlib import Path

from checkers.proposal import Level
from orchestrator.engine.recording import record
from orchestrator.exam import commands
from orchestrator.marks.desk import write
from orchestrator.marks.documents import BlockDecision, CommonMark, Decision, Document, HandedIn, Mark, Note, Signed
from orchestrator.marks.sheet import read_sheet
from orchestrator.store import accounts, seats
from orchestrator.store.accounts import Account
from tests.unit.engine.test_incidents import Hour, begin, freeze
from tests.unit.engine.world import NINE, SLUG, World
from tests.unit.tickets import desk as words

JURORS = {"bernard": "Claire Bernard", "durand": "Paul Durand"}
WHY = "Vu avec le candidat : la démarche est juste, la preuve manque.\nSeconde ligne."


def whole_exam(root: Path) -> World:
    """The session, closed, ready to be sealed."""
    hour = begin(root)
    freeze(hour)
    world = hour.world
    world.do(commands.OpenJury(who="dupont"))
    _incident(hour.opened())
    _ticket(world)
    with world.store.write() as tx:
        for name, spelt in JURORS.items():
            accounts.create(tx, Account(id=name, name=spelt, roles=("jury",), created_at=NINE, password="x"))
        accounts.entrust(tx, SLUG, "jury", list(JURORS))
        seats.put(tx, SLUG, "c01", notes="Tout est fait sauf le VPN.\nLe reste est dans l'enveloppe.")
    _marks(world)
    world.do(commands.CloseCopy(candidate="c01", who="durand"))
    world.passes()
    world.do(commands.Close(who="dupont"))
    world.passes()
    return world


def _incident(hour: Hour) -> None:
    hour.inject("client-lost")
    hour.look()
    hour.rename("client", "desk")
    hour.look()


def _ticket(world: World) -> None:
    said = (words.OPENED, words.TAKEN, words.QUALIFIED, words.ASKED, words.ANSWERED, words.STEP, words.SOLVED)
    with world.store.write() as tx:
        for one in (*said, words.KNOWLEDGE, words.CLOSED):
            who = "durand" if one.what == "opened" else f"{SLUG}/c01"
            record(world.desk, tx, SLUG, "c01", "tickets", one.what, one, who=who)


def _marks(world: World) -> None:
    with world.store.read() as tx:
        frame = read_sheet(tx, world.desk.look(tx, SLUG), "c01").frame
    for number, juror in enumerate(JURORS):
        level = (Level.MET, Level.PARTLY)[number]
        marks: list[Document] = [Mark(about=name, level=level, justification=WHY) for name in frame.competencies]
        _say(world, juror, *marks, Note(about="general", text=f"Note de {juror} <b>"), HandedIn())
    _say(world, "durand", *(CommonMark(about=name, level=Level.MET, justification=WHY) for name in frame.competencies))
    blocks = tuple(BlockDecision(block=one.id, granted=True, motivation=WHY) for one in frame.blocks)
    levels = dict.fromkeys(frame.competencies, Level.MET)
    title = "granted" if frame.decides_title else None
    decided = write(
        world.desk, SLUG, "c01", Decision(blocks=blocks, title=title, motivation=WHY, levels=levels), who="durand"
    )[0]
    for juror, name in JURORS.items():
        _say(world, juror, Signed(decision=decided.number, digest=decided.digest, name=name, how="password"))


def _say(world: World, juror: str, *documents: Document) -> None:
    write(world.desk, SLUG, "c01", *documents, who=juror)
