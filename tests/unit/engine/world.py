"""A small world for the engine: a lab of two machines, a store, simulated machines, and a clock moved by hand."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from concurrent.futures import Executor, Future
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from orchestrator.bench import Bench, load_bench
from orchestrator.catalog import open_lab
from orchestrator.engine import lab
from orchestrator.engine.actual import Actual, Listing
from orchestrator.engine.desk import Desk
from orchestrator.engine.loop import Engine
from orchestrator.engine.work import Ground
from orchestrator.exam import EVENT, Command, Event, Exam, Phase, Sitting, commands, fold
from orchestrator.hypervisor.fake import FakeHypervisor
from orchestrator.hypervisor.hosts import Hosts
from orchestrator.hypervisor.port import DomainState
from orchestrator.settings import Settings
from orchestrator.store import Store, examtime, journal, open_store
from orchestrator.store.exams import StoredCandidate, StoredSession
from orchestrator.store.examtime import ManualClock

NINE = datetime(2026, 6, 15, 7, 0, tzinfo=UTC)
SLUG = "juin"
MACHINES = ("server", "client")
WHO: dict[str, Any] = {"who": "dupont", "why": "panne"}

_LAB = """\
id: small-lab
version: 1.0.0
title: A small lab
referential: rncp37681
duration_minutes: 60
subject: sujet.md
points: 1
networks:
  lan: { title: Office, subnet: 192.168.1.0/24, witness: 192.168.1.250/24 }
machines:
  server:
    title: Server
    image: server
    memory_mib: 512
    nics: { eth0: { network: lan, mac: "52:54:00:00:00:01" } }
  client:
    title: Client
    image: client
    memory_mib: 512
    nics: { eth0: { network: lan, mac: "52:54:00:00:00:02" } }
secrets:
  admin: { kind: password }
tasks:
  - id: names
    title: Names
    competency: BC02.C1
    points: 1
    checks:
      - { id: client-name, title: The name, check: host-name, points: 1, with: { on: client, name: desk } }
