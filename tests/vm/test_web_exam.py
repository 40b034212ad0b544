"""An exam of one candidate from the browser alone, on real machines: what is typed is in them, and is judged."""

from __future__ import annotations

from pathlib import Path
from time import monotonic, sleep

import pytest
from playwright.sync_api import Browser, Page, expect

from checkers.channel import Agent
from tests.browser.chromium import type_azerty
from tests.browser.exam import Candidate, Wall, button, fill_in_session, heading, make_first_account
from tests.served import Served, serving
from tests.vm.ground import SESSION_PREFIX, VmGround

pytestmark = pytest.mark.vm

SESSION = f"{SESSION_PREFIX}-web"
ROSTER = "Nom;Prénom;Numéro;Place\nLe Goff;Anaïs;0001;A1\n"
TYPED = "é à ç @ # { }"
SLOW_MS = 300_000
"""Machines that start without KVM, beside everything else."""
PATIENCE_S = 60.0


def test_an_exam_from_the_browser_alone(ground: VmGround, data: Path, browser: Browser) -> None:
    with serving(data, simulated=False) as site:
        chief, candidate = (browser.new_page(locale="fr-FR") for _ in range(2))
        ready(chief, site, data)
        at_work(chief, Candidate(candidate), site)
        agent = ground.hypervisor.agent(f"ep-{SESSION}-c01-server")
        expect(candidate.locator("[data-state]").first).to_have_text("Connecté")
        assert typed(candidate, agent) == TYPED + "\n"
        judged(chief, candidate)
        for page in (chief, candidate):
            page.context.close()


def ready(chief: Page, site: Served, data: Path) -> None:
    """From the one-time link to a bench that is ready."""
    make_first_account(chief, site.said(r"http://\S+/premier-compte/\S+")[0])
    roster = data / "candidats.csv"
    roster.write_text(ROSTER, encoding="utf-8")
    fill_in_session(chief, SESSION, roster)
    button(chief, "Créer la session").click()
    button(chief, "Préparer les postes").click()
    expect(chief.locator(".tile")).to_contain_text("prêt", timeout=SLOW_MS)


def at_work(chief: Page, candidate: Candidate, site: Served) -> None:
    """The candidate sits down with the code that the supervisor reads out, and begins."""
    wall = chief.url
    chief.get_by_role("link", name="Le Goff Anaïs").click()
    chief.get_by_text("Montrer le code de place").click()
    candidate.sit_down(f"http://127.0.0.1:{site.port}", chief.locator(".code").inner_text())
    chief.goto(wall)
    Wall(chief).order("Démarrer l’épreuve", "Démarrer l’épreuve")
    expect(candidate.page.get_by_role("timer")).to_be_visible()


def typed(candidate: Page, agent: Agent) -> str:
    """Type into a program that writes what it is given into a file; what is in it."""
    open_ = "openvt -s -- sh -c 'exec cat >/tmp/typed'; until [ -e /tmp/typed ]; do sleep 0.1; done"
    assert agent.run(["sh", "-c", open_], timeout_s=30).exit_code == 0
    candidate.locator("[data-screen]").first.focus()
    candidate.keyboard.press("Enter")
    type_azerty(candidate, TYPED)
    candidate.keyboard.press("Enter")
    until = monotonic() + PATIENCE_S
    while not (written := agent.run(["cat", "/tmp/typed"], timeout_s=30).stdout.decode()).endswith("\n"):
        assert monotonic() < until, "no line has arrived"
        sleep(0.2)  # between two looks
    return written


def judged(chief: Page, candidate: Page) -> None:
    """The bell, the observation, and the report that the jury reads."""
    Wall(chief).order("Arrêter l’épreuve", "pour de bon ?", Motif="fin")
    expect(heading(candidate, "Votre travail est enregistré")).to_be_visible(timeout=SLOW_MS)
    chief.get_by_role("navigation").get_by_role("link", name="Jury").click()
    chief.get_by_role("link", name=SESSION).click()
    chief.get_by_role("link", name="Le Goff Anaïs").click()
    expect(chief.get_by_role("heading", name="Résultats détaillés")).to_be_visible()
    assert chief.locator(".check").count() > 50
    assert chief.locator(".check.INCONCLUSIVE").count() == 0
    expect(chief.get_by_role("img", name="Serveur srv-kerbras")).to_be_visible()
