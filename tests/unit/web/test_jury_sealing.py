"""Sealing from the browser: asked for once, done by a job, and the dossiers taken as files."""

from __future__ import annotations

import pytest

from orchestrator.dossier.files import dossier_file
from orchestrator.dossier.manifest import open_dossier
from orchestrator.dossier.sealing import seal_session
from orchestrator.engine import jobs
from orchestrator.engine.jobs import Order
from orchestrator.exam import commands
from orchestrator.sealed.keys import ensure_key
from orchestrator.store import audit
from tests.unit.web.world import SLUG, SiteWorld

PAGE = f"/jury/{SLUG}/sceau"


@pytest.fixture
def closed(world: SiteWorld) -> SiteWorld:
    world.frozen()
    world.do(commands.OpenJury(who="boss"), commands.Close(who="boss"))
    world.passes()
    return world


def page(world: SiteWorld, who: str = "jury") -> str:
    answer = world.browser(who).get(PAGE)
    assert answer.status_code == 200
    return answer.get_data(as_text=True)


def test_before_the_closing_there_is_nothing_to_seal(world: SiteWorld) -> None:
    assert "n’est pas close" in page(world)
    answer = world.browser("jury").get(f"/jury/{SLUG}/c01/dossier")
    assert answer.headers["Location"].endswith(PAGE)


def test_who_has_no_signed_decision_is_named_and_the_reason_is_asked_for(closed: SiteWorld) -> None:
    shown = page(closed)
    assert "Le Goff Anaïs" in shown
    assert "Martin Léo" in shown
    assert ensure_key(closed.settings.data_dir).public.spelt in shown
    assert closed.browser("jury").post(PAGE, {"force": "y", "why": " "}).status_code == 400
    assert closed.jobs.asked == []
    answer = closed.browser("jury").post(PAGE, {"force": "y", "why": "jury d'essai"})
    assert (answer.status_code, answer.headers["Location"]) == (303, PAGE)
    assert closed.jobs.asked == [(f"seal {SLUG} jury d'essai True", "jury")]


def test_what_kept_it_from_being_sealed_is_told(closed: SiteWorld) -> None:
    jobs.do(Order(settings=closed.settings, simulated=True, who="jury", slug=SLUG, what="seal"))
    shown = page(closed)
    assert "Il manque de quoi sceller" in shown
    assert "c01" in shown
    assert closed.exam().state == "closed"


def test_a_sealed_dossier_is_taken_in_the_bytes_that_were_sealed(closed: SiteWorld) -> None:
    order = Order(settings=closed.settings, simulated=True, who="jury", slug=SLUG, what="seal")
    jobs.do(order.model_copy(update={"why": "jury d'essai", "force": True}))
    assert closed.exam().state == "sealed"
    assert f"/jury/{SLUG}/c01/dossier" in page(closed, "supervisor")
    answer = closed.browser("jury").get(f"/jury/{SLUG}/c01/dossier")
    assert answer.headers["Content-Disposition"] == f"attachment; filename={SLUG}-c01.zip"
    key = ensure_key(closed.settings.data_dir).public
    assert open_dossier(answer.get_data(), [key]).manifest.candidate == "c01"
    with closed.store.read() as tx:
        assert [one.about for one in audit.latest(tx, 10) if one.what == "dossier-taken"] == [f"{SLUG}/c01"]
    assert closed.browser("jury").get(f"/jury/{SLUG}/c09/dossier").status_code == 404


def test_a_purge_removes_the_dossiers(closed: SiteWorld) -> None:
    files = seal_session(closed.desk, closed.settings, SLUG, who="jury", why="essai", force=True)
    closed.desk.purge(SLUG, commands.Purge(who="boss", why="essai"), early=True)
    closed.passes()
    assert not any(path.exists() for path in files)
    assert not dossier_file(closed.settings, SLUG, "c01").parent.exists()
    assert "purgée" in page(closed)
