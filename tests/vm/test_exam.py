"""A whole exam on real machines: the untouched bench, the solved and the half-solved one, and what breaks around."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass

import pytest

from checkers.channel import Agent
from checkers.checks import CHECKS
from checkers.facts import Observation
from checkers.judge import judge, plan
from checkers.verdict import Outcome, Verdict
from orchestrator.bench import Bench, destroy_bench
from orchestrator.demo import DONE_BY_B
from orchestrator.observer import observe_bench
from orchestrator.proving.ground import ProvingBench
from orchestrator.proving.incidents import Prover
from orchestrator.proving.mutants import show_mutant
from orchestrator.sessions import Session, ensure_session, forget_session
from orchestrator.workshop import make_bench, solve
from tests.rfb import Console
from tests.vm.desktop import FRENCH, Desktop
from tests.vm.ground import SESSION_PREFIX, VmGround

pytestmark = pytest.mark.vm

SESSION = f"{SESSION_PREFIX}-exam"

BROKEN_BY_A_DEAF_CLIENT = {
    "poste-resolution",
    "port-partage-web",
    "pare-feu-poste-reseau",
    "pare-feu-poste-ping",
    "pare-feu-poste-ssh",
    "vpn-tunnel",
}
"""What really no longer works when the workstation's own firewall drops everything, both ways."""

BROKEN_BY_A_DEAF_SERVER = {
    "connexion-erwan",
    "dhcp-offre",
    "dns-imprimante",
    "dns-borne",
    "dns-intranet",
    "dns-inverse",
    "dns-resolution-directe",
    "dns-resolution-inverse",
    "partage-ecriture",
    "partage-refus",
    "poste-resolution",
    "pare-feu-serveur-internet",
    "pare-feu-serveur-lan",
    "pare-feu-poste-ssh",
    "vpn-tunnel",
    "vpn-nomade",
    "wifi-association",
}
"""What really no longer works when the server drops everything, on its loopback too."""

DROP_ALL = """nft -f - <<'EOF'
table inet panne {
  chain entree { type filter hook input priority -300; policy drop; }
  chain sortie { type filter hook output priority -300; policy drop; }
}
EOF"""

QUICK_INCIDENTS = ("nom-perime", "disque-plein", "cle-wifi")
"""One of each machine, of those that take the least time; all of them: ``test_incidents``, with ``-m long``."""


QUICK_MUTANTS = ("nom-perdu-au-redemarrage", "juste-nom-complet")
"""What is right until the next start, and another right way."""


@dataclass(frozen=True)
class Exam:
    """Two benches: candidate A's is solved; candidate B's was in part, and is no more.

    What was seen of them: blank, B's before anybody touched it; half, and whole, after their work.
    """

    ground: VmGround
    session: Session
    a: Bench
    b: Bench
    blank: Observation
    half: Observation
    whole: Observation

    def verdicts(self) -> dict[str, Verdict]:
        """The verdicts on A's bench, now."""
        return verdicts_of(self.ground, observe(self.ground, self.session, self.a))

    def agent(self, machine: str) -> Agent:
        """The guest agent of one of A's machines."""
        return self.ground.hypervisor.agent(self.a.machines[machine].domain)


def observe(ground: VmGround, session: Session, bench: Bench) -> Observation:
    planned = plan(ground.lab.lab.checks(), CHECKS)
    return observe_bench(bench, ground.lab, planned, session=session, hypervisor=ground.hypervisor)


def verdicts_of(ground: VmGround, observation: Observation) -> dict[str, Verdict]:
    planned = plan(ground.lab.lab.checks(), CHECKS)
    return {verdict.check: verdict for verdict in judge(planned, observation)}


def told(verdicts: dict[str, Verdict], *outcomes: Outcome) -> dict[str, str]:
    """The checks with these outcomes and their reasons: what a failed assertion should show."""
    return {name: verdict.reason.fr for name, verdict in verdicts.items() if verdict.outcome in outcomes}


