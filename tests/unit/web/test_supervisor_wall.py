"""The wall: what a tile shows, what the stream sends and what it does not, and who may go on reading it."""

from __future__ import annotations

import os
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest
from flask import session

from labs.text import Text
from orchestrator.engine import jobs, service
from orchestrator.engine.locks import take
from orchestrator.engine.screens import Screens, frozen_screen_path, running_machines, screen_path
from orchestrator.exam import commands
from orchestrator.store import accounts, seats
from orchestrator.store.benches import Failure
from tests.unit.web.world import SLUG, SiteWorld
from web.site import now
from web.supervisor import stream as stream_module
from web.supervisor.stream import stream
from web.supervisor.tiles import LOST_AFTER, Tile, short_titles
from web.supervisor.wall import Walls, walls

WALL = f"/surveillance/{SLUG}/"


@pytest.fixture
def service_runs(world: SiteWorld) -> Iterator[None]:
    """A service that says what the engine of this world found."""
    held = take(service.lock_path(world.settings))
    assert held is not None
    say(world)
    yield
    os.close(held)


def say(world: SiteWorld, busy: dict[str, str] | None = None, trouble: str = "") -> None:
    machines = {f"{slug}/{name}": dict(states) for (slug, name), states in world.engine.machines().items()}
    service._State(world.settings, datetime.now(UTC)).say(busy or {}, trouble, machines, {"local": ""})


def seen(world: SiteWorld, candidate: str = "c01", **values: object) -> None:
    with world.store.write() as tx:
        seats.put(tx, SLUG, candidate, **values)


def tile(world: SiteWorld, candidate: str = "c01") -> Tile:
    with world.app.test_request_context():
        return Walls().look(SLUG).tiles[candidate]


def page(world: SiteWorld, address: str = WALL) -> str:
    answer = world.browser("supervisor").get(address)
    assert answer.status_code == 200
    return answer.get_data(as_text=True)


# --- tiles
def test_a_tile_shows_who_sits_where_in_which_state_until_when(world: SiteWorld) -> None:
    waiting = tile(world)
    assert (waiting.name, waiting.seat, waiting.state) == ("Le Goff Anaïs", "A1", "enrolled")
    assert (waiting.deadline_ms, waiting.left_s) == (None, 3600)
    world.started()
    begun = world.exam().candidates["c01"].clock.started_at
    assert begun is not None
    at_work = tile(world)
    assert at_work.state == "running"
    assert at_work.deadline_ms == round((begun + timedelta(hours=1)).timestamp() * 1000)


def test_a_clock_that_stands_still_shows_what_is_left(world: SiteWorld) -> None:
    world.started()
    world.clock.advance(timedelta(minutes=15))
    world.do(commands.Pause(who="boss", why="essai", candidate="c01"))
    world.clock.advance(timedelta(minutes=5))
    assert (tile(world).deadline_ms, tile(world).left_s) == (None, 45 * 60)
    assert tile(world, "c02").deadline_ms is not None


def test_machines_have_short_titles_that_tell_them_apart() -> None:
    assert list(short_titles(["Serveur srv-1", "Poste de travail"]).values()) == ["Serveur", "Poste"]
    assert list(short_titles(["Poste 1", "Poste 2"]).values()) == ["Poste 1", "Poste 2"]
    assert short_titles([]) == {}


@pytest.mark.usefixtures("service_runs")
def test_the_states_of_machines_and_what_is_done_to_them_come_from_the_service(world: SiteWorld) -> None:
    world.started()
    say(world, {f"{SLUG}/c01": "checkpoint"})
    shown = tile(world)
    assert {machine.name: machine.state for machine in shown.machines} == {"server": "running", "client": "running"}
    assert [machine.title for machine in shown.machines] == ["Server", "Client"]
    assert shown.doing == Text("point de reprise", "checkpoint")
    assert tile(world, "c02").doing is None


def test_a_page_that_is_not_seen_any_more_is_told_while_its_candidate_works(world: SiteWorld) -> None:
    seen(world, seen_at=now() - LOST_AFTER * 3)
    assert tile(world).lost is None  # before the start nobody need be there
    world.started()
    assert tile(world).lost is not None
    assert tile(world, "c02").never
    seen(world, seen_at=now())
    assert tile(world).lost is None
    assert tile(world).need == 0
    assert tile(world, "c02").need > 0


def test_who_needs_the_supervisor_most_comes_first(world: SiteWorld) -> None:
    world.started()
    needs = []
    for change in ({"seen_at": now()}, {"seen_at": None}, {"seen_at": now(), "hand_at": now()}):
        seen(world, **change)
        needs.append(tile(world).need)
    world.do(commands.BenchFailed(candidate="c01", error=Text("en panne", "broken")))
    needs.append(tile(world).need)
    assert needs == sorted(set(needs))


