"""What is handed on after an exam: minutes as PDF, results as CSV; the jury has both, too."""

from __future__ import annotations

from orchestrator.store import audit
from tests.unit.web.world import SLUG, SiteWorld

WALL = f"/surveillance/{SLUG}/"


def test_minutes_are_a_draft_with_the_room_that_was_typed(world: SiteWorld) -> None:
    world.started()
    answer = world.browser("supervisor").get(f"{WALL}proces-verbal.pdf?lieu=Salle+204")
    assert answer.mimetype == "application/pdf"
    assert answer.data.startswith(b"%PDF-")
    assert f"{SLUG}-proces-verbal.pdf" in answer.headers["Content-Disposition"]


def test_results_have_a_row_for_each_candidate_and_are_noted(world: SiteWorld) -> None:
    world.frozen()
    answer = world.browser("jury").get(f"{WALL}resultats-jury.csv")
    head, *rows = answer.data.decode("utf-8-sig").splitlines()
    assert "Titre" in head
    assert [row.split(";")[3] for row in rows] == ["Le Goff", "Martin"]
    assert all(row.split(";")[0] == "SIMULATION" for row in rows)
    with world.store.read() as tx:
        assert audit.latest(tx, 1)[0].what == "results-exported"


def test_the_wall_and_the_jury_lead_there(world: SiteWorld) -> None:
    for actor, page in (("supervisor", WALL), ("jury", f"/jury/{SLUG}/")):
        shown = world.browser(actor).get(page).get_data(as_text=True)
        for address in ("proces-verbal.pdf", "resultats-jury.csv"):
            assert f"{WALL}{address}" in shown, (actor, address)