@pytest.fixture(scope="module")
def exam(ground: VmGround) -> Iterator[Exam]:
    forget_session(ground.settings.data_dir, SESSION)
    session = ensure_session(ground.settings.data_dir, SESSION, ground.lab)

    def bench(name: str) -> Bench:
        return make_bench(
            ground.lab,
            ground.golden,
            session=session,
            name=name,
            candidate=f"Candidat {name}",
            hypervisor=ground.hypervisor,
            settings=ground.settings,
        )

    def works(bench: Bench, tasks: tuple[str, ...] = ()) -> Observation:
        solve(bench, ground.lab, session=session, uri=ground.hypervisor.info().uri, tasks=tasks)
        return observe(ground, session, bench)

    try:
        b = bench("b")
        with ThreadPoolExecutor(max_workers=2) as room:
            untouched, other = room.submit(observe, ground, session, b), room.submit(bench, "a")
            blank, a = untouched.result(), other.result()
            part, everything = room.submit(works, b, DONE_BY_B), room.submit(works, a)
            half, whole = part.result(), everything.result()
        destroy_bench(ground.hypervisor, ground.settings.benches_dir, SESSION, "b")
        yield Exam(ground, session, a, b, blank, half, whole)
    finally:
        for name in ("a", "b"):
            destroy_bench(ground.hypervisor, ground.settings.benches_dir, SESSION, name)
        forget_session(ground.settings.data_dir, SESSION)


def test_machines_were_cloned_warm(exam: Exam) -> None:
    assert {machine.start for bench in (exam.a, exam.b) for machine in bench.machines.values()} == {"warm"}


def test_an_untouched_bench_passes_only_what_is_declared_true_at_start(exam: Exam) -> None:
    verdicts = verdicts_of(exam.ground, exam.blank)
    declared = {check.id for _, check in exam.ground.lab.lab.checks() if check.true_at_start}
    assert set(told(verdicts, Outcome.PASS)) == declared
    assert told(verdicts, Outcome.INCONCLUSIVE) == {}


def test_the_reference_solution_passes_every_check(exam: Exam) -> None:
    verdicts = verdicts_of(exam.ground, exam.whole)
    assert told(verdicts, Outcome.FAIL, Outcome.INCONCLUSIVE) == {}
    assert sum(verdict.points for verdict in verdicts.values()) == exam.ground.lab.lab.points


def test_half_the_work_passes_exactly_the_checks_of_what_was_done(exam: Exam) -> None:
    verdicts = verdicts_of(exam.ground, exam.half)
    lab = exam.ground.lab.lab
    done = {check.id for task, check in lab.checks() if task.id in DONE_BY_B or check.true_at_start}
    # One Kea configuration holds the scope and the reservation; the workstation's resolver profits from the DNS work.
    along = {"dhcp-reservation-poste", "poste-resolution"}
    assert set(told(verdicts, Outcome.PASS)) == done | along
    assert told(verdicts, Outcome.INCONCLUSIVE) == {}


def test_a_stored_observation_is_judged_the_same_again(exam: Exam) -> None:
    stored = Observation.model_validate_json(exam.blank.model_dump_json())
    assert stored.digest() == exam.blank.digest()
    assert verdicts_of(exam.ground, stored) == verdicts_of(exam.ground, exam.blank)


def test_no_secret_of_the_session_stands_in_an_observation(exam: Exam) -> None:
    text = exam.whole.model_dump_json()
    assert [name for name, value in exam.session.secrets.items() if value in text] == []


def test_a_cable_pulled_at_the_hypervisor_costs_the_candidate_nothing(exam: Exam) -> None:
    domain, mac = exam.a.machines["client"].domain, exam.ground.lab.lab.machines["client"].nics["eth0"].mac
    exam.ground.hypervisor.set_link(domain, mac, up=False)
    try:
        assert told(exam.verdicts(), Outcome.FAIL) == {}
    finally:
        exam.ground.hypervisor.set_link(domain, mac, up=True)


