"""The candidate's page in the jury's part: what each phase shows, the consoles of the copy, and for how long."""

from __future__ import annotations

from datetime import timedelta

import pytest

from orchestrator.exam import commands
from orchestrator.store import journal
from tests.unit.web.seat import send, text, told
from tests.unit.web.world import JURY_ONLY, SLUG, Browser, SiteWorld
from web.console.gate import may_be_open
from web.console.tokens import Claims, read

PREPARATION, MACHINES, INTERVIEW = 1, 2, 3


@pytest.fixture
def browser(frozen: SiteWorld) -> Browser:
    return frozen.browser("candidate")


def begin(world: SiteWorld, phase: int, candidate: str = "c01") -> None:
    world.do(commands.BeginPhase(candidate=candidate, phase=phase, who="jury"))


def end(world: SiteWorld, candidate: str = "c01") -> None:
    world.do(commands.EndPhase(candidate=candidate, who="jury"))


def copied(world: SiteWorld) -> None:
    world.do(commands.OpenCopy(candidate="c01", who="jury"))
    world.passes()


def claims(world: SiteWorld, machine: str = "server", bench: str = "c01") -> Claims:
    login = world.login("candidate")
    return Claims(kind="candidate", login=login, session=SLUG, bench=bench, machine=machine)


def console(browser: Browser, machine: str = "server") -> int:
    return browser.get(f"/poste/console/{machine}", headers={"Accept": "application/json"}).status_code


def test_preparing_they_read_the_subject_and_reach_no_machine(frozen: SiteWorld, browser: Browser) -> None:
    copied(frozen)
    begin(frozen, PREPARATION)
    page = text(browser)
    assert "Prise de connaissance" in page
    assert "<h2>A small lab</h2>" in page
    assert "data-token-url" not in page
    assert console(browser) == 404
    assert not may_be_open(frozen.desk, claims(frozen))
    frozen.clock.advance(timedelta(minutes=5))
    now = told(browser)
    assert (now["page"], now["left_s"]) == ("preparation-1", 600)
    frozen.clock.advance(timedelta(minutes=20))
    assert told(browser)["left_s"] == 0
    assert send(browser, "main", up=True).status_code == 200


def test_with_the_jury_they_have_the_consoles_of_the_copy_and_nothing_of_it_lasts(
    frozen: SiteWorld, browser: Browser
) -> None:
    begin(frozen, MACHINES)
    assert 'data-token-url="/poste/console/server"' in text(browser)
    refused = browser.get("/poste/console/server", headers={"Accept": "application/json"})
    assert refused.status_code == 409
    assert "pas encore ouvert" in refused.get_json()["message"]
    copied(frozen)
    answer = browser.get("/poste/console/server", headers={"Accept": "application/json"})
    assert answer.status_code == 200
    opened = read(frozen.app.extensions["epreuve"].secret, answer.get_json()["token"])
    assert (opened.kind, opened.bench, opened.machine) == ("candidate", "c01", "server")
    assert may_be_open(frozen.desk, opened)
    end(frozen)
    assert not may_be_open(frozen.desk, opened)
    assert console(browser) == 409
    with frozen.store.read() as tx:
        used = [one.who for one in journal.entries(tx, SLUG) if one.kind == "copy-used"]
    assert used == [f"{SLUG}/c01"]


def test_the_console_ends_with_the_copy(frozen: SiteWorld) -> None:
    copied(frozen)
    begin(frozen, MACHINES)
    mine = claims(frozen)
    assert may_be_open(frozen.desk, mine)
    frozen.do(commands.CloseCopy(candidate="c01", who="jury"))
    assert not may_be_open(frozen.desk, mine)


def test_nobody_reaches_the_copy_of_another(frozen: SiteWorld, browser: Browser) -> None:
    copied(frozen)
    begin(frozen, MACHINES, "c02")
    assert console(browser) == 409
    assert not may_be_open(frozen.desk, claims(frozen))
    begin(frozen, MACHINES)
    assert not may_be_open(frozen.desk, claims(frozen, bench="c02"))
    assert console(browser, "nothing") == 404


