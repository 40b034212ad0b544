"""The jury's hour: phases begun and ended from the page, two members who act at once, the copy, what comes next."""

from __future__ import annotations

import json
import re
from datetime import timedelta
from pathlib import Path

from orchestrator.exam import commands
from orchestrator.store import journal
from tests.unit.web.service_desk import write_lab_with_incident
from tests.unit.web.test_jury import text
from tests.unit.web.world import JURY_ONLY, SLUG, Browser, SiteWorld

PAGE = f"/jury/{SLUG}/c01"
HOUR = f"{PAGE}/heure"
PREPARATION, MACHINES, INTERVIEW = 1, 2, 3


def begin(browser: Browser, phase: int, address: str = HOUR, **given: object) -> int:
    return browser.post(f"{address}/commencer", {"phase": phase, **given}).status_code


def version(page: str) -> str:
    found = re.search(r"etat\?vu=([0-9a-f]+)", page)
    assert found
    return found[1]


def test_the_page_leads_from_one_phase_to_the_next(frozen: SiteWorld, jury: Browser) -> None:
    assert "Ensuite\xa0: Prise de connaissance" in text(jury, HOUR)
    assert begin(jury, PREPARATION) == 303
    page = text(jury, HOUR)
    assert "Terminer, et commencer\xa0: Étape 2" in page
    assert "data-clock" in page
    frozen.clock.advance(timedelta(minutes=16))
    assert begin(jury, MACHINES, end=1) == 303
    taken = frozen.exam().candidates["c01"].phases
    assert [(one.index, one.ended_at is None) for one in taken] == [(PREPARATION, False), (MACHINES, True)]
    page = text(jury, HOUR)
    assert ">+ 1\xa0min<" in page or ">+ 1 min<" in page
    begin(jury, INTERVIEW, end=2)
    assert jury.post(f"{HOUR}/terminer", {"number": 3}).status_code == 303
    assert "Toutes les phases ont eu lieu" in text(jury, HOUR)
    with frozen.store.read() as tx:
        told = [(one.kind, one.who) for one in journal.entries(tx, SLUG) if one.kind.startswith(("phase", "jury"))]
    assert told == [("jury-opened", "jury"), *[("phase-begun", "jury"), ("phase-ended", "jury")] * 3]


def test_a_phase_is_begun_again_for_a_reason(frozen: SiteWorld, jury: Browser) -> None:
    begin(jury, PREPARATION)
    jury.post(f"{HOUR}/terminer", {"number": 1})
    assert begin(jury, PREPARATION) == 409
    assert begin(jury, PREPARATION, why="alerte incendie") == 303
    assert len(frozen.exam().candidates["c01"].phases) == 2


def test_who_comes_second_ends_and_begins_nothing(frozen: SiteWorld, jury: Browser) -> None:
    begin(jury, PREPARATION)
    begin(jury, MACHINES, end=1)
    assert jury.post(f"{HOUR}/terminer", {"number": 1}).status_code == 409
    assert begin(jury, MACHINES, end=1) == 409
    assert [one.index for one in frozen.exam().candidates["c01"].phases] == [PREPARATION, MACHINES]
    for nonsense in ({"phase": "0"}, {"phase": "x"}, {"phase": "99999999999999999999"}, {}):
        assert jury.post(f"{HOUR}/commencer", nonsense).status_code == 409


def test_the_page_hears_of_changes_and_else_only_of_the_time(frozen: SiteWorld, jury: Browser) -> None:
    begin(jury, PREPARATION)
    seen = version(text(jury, HOUR))
    frozen.clock.advance(timedelta(seconds=90))
    quiet = jury.get(f"{HOUR}/etat?vu={seen}")
    assert quiet.status_code == 204
    assert json.loads(quiet.headers["HX-Trigger"]) == {"hour-clock": {"lasted": 90.0}}
    frozen.do(commands.OpenCopy(candidate="c01", who="boss"))
    changed = text(jury, f"{HOUR}/etat?vu={seen}")
    assert "se prépare" in changed
    assert version(changed) != seen


def test_the_copy_is_opened_and_closed_from_the_page(frozen: SiteWorld, jury: Browser) -> None:
    assert jury.post(f"{PAGE}/copie", {"hour": "1"}).headers["Location"].endswith(HOUR)
    frozen.passes()
    assert f"{PAGE}/copie/fermer" in text(jury, HOUR)
    assert jury.post(f"{PAGE}/copie/fermer", {"hour": "1"}).headers["Location"].endswith(HOUR)


def test_who_is_at_work_has_nothing_to_begin(world: SiteWorld) -> None:
    world.started()
    page = text(world.browser("jury"), HOUR)
    assert "Rien à commencer maintenant" in page
    assert "heure/commencer" not in page


def test_the_way_to_the_page(frozen: SiteWorld, jury: Browser) -> None:
    for address in (f"/jury/{SLUG}/", PAGE, f"{PAGE}/copie"):
        assert f'href="{HOUR}"' in text(jury, address)
    begin(jury, PREPARATION)
    assert "Prise de connaissance" in text(jury, f"/jury/{SLUG}/")
    text(jury, f"/jury/{SLUG}/c99/heure", 404)


def test_a_format_without_a_practical_has_the_hour_and_no_evidence(world: SiteWorld) -> None:
    world.jury_only()
    jury, page = world.browser("jury"), f"/jury/{JURY_ONLY}/c01"
    assert "rien n’est relevé" in text(jury, page)
    assert "rien n’est relevé" in text(jury, f"/jury/{JURY_ONLY}/")
    assert "/copie" not in text(jury, f"{page}/heure")
    assert begin(jury, 0, f"{page}/heure") == 303
    assert world.exam(JURY_ONLY).state == "jury"
    assert "phase «" in text(jury, page)


def test_an_incident_in_the_copy_lacks_its_ticket_until_that_is_opened(tmp_path: Path) -> None:
    world = SiteWorld(tmp_path, lab=str(write_lab_with_incident(tmp_path / "lab")))
    world.frozen()
    world.do(commands.OpenCopy(candidate="c01", who="jury"))
    world.passes()
    jury = world.browser("jury")
    begin(jury, MACHINES)
    world.do(commands.AskIncident(candidate="c01", incident="name-lost", who="jury"))
    assert "Ouvrir son ticket" not in text(jury, HOUR)
    world.do(commands.IncidentInjected(candidate="c01", number=1, breaking_s=1, seeing_s=1))
    seen = text(jury, HOUR)
    assert "Somebody renamed the client" in seen
    assert "Ouvrir son ticket" in seen
    form = dict(re.findall(r'name="(hour|seen|incident)" value="([^"]*)"', seen))
    answer = jury.post(f"{PAGE}/tickets", form)
    assert (answer.status_code, answer.location) == (303, HOUR)
    assert jury.post(f"{PAGE}/tickets", form).status_code == 303  # pressed twice
    page = text(jury, f"{HOUR}/etat?vu={version(seen)}")
    assert "Ouvrir son ticket" not in page
    assert page.count("Nobody finds my computer") == 1
    assert "Nouveau" in page
    world.close()