def test_the_desktop_outlives_all_the_work(exam: Exam) -> None:
    """Renamed, in the domain, behind a firewall: windows still open, keys are French, the browser finds the device."""
    desktop, domain = Desktop(exam.agent("client")), exam.a.machines["client"].domain
    desktop.open("lxterminal", "-t", "Saisie", "-e", "tee /tmp/saisie")
    desktop.await_focus("Saisie")
    with Console(exam.ground.hypervisor.open_console(domain)) as console:
        typed = ""
        for character in "éèàç@#{}":  # line by line: a PS/2 keyboard holds sixteen bytes, and drops what comes on top
            console.press_together(*FRENCH[character])
            console.press_together(*FRENCH["\n"])
            typed += f"{character}\n"
            desktop.await_text("/tmp/saisie", typed)
    desktop.close("lxterminal")
    desktop.open("x-www-browser", "http://192.168.50.2/")
    desktop.await_focus("Connexion – NETBOX AC-1200")
    desktop.close("x-www-browser")


@pytest.fixture(scope="module")
def solved(exam: Exam) -> ProvingBench:
    """A's bench, to do something to and to bring back."""
    ground = exam.ground
    bench = ProvingBench(ground.lab, exam.a, ground.golden, exam.session, ground.hypervisor)
    bench.settle(seen=list(verdicts_of(ground, exam.whole).values()))
    return bench


def test_mutants_flip_exactly_what_they_name(exam: Exam, solved: ProvingBench) -> None:
    """Some of them; all of every lab: ``test_proof``, with ``-m long``."""
    mutants = [one for one in exam.ground.lab.mutants if one.id in QUICK_MUTANTS]
    assert len(mutants) == len(QUICK_MUTANTS)
    for mutant in mutants:
        shown = show_mutant(solved, mutant)
        print(mutant.id, shown.looks, shown.seconds)
        assert (shown.faults, {flip.check for flip in shown.flips}) == ((), set(mutant.flips))
        solved.go_back()


def test_every_check_says_the_same_after_mutants_and_after_incidents_and_their_repairs(
    exam: Exam, solved: ProvingBench
) -> None:
    bench, prover = solved, Prover(solved)
    incidents = [one for one in exam.ground.lab.lab.incidents if one.id in QUICK_INCIDENTS]
    assert {one.machine for one in incidents} == set(exam.a.machines)
    faults = {one.id: prover.prove(one, whole=False).faults for one in incidents}
    assert faults == dict.fromkeys(QUICK_INCIDENTS, ())
    assert bench.changed(bench.verdicts(), {check for one in incidents for check in one.affects}) == []


@contextmanager
def dropping_everything(agent: Agent) -> Iterator[None]:
    assert agent.run(["/bin/sh", "-c", DROP_ALL], timeout_s=30).exit_code == 0
    try:
        yield
    finally:
        agent.run(["nft", "delete", "table", "inet", "panne"], timeout_s=30)


@pytest.mark.parametrize(
    ("machine", "broken"), [("client", BROKEN_BY_A_DEAF_CLIENT), ("server", BROKEN_BY_A_DEAF_SERVER)]
)
def test_a_firewall_that_drops_all_fails_only_what_no_longer_works(exam: Exam, machine: str, broken: set[str]) -> None:
    with dropping_everything(exam.agent(machine)):
        failed = told(exam.verdicts(), Outcome.FAIL)
    assert {name: why for name, why in failed.items() if name not in broken} == {}


def test_without_its_agent_a_machine_is_asked_over_ssh_and_one_that_no_channel_reaches_is_inconclusive(
    exam: Exam,
) -> None:
    """The workstation's firewall, as the subject asks, lets nobody but the server in: there SSH is closed, too."""
    for machine in ("server", "client"):
        agent = exam.agent(machine)
        stop = "systemd-run --on-active=1 systemctl stop qemu-guest-agent"
        assert agent.run(["/bin/sh", "-c", stop], timeout_s=30).exit_code == 0
        while agent.ping(1.0):
            pass
    observation = observe(exam.ground, exam.session, exam.a)
    assert {fact.channel for fact in observation.facts if fact.at == "server"} == {"ssh"}
    verdicts = verdicts_of(exam.ground, observation)
    assert told(verdicts, Outcome.FAIL) == {}
    assert "poste-nomme" in told(verdicts, Outcome.INCONCLUSIVE)
