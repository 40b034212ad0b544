"""Books: what is written stands in the store and, as a hash, in the journal; or in neither."""

from __future__ import annotations

import hashlib

import pytest
from pydantic import BaseModel

from orchestrator.engine.recording import record
from orchestrator.exam import Refused, commands, events
from orchestrator.store import records
from tests.unit.engine.world import SLUG, World


class Note(BaseModel):
    text: str


def write(world: World, text: str, candidate: str = "c01") -> records.Record:
    with world.store.write() as tx:
        return record(world.desk, tx, SLUG, candidate, "marks", "note", Note(text=text), who="durand")


def test_the_journal_names_what_was_written_by_its_hash_only(frozen: World) -> None:
    assert [write(frozen, text).number for text in ("née à Quimper", "calme")] == [1, 2]
    with frozen.store.read() as tx:
        kept = records.every(tx, SLUG, "c01", "marks")
    told = [event for event in frozen.history() if isinstance(event, events.Recorded)]
    assert [one.document for one in kept] == ['{"text":"née à Quimper"}', '{"text":"calme"}']
    assert [event.digest for event in told] == [hashlib.sha256(one.document.encode()).hexdigest() for one in kept]
    assert [(event.who, event.at, event.number) for event in told] == [(one.who, one.at, one.number) for one in kept]
    assert all("Quimper" not in event.model_dump_json() for event in told)
    frozen.sound()


def test_what_is_refused_leaves_nothing(frozen: World) -> None:
    with pytest.raises(Refused):
        write(frozen, "personne", "c09")
    frozen.do(
        commands.Close(who="dupont"), commands.Seal((("c01", "d" * 64), ("c02", "e" * 64)), "f" * 64, who="dupont")
    )
    with pytest.raises(Refused):
        write(frozen, "trop tard")
    with frozen.store.read() as tx:
        assert records.of_session(tx, SLUG, "marks") == {}