def test_a_phase_on_some_machines_shows_no_other(frozen: SiteWorld) -> None:
    copied(frozen)
    begin(frozen, MACHINES)
    with frozen.store.write() as tx:
        tx.exec_driver_sql(
            "UPDATE session SET document = json_set(document, '$.phases[2].machines', json('[\"client\"]'))"
        )
    assert may_be_open(frozen.desk, claims(frozen, "client"))
    assert not may_be_open(frozen.desk, claims(frozen, "server"))


def test_in_an_interview_the_page_says_no_more_than_that(frozen: SiteWorld, browser: Browser) -> None:
    copied(frozen)
    begin(frozen, INTERVIEW)
    page = text(browser)
    assert "Entretien technique" in page
    assert "A small lab" not in page
    assert "data-token-url" not in page
    assert console(browser) == 404


def test_each_phase_loads_a_page_of_its_own_and_between_them_the_work_is_saved(
    frozen: SiteWorld, browser: Browser
) -> None:
    pages = []
    for phase in (MACHINES, INTERVIEW):
        begin(frozen, phase)
        pages.append(told(browser)["page"])
        end(frozen)
        pages.append(told(browser)["page"])
    assert pages == ["machines-1", "over", "interview-2", "over"]


def test_a_seat_code_opens_the_page_again_after_the_bell(frozen: SiteWorld) -> None:
    begin(frozen, PREPARATION)
    again = frozen.browser("anonymous")
    assert again.post("/place", {"code": frozen.code("c01")}).status_code == 302
    assert "Prise de connaissance" in text(again)


def test_without_a_practical_they_wait_for_the_jury(world: SiteWorld) -> None:
    world.jury_only()
    browser = world.browser("anonymous")
    assert browser.post("/place", {"code": world.code("c01", JURY_ONLY)}).status_code == 302
    assert "Attendez votre passage devant le jury" in text(browser)
    assert send(browser, "main", up=True).status_code == 200
    world.do(commands.BeginPhase(candidate="c01", phase=0, who="jury"), slug=JURY_ONLY)
    page = text(browser)
    assert "Prise de connaissance" in page
    assert "A small lab" not in page
    world.do(
        commands.EndPhase(candidate="c01", who="jury"),
        commands.BeginPhase(candidate="c01", phase=1, who="jury"),
        slug=JURY_ONLY,
    )
    assert "sans machines" in text(browser)
    assert console(browser) == 409
    world.do(commands.EndPhase(candidate="c01", who="jury"), slug=JURY_ONLY)
    assert told(browser)["page"] == "waiting"


def test_without_a_practical_a_bench_is_new_when_the_jury_opens_it(world: SiteWorld) -> None:
    world.jury_only()
    world.do(commands.Prepare(who="boss"), slug=JURY_ONLY)
    world.passes()
    sitting = world.exam(JURY_ONLY).candidates["c01"]
    assert (world.exam(JURY_ONLY).state, sitting.state, sitting.observation) == ("prepared", "frozen", None)
    assert world.hypervisor.domains() == []
    world.do(
        commands.BeginPhase(candidate="c01", phase=1, who="jury"),
        commands.OpenCopy(candidate="c01", who="jury"),
        slug=JURY_ONLY,
    )
    world.passes()
    browser = world.browser("anonymous")
    browser.post("/place", {"code": world.code("c01", JURY_ONLY)})
    page = text(browser)
    assert "<h2>A small lab</h2>" in page
    assert console(browser) == 200
    world.do(
        commands.EndPhase(candidate="c01", who="jury"),
        commands.Close(who="boss"),
        slug=JURY_ONLY,
    )
    world.passes()
    assert world.hypervisor.domains() == []
