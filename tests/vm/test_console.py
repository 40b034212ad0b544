"""What is typed and pasted in the browser arrives in a real machine, through noVNC, the proxy and QEMU's keyboard."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from shutil import rmtree
from time import monotonic

import pytest
from playwright.sync_api import Browser, Page, expect

from orchestrator.bench import create_bench, destroy_bench
from orchestrator.engine.desk import Desk
from orchestrator.engine.opening import Enrolment, open_session
from orchestrator.exam import Phase, commands
from orchestrator.store import logins, open_store
from orchestrator.store.exams import StoredCandidate
from tests.browser.chromium import type_azerty
from tests.browser.console_site import console_site
from tests.vm.ground import SESSION_PREFIX, VmGround

pytestmark = pytest.mark.vm

SESSION = f"{SESSION_PREFIX}-console"
TYPED = "é à ç @ # { }"
PASTED = "é à ç ù ê ë Ö @ # { } [ ] | \\ ^ ~ ` € \" ' ( - _ ) = + * / % < > ! ? . ; : , $ £ § 0123456789 AZmqWy"
PATIENCE_S = 60.0


@pytest.fixture(scope="module")
def client(ground: VmGround, browser: Browser) -> Iterator[tuple[Page, Callable[..., str]]]:
    """The page of a candidate who is at work, and a shell on their workstation by the agent."""
    place = ground.settings.data_dir / SESSION  # where QEMU's user may go; a database of its own
    settings = ground.settings.model_copy(update={"data_dir": place})
    destroy_bench(ground.hypervisor, settings.benches_dir, SESSION, "c01")  # of a run that was killed
    rmtree(place, ignore_errors=True)
    place.mkdir(mode=0o711)
    bench = create_bench(
        ground.golden, hypervisor=ground.hypervisor, store=settings.benches_dir, session=SESSION, name="c01"
    )
    agent = ground.hypervisor.agent(bench.machines["client"].domain)

    def shell(script: str) -> str:
        result = agent.run(["sh", "-c", script], timeout_s=30)
        assert result.exit_code == 0, result.stderr
        return result.stdout.decode()

    try:
        with open_store(settings.database) as store:
            desk = Desk(store)
            _begin(desk, ground)
            with store.write() as tx:
                now = datetime.now(UTC)
                secret = logins.begin(tx, address="127.0.0.1", now=now, session=SESSION, candidate="c01")
            with console_site(settings, store, desk, ("client",), simulated=False) as site:
                page = site.open(browser, secret, locale="fr-FR")
                expect(page.locator("[data-state]")).to_have_text("Connecté", timeout=60_000)
                yield page, shell
                page.context.close()
    finally:
        destroy_bench(ground.hypervisor, settings.benches_dir, SESSION, "c01")
        rmtree(place)


def _begin(desk: Desk, ground: VmGround) -> None:
    """A session in which the candidate's time runs; no service looks after it."""
    person = StoredCandidate(id="c01", surname="Le Goff", first_name="Anaïs", number="1")
    phases = (Phase(kind="practical", title="Pratique", minutes=60, machines=("client",)),)
    open_session(
        desk, SESSION, ground.lab, [Enrolment(person)], format_id="complet", phases=phases, who="boss", unproved="test"
    )
    orders = commands.Prepare(who="boss"), commands.BenchReady(candidate="c01"), commands.Start(who="boss")
    desk.do(SESSION, *orders)


def _cat(shell: Callable[..., str], file: str) -> None:
    """On a text console of its own, which is shown, a program that writes what is typed into a file."""
    shell(f"openvt -s -- sh -c 'exec cat >{file}'; until [ -e {file} ]; do sleep 0.1; done")


def _await_line(shell: Callable[..., str], file: str) -> str:
    until = monotonic() + PATIENCE_S
    while not (written := shell(f"cat {file}")).endswith("\n"):
        assert monotonic() < until, "no line has arrived"
    return written


def test_typed_on_a_french_keyboard(client: tuple[Page, Callable[..., str]]) -> None:
    page, shell = client
    _cat(shell, "/tmp/typed")
    page.locator("[data-screen]").focus()
    page.keyboard.press("Enter")
    type_azerty(page, TYPED)
    page.keyboard.press("Enter")
    assert _await_line(shell, "/tmp/typed") == TYPED + "\n"


def test_pasted(client: tuple[Page, Callable[..., str]]) -> None:
    page, shell = client
    _cat(shell, "/tmp/pasted")
    page.get_by_role("button", name="Coller…").click()
    page.get_by_label("Texte (collez-le ici)").fill(PASTED + "\n")
    page.get_by_role("button", name="Taper", exact=True).click()
    expect(page.get_by_role("dialog")).to_have_count(0, timeout=60_000)
    assert _await_line(shell, "/tmp/pasted") == PASTED + "\n"