"""


class Inline(Executor):
    """Does what it is given at once, as a service would one thing after the other."""

    def submit(self, fn: Callable[..., Any], /, *args: Any, **kwargs: Any) -> Future[Any]:
        future: Future[Any] = Future()
        try:
            future.set_result(fn(*args, **kwargs))
        except Exception as error:  # noqa: BLE001 - what an executor does
            future.set_exception(error)
        return future


@cache
def _empty_database() -> bytes:
    """One that was just made: its migrations take longer than most tests."""
    with TemporaryDirectory() as folder:
        file = Path(folder) / "epreuve.db"
        open_store(file).close()
        return file.read_bytes()


def put_database(path: Path) -> None:
    """An empty database, unless there is one."""
    if not path.exists():
        path.touch(mode=0o600)
        path.write_bytes(_empty_database())


def write_lab(folder: Path) -> Path:
    folder.mkdir(parents=True)
    (folder / "lab.yml").write_text(_LAB, encoding="utf-8")
    (folder / "sujet.md").write_text("# {{ lab.title }}\n\n`{{ secrets.admin }}`\n", encoding="utf-8")
    return folder


class World:
    """Everything that a service and its supervisors share. ``restart``: the service died, and another one begins."""

    def __init__(
        self,
        root: Path,
        *,
        hypervisor: Callable[[Path], FakeHypervisor] | None = None,
        hosts: Sequence[str] = ("local",),
        clock: ManualClock | None = None,
        checkpoint_every_s: float = 900,
    ) -> None:
        self.settings = Settings(data_dir=root / "data")
        self.settings.data_dir.mkdir(parents=True, exist_ok=True)
        self.lab = root / "lab" if (root / "lab").exists() else write_lab(root / "lab")
        self.clock = clock or ManualClock(NINE)
        self.every = checkpoint_every_s
        make = hypervisor or (lambda file: FakeHypervisor(state=file))
        files = {name: self.settings.data_dir / f"machines-{name}.json" for name in hosts}
        self.hosts = {name: make(file) for name, file in files.items()}
        self.hypervisor = self.hosts[hosts[0]]
        put_database(self.settings.database)
        self.store: Store = open_store(self.settings.database)
        self.begin()

    def begin(self) -> None:
        """A service that knows nothing yet."""
        lab._read.cache_clear()
        self.desk = Desk(self.store, self.clock)
        inline = Inline()
        self.engine = Engine(
            Ground(Hosts.of(self.hosts), self.settings),
            self.desk,
            checkpoint_every_s=self.every,
            heavy=inline,
            quick=inline,
        )
        self.engine.begin()

    def close(self) -> None:
        self.store.close()

    # --- the supervisors
    def create(
        self, minutes: int = 60, *, variants_seed: str = "", simulated: bool = True, **extra: Decimal | str
    ) -> None:
        """A session. extra: the candidates, each with their extra time."""
        read = open_lab(str(self.lab))
        orders: list[Command] = [
            commands.Create(
                who="dupont",
                slug=SLUG,
                lab=read.lab.id,
                lab_version=str(read.lab.version),
                lab_hash=read.hash,
                format="complet",
                machines=tuple(read.lab.virtual),
                devices=tuple(read.lab.devices),
                phases=(Phase(kind="practical", title="Pratique", minutes=minutes, machines=MACHINES),),
                variants_seed=variants_seed,
            )
        ]
        people = []
        for number, (candidate, percent) in enumerate(extra.items()):
            orders.append(commands.Enrol(who="dupont", candidate=candidate, extra_percent=percent))  # type: ignore[arg-type]
            surname, first = f"Nomdefamille{number}", f"Prenomrare{number}"
            people.append(StoredCandidate(id=candidate, surname=surname, first_name=first, number=f"NUM-{number}"))
        reading = self.clock.read()
        new = StoredSession(
            slug=SLUG,
            lab_id=read.lab.id,
            lab_folder=str(read.folder),
            lab_hash=read.hash,
            lab_version=str(read.lab.version),
            format_id="complet",
            state="",
            document="",
            created_at=reading.wall,
            anchor=examtime.anchored(reading),
            simulated=simulated,
        )
        self.desk.create(new, people, orders)

    def do(self, *orders: Command) -> tuple[Event, ...]:
        return self.desk.do(SLUG, *orders)

    def started(self, minutes: int = 60, **extra: Decimal | str) -> None:
        """A session in which everybody has just begun."""
        self.create(minutes, **extra)
        self.do(commands.Prepare(who="dupont"))
        self.passes()
        self.do(commands.Start(who="dupont"))
        self.passes()

    # --- the service
    def passes(self, limit: int = 40) -> None:
        """Passes until nothing changes any more: the benches are as they should be."""
        for _ in range(limit):
            self.engine.run_pass()
            if not self.engine._busy:  # the last pass took no step
                return
        raise AssertionError(f"still busy after {limit} passes: {self.engine._busy} {self.engine._again}")

    def passes_once(self) -> None:
        """One pass, while something cannot be done."""
        self.engine.run_pass()

    def advance(self, minutes: float) -> None:
        self.clock.advance(timedelta(minutes=minutes))

    def elapsed(self) -> timedelta:
        """Since the day began."""
        return self.clock.read().wall - NINE

    def hosts_answer(self) -> None:
        """Wait until every host that can be connected to is."""
        while len(self.engine.ground.hosts.up()) < len(self.hosts):
            self.engine.ground.hosts.connect(wait_s=10)

    def retry(self) -> None:
        """Time enough for whatever failed to be tried again."""
        self.engine._again.clear()

    # --- what there is
    @property
    def exam(self) -> Exam:
        return self.desk.open(SLUG).exam

    def sitting(self, candidate: str = "c01") -> Sitting:
        return self.exam.candidates[candidate]

    def history(self) -> list[Event]:
        """The journal as events."""
        with self.store.read() as tx:
            return [
                EVENT.validate_python(
                    {
                        **entry.data,
                        "kind": entry.kind,
                        "at": entry.at,
                        "who": entry.who,
                        "why": entry.why,
                        **({"candidate": entry.candidate} if entry.candidate else {}),
                    }
                )
                for entry in journal.entries(tx, SLUG)
            ]

    def kinds(self, candidate: str | None = None) -> list[str]:
        return [event.kind for event in self.history() if candidate in (None, event.candidate)]

    def actual(self, candidate: str = "c01") -> Actual:
        return Listing(self.hypervisor, self.settings.benches_dir).bench(SLUG, candidate)

    def bench(self, candidate: str = "c01") -> Bench:
        found = load_bench(self.settings.benches_dir, SLUG, candidate)
        assert found is not None
        return found

    def folder(self, candidate: str = "c01") -> Path:
        return self.settings.benches_dir / SLUG / candidate

    def domain(self, machine: str, candidate: str = "c01") -> str:
        return f"ep-{SLUG}-{candidate}-{machine}"

    def states(self, candidate: str = "c01") -> set[DomainState]:
        return set(self.actual(candidate).machines.values())

    def work(self, text: str, candidate: str = "c01", machine: str = "server") -> None:
        """The candidate writes on a disk."""
        disk = self.folder(candidate) / f"{machine}.qcow2"
        content = json.loads(disk.read_text())
        disk.write_text(json.dumps({**content, "work": [*content.get("work", []), text]}))

    def worked(self, candidate: str = "c01", machine: str = "server") -> Sequence[str]:
        """What is on that disk."""
        content = json.loads((self.folder(candidate) / f"{machine}.qcow2").read_text())
        return list(content.get("work", []))

    def files(self) -> set[str]:
        """Every file and folder of the data directory but the database's own."""
        data = self.settings.data_dir
        return {str(path.relative_to(data)) for path in data.rglob("*") if not path.name.startswith("epreuve.db")}

    def networks(self) -> set[str]:
        return {view.name for view in self.hypervisor.networks()}

    def chained(self) -> None:
        """No entry of the journal was changed, added or removed unseen."""
        with self.store.read() as tx:
            assert journal.verify(tx, SLUG) == []

    def sound(self) -> None:
        """The journal is whole, and the exam is what it adds up to."""
        self.chained()
        assert fold(self.history()) == self.exam