def test_screens_are_shown_while_they_are_the_candidates(world: SiteWorld) -> None:
    world.started()
    screens = Screens(world.hypervisor, world.settings.benches_dir)
    screens.look(running_machines(world.engine.machines()), world.engine.bell_in_s)
    assert screens.take_next()
    taken = [machine for machine in tile(world).machines + tile(world, "c02").machines if machine.screen]
    assert len(taken) == 1
    browser = world.browser("supervisor")
    for candidate in ("c01", "c02"):
        for machine in ("server", "client"):
            there = screen_path(world.settings.benches_dir, SLUG, candidate, machine).exists()
            answer = browser.get(f"{WALL}{candidate}/ecran/{machine}")
            assert (answer.status_code, answer.mimetype) == (200, "image/jpeg") if there else (404, "text/html")
    world.do(commands.Freeze(who="boss", why="essai"))
    world.passes()
    assert not any(machine.screen for machine in tile(world).machines)
    assert frozen_screen_path(world.settings.benches_dir, SLUG, "c01", "server").is_file()
    assert browser.get(f"{WALL}c01/ecran-fige/server").mimetype == "image/png"


@pytest.mark.parametrize("where", ["c01/ecran/..", "c09/ecran/server", "c01/ecran/bench", "../c01/ecran/server"])
def test_no_other_file_is_shown_as_a_screen(world: SiteWorld, where: str) -> None:
    world.started()
    assert world.browser("supervisor").get(f"{WALL}{where}").status_code == 404


# --- the head of the wall
def test_a_service_that_does_not_run_is_told_when_it_is_needed(world: SiteWorld) -> None:
    assert "Le service ne tourne pas" not in page(world)
    world.started()
    assert "Le service ne tourne pas" in page(world)
    assert "Démarrer le service" in page(world)
    why = Failure(code="service", what=Text("Trop vieux.", "Too old."), where="", do=None, at=datetime.now(UTC))
    order = jobs.Order(settings=world.settings, simulated=True, who="boss")
    jobs._say(order, jobs.Progress(who="boss", since=datetime.now(UTC), failure=why))
    assert "Trop vieux." in page(world)


@pytest.mark.usefixtures("service_runs")
def test_what_keeps_the_service_from_working_is_told(world: SiteWorld, monkeypatch: pytest.MonkeyPatch) -> None:
    world.started()
    say(world)
    assert "service" not in page(world).split("<main")[1].split('class="orders"')[0]
    say(world, trouble="libvirtd est parti")
    assert "libvirtd est parti" in page(world)
    say(world)
    monkeypatch.setattr("web.supervisor.wall.SILENT_S", -1.0)
    assert "ne dit plus rien depuis" in page(world)


def test_how_the_preparation_goes_is_shown_to_its_end(world: SiteWorld) -> None:
    assert "Préparer les postes" in page(world)
    folder = world.settings.data_dir / "jobs"
    folder.mkdir()
    order = jobs.Order(settings=world.settings, simulated=True, who="boss", slug=SLUG)
    said = jobs.Progress(who="boss", since=datetime.now(UTC), doing=Text("construction de l'image", "image is built"))
    held = take(folder / f"prepare-{SLUG}.lock")
    assert held is not None
    jobs._say(order, said)
    shown = page(world)
    assert "construction de l’image" in shown
    assert "Préparer les postes" not in shown
    os.close(held)  # it was killed
    assert "interrompue" in page(world)
    assert "Préparer les postes" in page(world)
    figures = Failure(
        code="capacity",
        what=Text("2 postes ne tiennent pas ici : 1 au plus.", "2 benches do not fit here: 1 at most."),
        where="mémoire : 1900 Mio par poste",
        do=None,
        at=datetime.now(UTC),
    )
    jobs._say(order, said.model_copy(update={"failure": figures}))
    assert "1900 Mio par poste" in page(world)
    jobs._say(order, said.model_copy(update={"done": True}))
    world.do(commands.Prepare(who="boss"))
    assert "préparation" in page(world)  # the state of each bench
    jobs._say(order, said.model_copy(update={"failure": figures}))
    world.passes()
    assert "1900 Mio" not in page(world)  # an old refusal, of what was done another way


# --- the stream
def events(pieces: Iterator[str], count: int) -> list[str]:
    """The names of the next events."""
    found: list[str] = []
    while len(found) < count:
        piece = next(pieces)
        if piece.startswith("event: "):
            found.append(piece.split("\n")[0].removeprefix("event: "))
    return found


