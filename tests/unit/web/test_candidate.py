"""The candidate's own page: which one it is in each state, what can be done on it and when; and it is their own."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from orchestrator.engine import lab
from orchestrator.exam import Phase, commands
from orchestrator.store import logins, seats
from orchestrator.store.seats import Page
from tests.unit.web.seat import WHO, send, stored, text, told, write
from tests.unit.web.world import NINE, SLUG, SiteWorld
from web.candidate.pace import BURST, PER_SECOND, Pace
from web.candidate.place import Place
from web.site import now


# --- which page
def test_before_the_start_the_page_waits_and_shows_nothing_of_the_lab(world: SiteWorld) -> None:
    browser = world.browser("candidate")
    for order in (None, commands.Prepare(who="boss")):
        if order:
            world.do(order)
            world.passes()
        page = text(browser)
        assert "Attendez le début" in page
        assert "Anaïs Le Goff" in page
        assert "Martin" not in page
        assert world.lab.lab.title not in page
        assert told(browser)["page"] == "waiting"


def test_absent_and_withdrawn_are_explained(world: SiteWorld) -> None:
    browser = world.browser("candidate")
    world.do(commands.MarkAbsent(who="boss", candidate="c01"))
    assert told(browser)["page"] == "absent"
    assert "noté absent" in text(browser)
    world.do(commands.Return(who="boss", candidate="c01"), commands.Withdraw(candidate="c01", **WHO))
    assert told(browser)["page"] == "withdrawn"
    assert "retirée" in text(browser)


def test_a_session_that_closed_without_them_is_explained(world: SiteWorld) -> None:
    world.do(commands.Close(who="boss"))
    browser = world.browser("candidate")
    assert told(browser)["page"] == "closed"
    assert "La session est close" in text(browser)
    assert send(browser, "main", up=True).status_code == 409


def test_at_work_the_page_has_the_subject_the_tasks_and_the_consoles(world: SiteWorld) -> None:
    world.started()
    page = text(world.browser("candidate"))
    secret = (world.settings.data_dir / "sessions" / SLUG / "secrets.json").read_text().split('"')[3]
    assert "<h2>A small lab</h2>" in page
    assert f"<code>{secret}</code>" in page
    assert 'value="names"' in page
    assert 'data-token-url="/poste/console/server"' in page
    assert 'data-token-url="/poste/console/client"' in page


def test_only_who_has_begun_sees_the_subject(world: SiteWorld) -> None:
    world.do(commands.Prepare(who="boss"))
    world.passes()
    world.do(commands.Start(who="boss", candidate="c01"))
    world.passes()
    assert "A small lab" in text(world.browser("candidate"))
    assert "A small lab" not in text(world.browser("other_candidate"))


def test_the_time_left_is_the_site_s(world: SiteWorld) -> None:
    world.started()
    browser = world.browser("candidate")
    assert told(browser) | {"notices": []} == {
        "page": "work", "running": True, "left_s": 3600, "speed": 1, "hand": False, "notices": [],
    }  # fmt: skip
    world.clock.advance(timedelta(minutes=10, seconds=1.5))
    assert told(browser)["left_s"] == 2998.5
    assert "data-left>0:49:58<" in text(browser)
    world.do(commands.Extend(candidate="c01", seconds=60, **WHO))
    assert told(browser)["left_s"] == 3058.5


def test_a_pause_is_told_and_the_time_stands_still(world: SiteWorld) -> None:
    world.started()
    browser = world.browser("candidate")
    world.do(commands.Pause(candidate="c01", **WHO))
    world.clock.advance(timedelta(minutes=5))
    news = told(browser)
    assert (news["page"], news["running"], news["left_s"]) == ("work", False, 3600)
    assert ["Votre épreuve est en pause" in notice for notice in news["notices"]] == [True]
    world.do(commands.Pause(**WHO))
    assert "toute la salle" in told(browser)["notices"][0]
    assert "essai" not in str(told(browser))


def test_a_reset_under_way_is_told(world: SiteWorld) -> None:
    world.started()
    browser = world.browser("candidate")
    world.do(commands.AskReset(candidate="c01", machine="server", **WHO))
    assert told(browser)["notices"] == [
        "La machine «\u00a0Server\u00a0» est en cours de remise en état. Sa console reviendra d’elle-même."
    ]
    world.passes()
    assert told(browser)["notices"] == []


def test_the_deadline_ends_the_work_before_the_engine_rings(world: SiteWorld) -> None:
    world.started()
    browser = world.browser("candidate")
    write(browser, "fini")
    world.clock.advance(timedelta(minutes=60))
    assert world.exam().candidates["c01"].state == "running"
    assert told(browser)["page"] == "ending"
    page = text(browser)
    assert "Votre temps est terminé" in page
    assert "fini" in page
    world.passes()
    assert told(browser)["page"] == "over"
    assert "Votre travail est enregistré" in text(browser)
    assert "<textarea" not in text(browser)


def test_the_work_stays_explained_when_the_session_is_closed(world: SiteWorld) -> None:
    world.frozen()
    browser = world.browser("candidate")
    world.do(commands.Close(who="boss"))
    assert told(browser)["page"] == "over"


def test_a_subject_that_has_changed_does_not_take_the_page_away(world: SiteWorld) -> None:
    world.started()
    with (world.root / "lab" / "sujet.md").open("a") as file:
        file.write("more")
    lab._read.cache_clear()  # the page is another process than the service that has just read it
    page = text(world.browser("candidate"))
    assert "Le sujet ne peut pas être affiché ici" in page
    assert 'data-token-url="/poste/console/server"' in page
    assert send(world.browser("candidate"), "taches", task="names", done=True).status_code == 404


# --- what they can do
def test_a_hand_goes_up_and_down_and_the_supervisor_can_lower_it(world: SiteWorld) -> None:
    browser = world.browser("candidate")
    assert send(browser, "main", up=True).get_json()["hand"] is True
    first = stored(world).hand_at
    send(browser, "main", up=True)
    assert stored(world).hand_at == first  # since when it is up
    with world.store.write() as tx:
        seats.put(tx, SLUG, "c01", hand_at=None)
    assert told(browser)["hand"] is False
    send(browser, "main", up=True)
    assert send(browser, "main", up=False).get_json()["hand"] is False
    assert stored(world, "c02") == Page()


def test_tasks_are_ticked_for_oneself(world: SiteWorld) -> None:
    world.started()
    browser = world.browser("candidate")
    assert send(browser, "taches", task="names", done=True).status_code == 200
    assert 'value="names" checked' in text(browser)
    assert send(browser, "taches", task="names", done=False).status_code == 200
    assert stored(world).ticked == ()
    assert send(browser, "taches", task="client-name", done=True).status_code == 404  # a check's id


def test_finishing_early_is_once_and_for_good_and_journalled_as_their_own(world: SiteWorld) -> None:
    world.started()
    browser = world.browser("candidate")
    assert browser.post("/poste/fin").headers["Location"] == "/poste"
    assert told(browser)["page"] == "ending"
    assert world.exam().candidates["c01"].finished_early
    assert browser.post("/poste/fin").status_code == 409
    assert world.exam().candidates["c02"].state == "running"


def test_who_is_paused_cannot_finish(world: SiteWorld) -> None:
    world.started()
    world.do(commands.Pause(candidate="c01", **WHO))
    answer = world.browser("candidate").post("/poste/fin")
    assert answer.status_code == 409
    assert "resume" not in answer.get_data(as_text=True)  # the command line's words are not theirs


def test_only_the_machines_of_the_practical_have_consoles(world: SiteWorld) -> None:
    opened = world.desk.open(SLUG)
    phases = (
        Phase(kind="practical", title="Étape 1", minutes=60, machines=("client",)),
        Phase(kind="jury", title="Étape 2", minutes=15, machines=("server", "client")),
    )
    exam = opened.exam.model_copy(update={"phases": phases})
    place = Place(replace(opened, exam=exam), exam.candidates["c01"], Page())
    assert place.machines == ("client",)
    unnamed = exam.model_copy(update={"phases": (Phase(kind="practical", title="Étape", minutes=60),)})
    assert replace(place, opened=replace(opened, exam=unnamed)).machines == ("server", "client")


def test_a_console_opens_while_the_time_runs_only(world: SiteWorld) -> None:
    browser = world.browser("candidate")
    assert browser.get("/poste/console/server").status_code == 409
    world.started()
    opened = browser.get("/poste/console/server")
    assert opened.status_code == 200
    assert set(opened.get_json()) == {"url", "token"}
    assert browser.get("/poste/console/ap").status_code == 404
    world.do(commands.Pause(candidate="c01", **WHO))
    assert browser.get("/poste/console/server").status_code == 409


# --- their own, and no more than is bearable
def test_each_candidate_sees_and_changes_only_their_own(world: SiteWorld) -> None:
    world.started()
    mine, theirs = world.browser("candidate"), world.browser("other_candidate")
    write(mine, "my secret report")
    send(mine, "main", up=True)
    page = text(theirs)
    assert "my secret report" not in page
    assert "Anaïs" not in page
    assert told(theirs)["hand"] is False
    assert stored(world, "c02").notes == ""


def test_a_seat_that_was_freed_is_lost_at_once(world: SiteWorld) -> None:
    world.started()
    browser = world.browser("candidate")
    token = browser.token()
    with world.store.write() as tx:
        logins.end_seat(tx, SLUG, "c01", now())
    asks = {"Accept": "application/json"}
    assert browser.get("/poste/etat", headers=asks).status_code == 401
    forged = browser.client.post("/poste/notes", json={"text": "x", "base": ""}, headers={**asks, "X-CSRFToken": token})
    assert forged.status_code in (400, 401)
    assert stored(world).notes == ""


def test_orders_need_the_page_s_token(world: SiteWorld) -> None:
    world.started()
    client = world.browser("candidate").client
    for address in ("main", "taches", "notes", "fin"):
        assert client.post(f"/poste/{address}", json={}).status_code == 400
    assert world.exam().candidates["c01"].state == "running"


def test_a_sign_of_life_is_kept_now_and_then(world: SiteWorld) -> None:
    browser = world.browser("candidate")
    told(browser)
    first = stored(world).seen_at
    assert first is not None
    told(browser)
    assert stored(world).seen_at == first
    with world.store.write() as tx:
        seats.put(tx, SLUG, "c01", seen_at=NINE)
    told(browser)
    assert stored(world).seen_at != NINE


def test_nothing_is_written_about_them_once_the_session_is_over(world: SiteWorld) -> None:
    world.do(commands.Close(who="boss"))
    told(world.browser("candidate"))
    assert stored(world) == Page()


def test_whoever_asks_too_often_waits(world: SiteWorld) -> None:
    statuses = [world.browser("candidate").get("/poste/etat").status_code for _ in range(BURST * 2)]
    assert 429 in statuses
    assert world.browser("other_candidate").get("/poste/etat").status_code == 200


def test_the_pace_comes_back_with_time_and_forgets_who_left() -> None:
    at = [0.0]
    pace = Pace(lambda: at[0])
    assert [pace.allows("a") for _ in range(BURST + 1)] == [True] * BURST + [False]
    at[0] += 1 / PER_SECOND
    assert [pace.allows("a"), pace.allows("a")] == [True, False]
    for number in range(1500):
        pace.allows(f"n{number}")
    at[0] += BURST
    pace.allows("b")
    assert len(pace._buckets) == 1
