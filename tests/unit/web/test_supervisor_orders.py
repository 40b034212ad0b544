"""Orders from the site: they are those of the desk, journalled with who and why, and a refusal says why."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from werkzeug.test import TestResponse

from orchestrator.exam import Sitting, commands
from orchestrator.store import audit, journal, logins, seats
from tests.unit.web.world import SLUG, SiteWorld
from web.site import NAME, now
from web.supervisor.orders import ONE, ROOM

WALL = f"/surveillance/{SLUG}/"
WHY = {"why": "alerte incendie"}


def room(world: SiteWorld, order: str, **data: Any) -> TestResponse:
    return world.browser("supervisor").post(f"{WALL}ordres/{order}", data)


def one(world: SiteWorld, order: str, candidate: str = "c01", **data: Any) -> TestResponse:
    return world.browser("supervisor").post(f"{WALL}{candidate}/ordres/{order}", data)


def sitting(world: SiteWorld, candidate: str = "c01") -> Sitting:
    return world.exam().candidates[candidate]


def last(world: SiteWorld) -> tuple[str, str, str, str | None]:
    with world.store.read() as tx:
        entry = journal.entries(tx, SLUG)[-1]
    return entry.kind, entry.who, entry.why, entry.candidate


def test_preparing_is_asked_for_in_the_name_of_who_asked(world: SiteWorld) -> None:
    assert world.browser("supervisor").post(f"{WALL}preparer").status_code == 302
    assert world.jobs.asked == [(SLUG, "supervisor")]


def test_every_order_about_the_room(world: SiteWorld) -> None:
    world.do(commands.Prepare(who="boss"))
    world.passes()
    assert room(world, "demarrer").status_code == 302
    assert {one_.state for one_ in world.exam().candidates.values()} == {"running"}
    room(world, "pause", **WHY)
    assert world.exam().room_paused
    assert last(world)[:3] == ("candidate-paused", "supervisor", "alerte incendie")
    room(world, "reprise")
    assert not world.exam().room_paused
    room(world, "prolonger", minutes="10", **WHY)
    assert sitting(world).clock.extended_s == 600
    room(world, "reprendre-du-temps", minutes="2,5", **WHY)
    assert sitting(world).clock.extended_s == 450
    room(world, "figer", **WHY)
    world.passes()
    assert world.exam().state == "frozen"
    room(world, "jury")
    assert world.exam().state == "jury"
    room(world, "clore", **WHY)
    assert world.exam().state == "closed"
    assert room(world, "purger").status_code == 404  # must be kept for a year
    assert room(world, "purger", early="on").status_code == 400  # needs a reason
    assert world.exam().state == "closed"
    assert room(world, "purger", early="on", **WHY).status_code == 302
    assert world.exam().state == "purged"
    assert world.browser("supervisor").get(WALL).status_code == 200
    assert world.browser("supervisor").get(f"{WALL}c01").status_code == 200
    assert ("", "supervisor") in world.jobs.asked  # a service carries it out


def test_every_order_about_a_candidate(world: SiteWorld) -> None:
    world.do(commands.Prepare(who="boss"))
    world.passes()
    one(world, "absent", why="pas venu")
    assert sitting(world).state == "absent"
    one(world, "retour")
    assert sitting(world).state == "ready"
    assert one(world, "demarrer").headers["Location"] == f"{WALL}c01"
    assert (sitting(world).state, sitting(world, "c02").state) == ("running", "ready")
    one(world, "pause", **WHY)
    assert last(world) == ("candidate-paused", "supervisor", "alerte incendie", "c01")
    one(world, "deplacer", seat="B7", why="écran")
    assert sitting(world).seat == "B7"
    one(world, "reprise")
    one(world, "prolonger", minutes="5", **WHY)
    one(world, "reprendre-du-temps", minutes="1", **WHY)
    assert sitting(world).clock.extended_s == 240
    one(world, "reinitialiser", machine="client", to="start", **WHY)
    asked = sitting(world).reset
    assert asked is not None
    assert (asked.machine, asked.to) == ("client", "start")
    world.passes()
    one(world, "reinitialiser", machine="", to="a1", **WHY)
    asked = sitting(world).reset
    assert asked is not None
    assert (asked.machine, asked.to) == (None, "a1")
    world.passes()
    one(world, "rendre")
    assert sitting(world).finished_early
    assert one(world, "desinscrire", "c02", **WHY).status_code == 409  # under way
    one(world, "demarrer", "c02")
    one(world, "figer", "c02", **WHY)
    assert sitting(world, "c02").state == "ended"


def test_another_host_where_there_are_several(world: SiteWorld) -> None:
    world.started()
    one(world, "pause", **WHY)
    assert "changer-d-hote" not in world.browser("supervisor").get(f"{WALL}c01").get_data(as_text=True)
    two = world.settings.model_copy(update={"hosts": {"local": "test:///a", "sud": "test:///b"}})
    world.app.extensions[NAME] = replace(world.app.extensions[NAME], settings=two)
    assert "changer-d-hote" in world.browser("supervisor").get(f"{WALL}c01").get_data(as_text=True)
    answer = one(world, "changer-d-hote", host="nord", **WHY)
    assert answer.status_code == 400
    assert "est inconnu" in answer.get_data(as_text=True)
    assert one(world, "changer-d-hote", host="sud", **WHY).status_code == 302
    assert sitting(world).host == "sud"


def test_withdrawing_before_the_exam(world: SiteWorld) -> None:
    one(world, "desinscrire", "c02", **WHY)
    assert sitting(world, "c02").state == "withdrawn"


REFUSED: list[tuple[str, dict[str, str], int, str]] = [
    ("reprise", {}, 409, "Impossible de reprendre"),
    ("pause", {}, 409, "il manque le motif"),
    ("pause", {"why": "   "}, 409, "il manque le motif"),
    ("prolonger", {"minutes": "5"}, 409, "il manque le motif"),
    ("prolonger", {"minutes": "beaucoup", **WHY}, 400, "minutes"),
    ("prolonger", {"minutes": "nan", **WHY}, 400, "minutes"),
    ("prolonger", {"minutes": "inf", **WHY}, 400, "minutes"),
    ("prolonger", {"minutes": "-5", **WHY}, 400, "minutes"),
    ("prolonger", {"minutes": "481", **WHY}, 400, "minutes"),
    ("reprendre-du-temps", {"minutes": "5", **WHY}, 409, "plus que le temps"),
    ("reinitialiser", {"machine": "rm", **WHY}, 409, "pas de machine"),
    ("reinitialiser", {"machine": "client", "to": "../..", **WHY}, 409, "pas de reprise"),
    ("deplacer", {"seat": "A2"}, 409, "la place est celle"),
    ("deplacer", {"seat": ""}, 409, "rien ne changerait"),
    ("demarrer", {}, 409, "Impossible de démarrer"),
    ("pause", {"why": "x" * 501}, 409, "motif"),
]


def test_a_refusal_says_why_and_changes_nothing(world: SiteWorld) -> None:
    world.started()
    before = world.exam()
    for order, data, status, said in REFUSED:
        answer = one(world, order, **data)
        page = answer.get_data(as_text=True)
        assert answer.status_code == status, (order, data)
        assert said in page, (order, data)
        assert "Le Goff" in page  # the sheet stays where it is
        assert world.exam() == before, (order, data)


def test_what_was_typed_is_kept_when_an_order_is_refused(world: SiteWorld) -> None:
    world.started()
    page = one(world, "prolonger", minutes="481", why="panne de secteur").get_data(as_text=True)
    assert 'value="panne de secteur"' in page
    assert 'value="481"' in page


def test_a_refusal_about_the_room_stands_on_the_wall_with_what_was_typed(world: SiteWorld) -> None:
    world.started()
    answer = room(world, "prolonger", minutes="999", why="panne de secteur")
    page = answer.get_data(as_text=True)
    assert answer.status_code == 400
    assert 'value="panne de secteur"' in page
    assert 'id="tile-c01"' in page


def test_after_the_bell_nothing_is_changed_any_more(world: SiteWorld) -> None:
    world.started()
    world.clock.advance(timedelta(hours=2))
    answer = one(world, "prolonger", minutes="5", **WHY)
    assert answer.status_code == 409
    assert "est écoulé" in answer.get_data(as_text=True)


@pytest.mark.parametrize("address", [f"{WALL}ordres/sceller", f"{WALL}c01/ordres/jury", f"{WALL}c99/ordres/pause"])
def test_there_are_no_other_orders_and_no_other_candidates(world: SiteWorld, address: str) -> None:
    assert world.browser("supervisor").post(address, WHY).status_code in (404, 409)


def test_what_is_dangerous_asks_once_and_what_needs_a_reason_asks_for_it(world: SiteWorld) -> None:
    for order in (*ROOM.values(), *ONE.values()):
        assert order.question is not None, order.name
        if order.needs_reason:
            assert "why" in order.fields
    world.started()
    for address in (WALL, f"{WALL}c01"):
        page = world.browser("supervisor").get(address).get_data(as_text=True)
        for form in page.split('<form method="post" action="/surveillance/')[1:]:
            assert "data-confirm=" in form.split(">")[0] or "/service" in form.split(">")[0]


def test_only_what_can_be_ordered_now_is_offered_and_the_rest_says_why_not(world: SiteWorld) -> None:
    def offered() -> set[str]:
        page = world.browser("supervisor").get(f"{WALL}ordres").get_data(as_text=True)
        return {name for name in ROOM if f'action="{WALL}ordres/{name}"' in page}

    assert offered() == {"clore"}
    world.do(commands.Prepare(who="boss"))
    world.passes()
    assert offered() == {"demarrer", "clore"}
    world.do(commands.Start(who="boss"))
    assert offered() == {"pause", "prolonger", "figer"}
    assert "Impossible de clore" in world.browser("supervisor").get(WALL).get_data(as_text=True)


# --- seats and hands
def test_a_seat_is_freed_for_another_screen(world: SiteWorld) -> None:
    candidate, supervisor = world.browser("candidate"), world.browser("supervisor")
    assert candidate.get("/poste").status_code == 200
    code = world.code("c01")
    assert "Installé depuis" in supervisor.get(f"{WALL}c01").get_data(as_text=True)
    supervisor.post(f"{WALL}c01/place")
    assert candidate.get("/poste").status_code == 302
    assert world.code("c01") == code
    with world.store.read() as tx:
        assert logins.active_at(tx, SLUG, "c01") == []
        deed = audit.latest(tx, 1)[0]
    assert (deed.what, deed.who, deed.about) == ("seat-freed", "supervisor", f"{SLUG}/c01")


def test_another_code_shuts_the_old_one(world: SiteWorld) -> None:
    old = world.code("c01")
    world.browser("supervisor").post(f"{WALL}c01/place", {"renew": "1"})
    assert world.code("c01") != old
    with world.store.read() as tx:
        assert seats.whose(tx, old) is None
        assert audit.latest(tx, 1)[0].what == "seat-code-renewed"


def test_a_hand_that_was_seen_to_goes_down(world: SiteWorld) -> None:
    with world.store.write() as tx:
        seats.put(tx, SLUG, "c01", hand_at=now())
    browser = world.browser("supervisor")
    assert browser.post(f"{WALL}c01/main", headers={"HX-Request": "true"}).status_code == 204
    with world.store.read() as tx:
        assert seats.page(tx, SLUG, "c01").hand_at is None
    assert browser.post(f"{WALL}c99/main").status_code == 404
    assert browser.post(f"{WALL}c99/place").status_code == 404