@pytest.fixture
def hasty(world: SiteWorld, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """A stream that looks at once, in the request of a supervisor."""
    world.app.config["WALL_EVERY_S"] = 0.0
    for name in ("EVERY_S", "TICK_EVERY_S", "CHECK_EVERY_S"):
        monkeypatch.setattr(stream_module, name, 0.0)
    with world.app.test_request_context():
        session["login"] = world._secret("supervisor")
        yield


def test_a_stream_speaks_the_language_of_its_request(world: SiteWorld) -> None:
    world.started()
    world.app.config["STREAM_LIMIT_S"] = 0
    sent = world.browser("supervisor").get("/surveillance/juin/flux", headers={"Accept-Language": "en"})
    assert ">running</span>" in sent.get_data(as_text=True)
    assert "en épreuve" not in sent.get_data(as_text=True)


@pytest.mark.usefixtures("hasty")
def test_at_first_everything_then_only_what_changed(world: SiteWorld) -> None:
    pieces = stream(SLUG, None, language="fr", limit_s=60)
    assert next(pieces).startswith("retry: ")
    assert sorted(events(pieces, 5)) == ["head", "orders", "tick", "tile-c01", "tile-c02"]
    assert events(pieces, 2) == ["tick", "tick"]
    seen(world, "c02", hand_at=now())
    assert events(pieces, 2) == ["tile-c02", "tick"]
    assert events(pieces, 1) == ["tick"]
    world.do(commands.Prepare(who="boss"))
    assert sorted(events(pieces, 5)) == ["head", "orders", "tick", "tile-c01", "tile-c02"]


@pytest.mark.usefixtures("hasty")
def test_the_time_alone_changes_no_tile(world: SiteWorld) -> None:
    world.started()
    pieces = stream(SLUG, None, language="fr", limit_s=60)
    events(pieces, 5)
    world.clock.advance(timedelta(minutes=10))
    assert events(pieces, 2) == ["tick", "tick"]


@pytest.mark.usefixtures("hasty")
def test_a_sheet_gets_its_own_tile_only(world: SiteWorld) -> None:
    pieces = stream(SLUG, "c01", language="fr", limit_s=60)
    assert sorted(events(pieces, 2)) == ["tick", "tile-c01"]
    seen(world, "c02", hand_at=now())
    assert events(pieces, 2) == ["tick", "tick"]


@pytest.mark.usefixtures("hasty")
@pytest.mark.parametrize("how", ["entrusted to others", "account disabled"])
def test_a_stream_ends_when_its_reader_may_not_any_more(world: SiteWorld, how: str) -> None:
    pieces = stream(SLUG, None, language="fr", limit_s=60)
    events(pieces, 5)
    with world.store.write() as tx:
        if how == "account disabled":
            accounts.change(tx, "supervisor", disabled_at=now())
        else:
            accounts.entrust(tx, SLUG, "supervisor", ["other_supervisor"])
    assert list(pieces) == []


def test_the_streams_of_a_process_share_what_is_read(world: SiteWorld, monkeypatch: pytest.MonkeyPatch) -> None:
    from web.supervisor import wall

    reads = []
    read = wall.read
    monkeypatch.setattr(wall, "read", lambda slug: reads.append(slug) or read(slug))
    with world.app.test_request_context():
        shared = Walls(every_s=3600)
        assert shared.look(SLUG) is shared.look(SLUG)
        assert reads == [SLUG]
        assert shared.look(SLUG, at_once=True).tiles == shared.look(SLUG).tiles
        assert reads == [SLUG, SLUG]
        assert walls() is walls()


def test_the_stream_speaks_the_language_of_its_reader_and_holds_no_token(world: SiteWorld) -> None:
    browser = world.browser("supervisor")
    french = browser.get(f"{WALL}flux", headers={"Accept": "text/event-stream"})
    assert french.mimetype == "text/event-stream"
    assert "inscrit" in french.get_data(as_text=True)
    english = browser.get(f"{WALL}flux", headers={"Accept-Language": "en"}).get_data(as_text=True)
    assert "enrolled" in english
    for text in (french.get_data(as_text=True), english):
        assert "csrf" not in text  # it is shared by all who look


def test_a_name_is_never_markup(world: SiteWorld) -> None:
    with world.store.write() as tx:
        tx.exec_driver_sql("UPDATE candidate SET surname='<script>alert(1)</script>'")
    for address in (WALL, f"{WALL}flux", f"{WALL}c01", f"{WALL}journal"):
        assert "<script>alert" not in page(world, address)


def test_who_is_before_the_jury_is_seen_on_the_wall(world: SiteWorld) -> None:
    world.frozen()
    world.do(commands.BeginPhase(candidate="c01", phase=3, who="jury"))
    assert "jury\xa0: Entretien technique" in world.browser("supervisor").get(WALL).get_data(as_text=True)
