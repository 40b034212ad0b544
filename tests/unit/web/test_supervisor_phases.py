"""Phases without the jury, from the supervisor's sheet; those with the jury are none of theirs."""

from __future__ import annotations

from orchestrator.exam import commands
from tests.unit.web.world import SLUG, SiteWorld

SHEET = f"/surveillance/{SLUG}/c01"
PREPARATION, MACHINES = 1, 2


def test_the_preparation_is_begun_and_ended_from_the_sheet(world: SiteWorld) -> None:
    world.frozen()
    supervisor = world.browser("supervisor")

    def sheet() -> str:
        return supervisor.get(SHEET).get_data(as_text=True)

    assert "Commencer\xa0: Prise de connaissance" in sheet()
    assert supervisor.post(f"{SHEET}/phase", {"phase": PREPARATION}).status_code == 303
    assert world.exam().state == "jury"
    assert "Terminer\xa0: Prise de connaissance" in sheet()
    assert supervisor.post(f"{SHEET}/phase", {"number": 1}).status_code == 303
    assert "Phase sans le jury" not in sheet()
    assert supervisor.post(f"{SHEET}/phase", {"phase": PREPARATION}).status_code == 409  # again: the jury's to decide


def test_a_phase_with_the_jury_is_neither_begun_nor_ended_by_a_supervisor(world: SiteWorld) -> None:
    world.frozen()
    supervisor = world.browser("supervisor")
    assert supervisor.post(f"{SHEET}/phase", {"phase": MACHINES}).status_code == 404
    world.do(commands.BeginPhase(candidate="c01", phase=MACHINES, who="jury"))
    assert "Phase sans le jury" not in supervisor.get(SHEET).get_data(as_text=True)
    for nonsense in ({"number": 1}, {"number": 2}, {"number": -1}, {"phase": 99}, {"phase": "x"}, {}):
        assert supervisor.post(f"{SHEET}/phase", nonsense).status_code == 404, nonsense
    assert world.exam().candidates["c01"].under_way is not None
    assert supervisor.post(f"/surveillance/{SLUG}/c99/phase", {"phase": PREPARATION}).status_code == 404


def test_nobody_at_work_has_a_phase_to_begin(world: SiteWorld) -> None:
    world.started()
    supervisor = world.browser("supervisor")
    assert "Phase sans le jury" not in supervisor.get(SHEET).get_data(as_text=True)
    assert supervisor.post(f"{SHEET}/phase", {"phase": PREPARATION}).status_code == 409
