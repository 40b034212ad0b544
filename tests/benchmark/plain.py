"""The same questions about a server, asked by plain pytest-testinfra over ssh and over paramiko, and in one batch."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from time import perf_counter
from typing import Any
from xml.etree import ElementTree as ET

from checkers.observe import Channel, Place, observe
from labs.text import Text
from orchestrator.bench import Bench
from orchestrator.hypervisor.wire import Wire
from orchestrator.second_channel import HOST_KEYS
from tests.benchmark.ground import Ground
from tests.benchmark.measure import Goal, Measure
from tests.benchmark.plain_questions import questions

MACHINE = "server"
NETWORK = "lan"
_LIMIT_S = 900.0
_TESTS = Path(__file__).with_name("plain_testinfra.py")

BATCHED = Measure(
    "batched",
    Text("les mêmes questions au serveur en un relevé", "the same questions to the server in one observation"),
    "s",
)
SSH = Measure(
    "testinfra-ssh",
    Text("40 tests pytest-testinfra du serveur par ssh", "40 pytest-testinfra tests of the server over ssh"),
    "s",
    goal=Goal(25.0),
    ratio_to="batched",
)
PARAMIKO = Measure(
    "testinfra-paramiko",
    Text("les mêmes tests par paramiko", "the same tests over paramiko"),
    "s",
    goal=Goal(5.0),
    ratio_to="batched",
)
SHARED = Measure(
    "testinfra-shared",
    Text("les mêmes par ssh, connexion gardée (ControlPath)", "the same over ssh, connection kept (ControlPath)"),
    "s",
    ratio_to="batched",
)


@dataclass(frozen=True)
class Run:
    """One run of the tests. seconds: pytest's own, without the start of Python; wall: all of it."""

    seconds: float
    wall: float
    tests: int
    failed: tuple[str, ...]
    commands: int


def measure_batched(ground: Ground) -> Measure:
    """Seconds for one observation of the same questions, through the guest agent."""
    bench = ground.bench()
    asked = questions(MACHINE)
    samples, details = [], []
    for number in range(ground.rounds):
        with ground.progress.step(str(Text("relevé groupé {n}", "batched observation {n}").format(n=number + 1))):
            ground.calm(bench)
            began = perf_counter()
            agent = ground.hypervisor.agent(bench.machines[MACHINE].domain)
            facts = observe(asked, [Place(MACHINE, [Channel("agent", agent)], secrets=ground.session.secrets)])
            samples.append(perf_counter() - began)
        unseen = [fact.key for fact in facts if fact.status != "seen"]
        if len(unseen) == len(facts):  # the agent was silent: that is no observation
            raise RuntimeError(f"nothing was seen: {facts[0].why}")
        slowest = sorted(((fact.raw.duration_ms, fact.key) for fact in facts if fact.raw), reverse=True)[:6]
        details.append({"questions": len(asked), "unseen": unseen, "slowest_ms": {key: ms for ms, key in slowest}})
    blind = sorted({key for detail in details for key in _strings(detail["unseen"])})
    return replace(
        BATCHED,
        samples=tuple(samples),
        note=Text("non vu : {k}", "unseen: {k}").format(k=", ".join(blind)) if blind else None,
        details=tuple(details),
    )


def measure_ssh(ground: Ground) -> Measure:
    """A connection for each command, as testinfra's ssh does unless told otherwise."""
    return _measured(ground, SSH, "ssh")


def measure_paramiko(ground: Ground) -> Measure:
    """One connection for all commands, a round trip for each."""
    return _measured(ground, PARAMIKO, "paramiko")


def measure_shared(ground: Ground) -> Measure:
    """ssh as people who know it set it up: one connection kept open."""
    return _measured(ground, SHARED, "ssh", shared=True)


def _measured(ground: Ground, measure: Measure, scheme: str, *, shared: bool = False) -> Measure:
    """Seconds for forty plain tests from the witness' namespace, over one of the ways."""
    bench = ground.bench()
    runs = []
    with _access(ground, bench) as (wire, config):
        for number in range(ground.rounds):
            with ground.progress.step(f"{measure.title} {number + 1}"):
                ground.calm(bench)
                runs.append(
                    run_tests(wire, _arguments(ground, scheme, config, number if shared else None), ground.work_dir)
                )
    failed = sorted({test for run in runs for test in run.failed})
    return replace(
        measure,
        samples=tuple(run.seconds for run in runs),
        note=Text("tests en échec : {t}", "failed tests: {t}").format(t=", ".join(failed)) if failed else None,
        details=tuple(
            {"wall_s": round(run.wall, 3), "tests": run.tests, "commands": run.commands, "failed": list(run.failed)}
            for run in runs
        ),
    )


