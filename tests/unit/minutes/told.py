"""Minutes of a session that is told command by command, without a store."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from orchestrator.catalog import open_lab
from orchestrator.exam.events import Event
from orchestrator.marks.documents import BlockDecision, Decision, HandedIn, Signed
from orchestrator.marks.fold import Decided, Grid, Marking, Version
from orchestrator.minutes.draw import Known, draw_up
from orchestrator.minutes.model import Minutes, Person
from orchestrator.store.exams import StoredCandidate
from orchestrator.store.journal import Entry
from tests.unit.exam.story import T0, Story, at

BY: dict[str, Any] = {"who": "claire"}

LAB = open_lab("tai-complet")

PEOPLE = {
    "c01": StoredCandidate(id="c01", surname="Le Goff", first_name="Anaïs", number="0001", birth_date=date(2001, 2, 3)),
    "c02": StoredCandidate(id="c02", surname="=Martin", first_name="Léo <b>", number="0002"),
    "c03": StoredCandidate(id="c03", surname="N'Diaye", first_name="Awa", number="0003"),
}


def entries(history: list[Event]) -> list[Entry]:
    """Events as the journal holds them."""
    return [
        Entry(
            session="juin",
            seq=number,
            at=event.at,
            recorded_at=event.at,
            who=event.who,
            kind=event.kind,
            candidate=event.candidate,
            why=event.why,
            data=json.loads(event.model_dump_json(exclude={"at", "who", "why", "candidate", "kind"})),
            prev_hash="",
            hash=f"{number:064x}",
        )
        for number, event in enumerate(history, start=1)
    ]


def minutes_of(story: Story, now: datetime = T0, **known: Any) -> Minutes:
    """The minutes of a story, as of a moment."""
    values: dict[str, Any] = {
        "exam": story.now,
        "entries": entries(story.history),
        "people": PEOPLE,
        "lab": LAB,
        "referential": LAB.referential,
        "supervisors": [Person(account="claire", name="Claire Lefèvre")],
        "jury": [Person(account="jean", name="Jean Moreau")],
        "marks": dict[str, Marking](),
        "simulated": False,
        "intact": True,
        "now": now,
        "drawn_up_at": now,
        "software": "0.1",
    }
    return draw_up(Known(**{**values, **known}))


def whys(minutes: Minutes) -> Mapping[str, str]:
    """What happened, in French, with its reason."""
    return {one.what.fr: one.why for one in minutes.happenings}


def decided(*signed: str) -> Marking:
    """What two jurors decided at minute 300: blocks 1 and 3; signed by some of them."""
    blocks = tuple(BlockDecision(block=f"BC0{n}", granted=n != 2, motivation="vu") for n in (1, 2, 3))
    grids = {
        who: Grid(who, handed_in=Version(number, at(290), who, "", HandedIn()))
        for number, who in enumerate(("jean", "sophie"), start=1)
    }
    signatures = {
        who: Version(4, at(301), who, "", Signed(decision=3, digest="d" * 64, name=who.title(), how="password"))
        for who in signed
    }
    version = Version(3, at(300), "jean", "", Decision(blocks=blocks, title="partial"))
    return Marking(grids=grids, decisions=(Decided(version, signatures),))
