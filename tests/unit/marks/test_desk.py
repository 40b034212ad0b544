"""Writing and reading marks with a real store: one transaction, and the proposal of the moment beside each mark."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from checkers.verdict import Outcome
from labs.text import Text
from orchestrator import golden_build
from orchestrator.exam import Refused
from orchestrator.exam.model import IncidentState, Verification
from orchestrator.marks.desk import write
from orchestrator.marks.documents import HandedIn, Mark
from orchestrator.marks.reading import as_data, of_candidate, of_session, stage
from orchestrator.marks.sheet import incident_results, read_sheet
from orchestrator.store import journal, records
from tests.unit.cli.conftest import CommandLine
from tests.unit.marks.room import MET, NINE, PARTLY, Room
from tests.unit.web.world import SLUG, SiteWorld


@pytest.fixture
def world(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[SiteWorld]:
    """Two candidates whose work is frozen."""
    monkeypatch.setattr(golden_build, "wait_calm", lambda *_args, **_more: True)
    made = SiteWorld(tmp_path)
    made.frozen()
    yield made
    made.close()


def test_a_mark_stands_beside_what_was_proposed_then(world: SiteWorld) -> None:
    with world.store.read() as tx:
        sheet = read_sheet(tx, world.desk.look(tx, SLUG), "c01")
    proposed = sheet.levels["BC02.C1"]
    assert sheet.number == 1
    # What a browser sends about the proposal is not believed.
    forged = Mark(about="BC02.C1", level=PARTLY, justification="vu", proposed=MET, judgement=7)
    write(world.desk, SLUG, "c01", forged, who="jury")
    with world.store.read() as tx:
        mark = of_candidate(tx, SLUG, "c01").grid("jury").mark("BC02.C1")
    assert mark is not None
    assert (mark.proposed, mark.judgement) == (proposed, 1)


def test_all_of_it_is_written_or_nothing(world: SiteWorld) -> None:
    with pytest.raises(Refused):
        write(world.desk, SLUG, "c01", Mark(about="BC02.C1", level=MET, justification="vu"), HandedIn(), who="jury")
    with world.store.read() as tx:
        assert of_session(tx, SLUG) == {}
        assert [one for one in journal.entries(tx, SLUG) if one.kind == "recorded"] == []


def test_the_same_words_do_not_have_the_same_hash_twice(world: SiteWorld) -> None:
    for candidate in ("c01", "c02"):
        write(world.desk, SLUG, candidate, Mark(about="BC01.C1", level=MET), who="jury")
    with world.store.read() as tx:
        first, second = (one for entries in records.of_session(tx, SLUG, "marks").values() for one in entries)
    assert first.digest != second.digest


def test_all_of_it_is_data_for_whoever_keeps_it() -> None:
    room = Room()
    room.agreed()
    room.decide()
    room.sign("bernard")
    data = json.loads(json.dumps(as_data(room.marking)))
    assert [grid["juror"] for grid in data["grids"]] == ["bernard", "durand"]
    assert data["grids"][0]["marks"]["BC01.C1"][0]["level"] == "met"
    assert data["decisions"][0]["signatures"][0]["who"] == "bernard"
    assert data["signed"] is False


def test_the_stages_of_a_candidate_are_told_in_order() -> None:
    room, told = Room(), []
    told.append(stage(room.marking))
    room.mark("bernard", "BC01.C1", MET)
    told.append(stage(room.marking))
    room.grid("bernard")
    told.append(stage(room.marking))
    room.grid("durand")
    told.append(stage(room.marking))
    for name in room.frame.competencies:
        room.common("bernard", name, MET)
    room.decide()
    told.append(stage(room.marking))
    room.common("bernard", "BC01.C1", PARTLY, "revu", reason="recours")
    told.append(stage(room.marking))
    room.decide(reason="recours")
    room.sign("bernard", "durand")
    told.append(stage(room.marking))
    assert [one.fr for one in told] == [
        "à évaluer",
        "en évaluation",
        "1 grille remise",
        "en délibération",
        "décision à signer",
        "décision à reprendre",
        "décision signée",
    ]


def test_the_command_line_shows_decisions_and_no_grid_under_way(world: SiteWorld) -> None:
    line = CommandLine(world.settings.data_dir)
    write(world.desk, SLUG, "c01", Mark(about="BC01.C1", level=MET, justification="entre nous"), who="jury")
    done = line.type("session", "decisions", SLUG, "--json")
    first, second = done.json["candidates"]
    assert (first["id"], first["stage"], first["grids"]) == ("c01", "en évaluation", [])
    assert second["stage"] == "à évaluer"
    assert "entre nous" not in done.out
    shown = line.type("session", "decisions", SLUG).out
    assert "Le Goff" in shown
    assert "évaluation" in shown


# --- what incidents prove
@pytest.mark.parametrize(
    ("outcome", "harm", "expected"),
    [
        ("solved", (), Outcome.PASS),
        ("solved", ("share",), Outcome.FAIL),
        ("solved", None, Outcome.INCONCLUSIVE),  # another incident was still there: nobody knows about harm
        ("unsolved", None, Outcome.FAIL),
        ("unclear", None, Outcome.INCONCLUSIVE),
        (None, None, Outcome.INCONCLUSIVE),  # never verified
    ],
)
def test_an_incident_is_evidence_by_its_last_verification(
    outcome: object, harm: tuple[str, ...] | None, expected: Outcome
) -> None:
    class Known:
        title, competency, criterion = "Le disque est plein", "BC01.C3", "BC01.C3.K4"

    done = [Verification(asked_at=NINE, done_at=NINE, outcome=outcome, harm=harm)] if outcome else []  # type: ignore[arg-type]
    first = Verification(asked_at=NINE, done_at=NINE, outcome="unsolved")
    states = [
        incident(1, failure=Text("x", "x"), state="failed"),
        incident(2, injected_at=NINE, state="ended", verifications=(first,)),
        incident(3, injected_at=NINE, state="injected", verifications=tuple(done)),
    ]
    (result,) = incident_results(states, {"full-disk": Known})  # type: ignore[dict-item]
    assert (result.id, result.competency, result.criterion) == ("full-disk", "BC01.C3", "BC01.C3.K4")
    assert result.outcome is expected


def test_an_incident_that_could_not_be_brought_about_proves_nothing() -> None:
    assert incident_results([incident(1, state="failed"), incident(2)], {"full-disk": object()}) == []  # type: ignore[dict-item]


def incident(number: int, **changes: object) -> IncidentState:
    values = {"incident": "full-disk", "request": False, "copy_number": 1, "asked_at": NINE, **changes}
    return IncidentState.model_validate({"number": number, **values})
