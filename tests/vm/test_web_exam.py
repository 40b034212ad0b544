"""An exam of one candidate from the browser alone, on real machines, from the roster to the verified dossier.

What is typed and pasted is in the machines, and is judged. The jury gives a request and an incident, handled in the
candidate's place by the lab's own repair over the guest agent; one that goes too far is told. What was frozen stays.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path
from time import monotonic, sleep

import pytest
from playwright.sync_api import Browser, Page, expect

from checkers.channel import Agent
from orchestrator.bench import Bench, load_bench
from orchestrator.engine.incidents import INCIDENTS
from orchestrator.incidents import repair_bench
from orchestrator.sessions import load_session
from tests.browser.chromium import type_azerty
from tests.browser.exam import (
    Candidate,
    Wall,
    agree,
    button,
    change_password,
    fill_in_session,
    heading,
    make_first_account,
    make_jury_account,
    sign_in_by_keyboard,
)
from tests.browser.hour import Juror, ServiceDesk
from tests.served import Served, serving
from tests.vm.ground import LAB, SESSION_PREFIX, VmGround
from tests.vm.test_copy import evidence

pytestmark = pytest.mark.vm

SESSION = f"{SESSION_PREFIX}-web"
ROSTER = "Nom;Prénom;Numéro;Place\nLe Goff;Anaïs;0001;A1\n"
GIVEN = ("imprimante-plans", "compte-verrouille")
"""A request and an incident of the lab."""
TYPED = "é à ç @ # { }"
PASTED = "é à ç ù ê ë Ö @ # { } [ ] | \\ ^ ~ ` € \" ' ( - _ ) = + * / % < > ! ? . ; : , $ £ § 0123456789 AZmqWy"
TOO_FAR = "echo 1 > /proc/sys/net/ipv4/icmp_echo_ignore_all"
HARMED = "pare-feu-poste-ping"
"""A repair that goes too far, and the check that was passed before it."""
SLOW_MS = 300_000
"""Machines that start without KVM, beside everything else."""
PATIENCE_S = 60.0


def test_an_exam_from_the_browser_alone(
    ground: VmGround, data: Path, browser: Browser, tmp_path_factory: pytest.TempPathFactory
) -> None:
    with serving(data, simulated=False) as site:
        chief, candidate, jury = (browser.new_page(locale="fr-FR") for _ in range(3))
        ready(chief, jury, site, data)
        at_work(chief, Candidate(candidate), site)
        agent = ground.hypervisor.agent(f"ep-{SESSION}-c01-server")
        expect(candidate.locator("[data-state]").first).to_have_text("Connecté")
        for arrives in (typed, pasted):
            arrives(Candidate(candidate), agent)
        judged(chief, candidate)
        address = f"http://127.0.0.1:{site.port}"
        jurors = [Juror(page, f"{address}/jury/{SESSION}/c01", 120_000) for page in (jury, chief)]
        before_the_jury(ground, data, jurors[0], chief, candidate)
        for juror in jurors:
            juror.mark()
        jurors[0].decide()
        for juror in jurors:
            juror.sign()
        sealed(chief, site, address, tmp_path_factory.mktemp("handed-over"))
        for page in (chief, candidate, jury):
            page.context.close()


def ready(chief: Page, jury: Page, site: Served, data: Path) -> None:
    """From the one-time link to a bench that is ready, and a second juror."""
    make_first_account(chief, site.said(r"http://\S+/premier-compte/\S+")[0])
    given = make_jury_account(chief)
    sign_in_by_keyboard(jury, f"http://127.0.0.1:{site.port}", "jean", given)
    change_password(jury, given)
    roster = data / "candidats.csv"
    roster.write_text(ROSTER, encoding="utf-8")
    fill_in_session(chief, SESSION, roster)
    choose_lab(chief)
    chief.get_by_label("Jean Moreau").check()
    button(chief, "Créer la session").click()
    button(chief, "Préparer les postes").click()
    expect(chief.locator(".tile")).to_contain_text("prêt", timeout=SLOW_MS)


def choose_lab(chief: Page) -> None:
    """The lab whose machines there are, with a reason as long as it is not proved."""
    with chief.expect_response(re.compile(r"/format\?")):
        chief.locator("#lab").select_option(LAB)
    expect(chief.locator(".htmx-request, .htmx-swapping, .htmx-settling")).to_have_count(0)
    why = chief.locator("#unproved")
    if why.count():
        why.fill("essai de la plateforme")


def at_work(chief: Page, candidate: Candidate, site: Served) -> None:
    """The candidate sits down with the code that the supervisor reads out, and begins."""
    wall = chief.url
    chief.get_by_role("link", name="Le Goff Anaïs").click()
    chief.get_by_text("Montrer le code de place").click()
    candidate.sit_down(f"http://127.0.0.1:{site.port}", chief.locator(".code").inner_text())
    chief.goto(wall)
    Wall(chief).order("Démarrer l’épreuve", "Démarrer l’épreuve")
    expect(candidate.page.get_by_role("timer")).to_be_visible()


def typed(candidate: Candidate, agent: Agent) -> None:
    """What is typed on a French keyboard arrives in the machine."""
    line = into_a_file(agent, "/tmp/typed")
    candidate.console.locator("[data-screen]").focus()
    candidate.page.keyboard.press("Enter")
    type_azerty(candidate.page, TYPED)
    candidate.page.keyboard.press("Enter")
    assert line() == TYPED + "\n"


def pasted(candidate: Candidate, agent: Agent) -> None:
    """What is pasted does, too."""
    line = into_a_file(agent, "/tmp/pasted")
    button(candidate.console, "Coller…").click()
    candidate.console.get_by_label("Texte (collez-le ici)").fill(PASTED + "\n")
    button(candidate.console, "Taper").click()
    expect(candidate.page.get_by_role("dialog")).to_have_count(0)
    assert line() == PASTED + "\n"


def into_a_file(agent: Agent, file: str) -> Callable[[], str]:
    """Have a program, on a text console that is shown, write what is typed into a file; a way to wait for its line."""
    open_ = f"openvt -s -- sh -c 'exec cat >{file}'; until [ -e {file} ]; do sleep 0.1; done"
    assert agent.run(["sh", "-c", open_], timeout_s=30).exit_code == 0

    def line() -> str:
        until = monotonic() + PATIENCE_S
        while not (written := agent.run(["cat", file], timeout_s=30).stdout.decode()).endswith("\n"):
            assert monotonic() < until, "no line has arrived"
            sleep(0.2)  # between two looks
        return written

    return line


def judged(chief: Page, candidate: Page) -> None:
    """The bell, the observation, and the report that the jury reads."""
    Wall(chief).order("Arrêter l’épreuve", "pour de bon ?", Motif="fin")
    expect(heading(candidate, "Votre travail est enregistré")).to_be_visible(timeout=SLOW_MS)
    chief.get_by_role("navigation").get_by_role("link", name="Jury").click()
    chief.get_by_role("link", name=SESSION).click()
    chief.get_by_role("link", name="Le Goff Anaïs", exact=True).click()
    expect(chief.get_by_role("heading", name="Résultats détaillés")).to_be_visible()
    chief.wait_for_load_state()  # a heading is there before the page is
    assert chief.locator(".check").count() > 50
    assert chief.locator(".check.INCONCLUSIVE").count() == 0
    expect(chief.get_by_role("img", name="Serveur srv-kerbras")).to_be_visible()


def before_the_jury(ground: VmGround, data: Path, juror: Juror, chief: Page, candidate: Page) -> None:
    """Every phase of the certification, with a request and an incident on the copy of the bench."""
    chief.goto(juror.address.replace("/jury/", "/surveillance/").removesuffix("c01"))
    Wall(chief).order("Ouvrir le jury", "devant le jury")
    first, with_jury, *interviews = (one.title for one in ground.lab.referential.format("complet").phases[1:])
    juror.go()
    juror.begin(first)
    juror.open_copy()
    juror.begin(with_jury)
    expect(candidate.locator("[data-state]").first).to_have_text("Connecté", timeout=SLOW_MS)
    with candidate.expect_popup() as tab:
        candidate.get_by_role("link", name="Mes tickets").click()
    desk = ServiceDesk(tab.value)
    bench, session = load_bench(data / "benches", SESSION, "c01"), load_session(data, SESSION)
    assert bench
    frozen = frozen_files(bench)
    for name in GIVEN:
        given = next(one for one in ground.lab.lab.incidents if one.id == name)
        juror.go()
        juror.give(given.title)
        repair_bench(bench, ground.lab, given, session=session, hypervisor=ground.hypervisor)
        desk.handle(given.ticket.subject)
        juror.verify(given.title, "résolu sans dégât ailleurs")
    client = ground.hypervisor.agent(bench.machines["client"].domain)
    assert client.run(["sh", "-c", TOO_FAR], timeout_s=30).exit_code == 0
    juror.verify(given.title, "résolu dégâts ailleurs")
    harm = juror.incident(given.title).locator(".look").first.locator("li")
    titles = [check.title for _, check in ground.lab.lab.checks() if check.id == HARMED]
    expect(harm).to_contain_text(titles)  # it, and no other
    assert frozen_files(bench) == frozen
    for phase in interviews:
        juror.begin(phase)
    juror.end()


def frozen_files(bench: Bench) -> dict[str, str]:
    """The hash of every file of what is frozen; incidents are written down beside it."""
    return {name: hash_ for name, hash_ in evidence(bench).items() if not name.startswith(f"{INCIDENTS}/")}


def sealed(chief: Page, site: Served, address: str, folder: Path) -> None:
    """Closed and sealed; minutes, results and dossier are handed over, and the dossier proves itself."""
    chief.goto(f"{address}/surveillance/{SESSION}/")
    Wall(chief).order("Clore la session", "Clore la session", Motif="")
    expect(chief.locator(".summary")).to_contain_text("close")
    chief.goto(f"{address}/jury/{SESSION}/sceau")
    button(chief, "Sceller la session").click()
    agree(chief, "Sceller la session")
    with chief.expect_download() as download:
        chief.get_by_role("link", name=f"{SESSION}-c01.zip").click()
    dossier = folder / f"{SESSION}-c01.zip"
    download.value.save_as(dossier)
    for name in ("proces-verbal.pdf", "resultats-jury.csv"):
        content = chief.request.get(f"{address}/surveillance/{SESSION}/{name}").body()
        (folder / name).write_bytes(content)
    assert "Titre accordé;" in (folder / "resultats-jury.csv").read_text(encoding="utf-8-sig")
    assert (folder / "proces-verbal.pdf").read_bytes().startswith(b"%PDF-")
    assert ": intact" in site.epreuve("dossier", "verify", str(dossier))