def run_tests(wire: Wire, arguments: list[str], work_dir: Path) -> Run:
    """Run the plain tests once in a witness' namespace. Raises RuntimeError when pytest itself fails."""
    report, log, settings = work_dir / "plain.xml", work_dir / "plain.log", work_dir / "pytest.ini"
    settings.write_text("[pytest]\n", encoding="utf-8")
    for old in (report, log):
        old.unlink(missing_ok=True)
    argv = [sys.executable, "-m", "pytest", "-q", "--import-mode=importlib", "-p", "no:cacheprovider"]
    argv += ["-c", str(settings), "--rootdir", str(work_dir), f"--junit-xml={report}"]
    argv += ["-o", f"log_file={log}", "-o", "log_file_level=DEBUG", *arguments, str(_TESTS)]
    result = wire.run(argv, timeout_s=_LIMIT_S)
    if result.exit_code not in (0, 1) or not report.exists():
        said = (result.stdout + result.stderr)[-600:].decode("utf-8", "replace").strip()
        raise RuntimeError(f"pytest: exit={result.exit_code} timeout={result.timed_out} {said}")
    commands = log.read_text(encoding="utf-8", errors="replace").count("RUN CommandResult(") if log.exists() else 0
    run = read_report(report.read_text(encoding="utf-8"), result.duration_s, commands)
    if len(run.failed) == run.tests:  # the server could not be reached: that is no comparison
        raise RuntimeError(f"all {run.tests} tests failed")
    return run


def read_report(xml: str, wall: float, commands: int) -> Run:
    """What pytest's JUnit report says of a run."""
    suite = ET.fromstring(xml).find("testsuite")  # noqa: S314 - our own pytest wrote it
    if suite is None:
        raise RuntimeError("pytest: no test suite in its report")
    failed = tuple(
        case.get("name", "?")
        for case in suite.iter("testcase")
        if case.find("failure") is not None or case.find("error") is not None
    )
    return Run(float(suite.get("time", "0")), wall, int(suite.get("tests", "0")), failed, commands)


@contextmanager
def _access(ground: Ground, bench: Bench) -> Iterator[tuple[Wire, Path]]:
    """A witness on the server's network, and an ssh_config(5) that lets it in as root."""
    known = json.loads((bench.dir / HOST_KEYS).read_text(encoding="utf-8"))[MACHINE]
    address = _address(ground)
    kind, key = known.split()[:2]
    (ground.work_dir / "known_hosts").write_text(f"{address} {kind} {key}\n", encoding="ascii")
    config = ground.work_dir / "ssh_config"
    config.write_text(
        f"Host *\n  IdentityFile {ground.session.folder / 'ssh_key'}\n  IdentitiesOnly yes\n"
        f"  UserKnownHostsFile {ground.work_dir / 'known_hosts'}\n  StrictHostKeyChecking yes\n",
        encoding="utf-8",
    )
    witness = ground.lab.lab.networks[NETWORK].witness
    with ground.hypervisor.witness(bench.networks[NETWORK], witness, bench=bench.label) as wire:
        if not isinstance(wire, Wire):
            raise TypeError("the witness is no network namespace")
        yield wire, config


def _arguments(ground: Ground, scheme: str, config: Path, control: int | None) -> list[str]:
    more = "" if control is None else f"&controlpath={ground.work_dir}/control-{control}&controlpersist=5"
    return [f"--hosts={scheme}://root@{_address(ground)}?ssh_config={config}{more}"]


def _address(ground: Ground) -> str:
    nics = ground.lab.lab.machines[MACHINE].nics.values()
    return next(str(nic.address.ip) for nic in nics if nic.network == NETWORK and nic.address is not None)


def _strings(value: Any) -> list[str]:
    return [str(item) for item in value]
