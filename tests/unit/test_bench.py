"""Goldens and benches on the simulated hypervisor: made whole or not at all, found again, fully removed."""

from __future__ import annotations

import fcntl
import os
import threading
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import pytest

from checkers.channel import Agent, ExecResult
from labs.model import Lab
from labs.text import Text
from orchestrator import golden as goldens
from orchestrator import golden_build
from orchestrator.bench import (
    BenchError,
    CapacityError,
    create_bench,
    destroy_bench,
    destroy_orphans,
    list_benches,
    load_bench,
    reset_machine,
)
from orchestrator.capacity import require_room_for, room_for
from orchestrator.golden import Golden, PrepareContext, ensure_golden, golden_key, list_goldens, load_golden
from orchestrator.hypervisor import readiness
from orchestrator.hypervisor.errors import HypervisorError
from orchestrator.hypervisor.fake import FakeHypervisor
from orchestrator.hypervisor.port import DomainSpec, DomainState, HostInfo, NetworkSpec, Stamp, store_id

LAB = Lab.model_validate(
    {
        "id": "small",
        "version": "1.0.0",
        "title": "Petit sujet",
        "referential": "rncp37681",
        "duration_minutes": 30,
        "subject": "sujet.md",
        "points": 1,
        "networks": {
            "lan": {"title": "LAN", "subnet": "192.0.2.0/24", "witness": "192.0.2.250/24"},
            "dmz": {"title": "DMZ", "subnet": "198.51.100.0/24", "witness": "198.51.100.250/24"},
        },
        "machines": {
            "server": {
                "title": "Serveur",
                "image": "server",
                "memory_mib": 1024,
                "nics": {
                    "eth0": {"network": "lan", "mac": "52:54:00:00:00:01"},
                    "eth1": {"network": "dmz", "mac": "52:54:00:00:00:02"},
                },
                "prepare": "setup/server.yml",
                "ready": "services answer",
            },
            "client": {
                "title": "Poste",
                "image": "client",
                "memory_mib": 512,
                "nics": {"eth0": {"network": "lan", "mac": "52:54:00:00:00:03"}},
            },
        },
        "tasks": [
            {
                "id": "t",
                "title": "T",
                "competency": "BC01.C1",
                "points": 1,
                "checks": [{"id": "c", "title": "C", "check": "x", "points": 1}],
            }
        ],
    }
)


@dataclass(frozen=True)
class _Image:
    key: str
    disk: Path
    kernel: Path
    initrd: Path
    cmdline: str = "root=/dev/vda"


@pytest.fixture(autouse=True)
def impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    """Silent machines are given up soon."""
    for name in ("BOOT_LIMIT_S", "READY_LIMIT_S"):
        monkeypatch.setattr(golden_build, name, 0.3)
    from orchestrator import bench_start

    for name in ("WARM_AGENT_LIMIT_S", "COLD_AGENT_LIMIT_S", "READY_LIMIT_S"):
        monkeypatch.setattr(bench_start, name, 0.3)


class House:
    """A hypervisor, a folder with the lab, images, and stores."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self.hypervisor = FakeHypervisor(lambda stamp: lambda argv, stdin: self.answer(stamp, argv, stdin))
        self.asked: list[tuple[str, tuple[str, ...]]] = []
        self.services_answer = True
        self.goldens, self.benches = root / "goldens", root / "benches"
        self.lab_dir = root / "lab"
        (self.lab_dir / "setup").mkdir(parents=True)
        (self.lab_dir / "setup" / "server.yml").write_text("- hosts: server\n")
        self.images = {name: self.image(name, name * 8) for name in ("server", "client")}

    def image(self, name: str, key: str) -> _Image:
        place = self.root / "images" / name
        place.mkdir(parents=True, exist_ok=True)
        for file in ("disk", "kernel", "initrd"):
            (place / file).write_text(name)
        return _Image(key, place / "disk", place / "kernel", place / "initrd")

    def answer(self, stamp: Stamp, argv: Sequence[str], _stdin: bytes) -> ExecResult | None:
        self.asked.append((stamp.machine, tuple(argv)))
        if argv[-1] == "services answer" and not self.services_answer:
            return ExecResult(1, b"", b"port 53 is closed")
        return None

    def golden(self, lab: Lab = LAB, **more: object) -> Golden:
        return ensure_golden(
            lab,
            self.lab_dir,
            images=self.images,
            hypervisor=self.hypervisor,
            store=self.goldens,
            **more,  # type: ignore[arg-type]
        )

    def bench(self, name: str = "a", **more: object) -> object:
        return create_bench(
            self.golden(),
            hypervisor=self.hypervisor,
            store=self.benches,
            session="jury",
            name=name,
            candidate=f"Candidate {name}",
            **more,  # type: ignore[arg-type]
        )

    def left(self) -> list[str]:
        """Everything that exists beside whole goldens."""
        things = [view.name for view in self.hypervisor.domains()] + [view.name for view in self.hypervisor.networks()]
        for store in (self.goldens, self.benches):
            whole = {golden.key for golden in list_goldens(store)}
            things += [entry.name for entry in store.iterdir() if entry.name not in whole] if store.is_dir() else []
        return things


@pytest.fixture
def house(tmp_path: Path) -> House:
    return House(tmp_path)


# --- goldens


def test_a_golden_is_made_once_and_then_found(house: House) -> None:
    said: list[str] = []
    first = house.golden(progress=lambda text: said.append(text.en))
    assert said
    said.clear()
    assert house.golden(progress=lambda text: said.append(text.en)) == first
    assert said == []
    assert house.left() == []
    assert list_goldens(house.goldens) == [first]
    assert first.cold_reason is None


def test_a_goldens_files_are_closed_to_others(house: House) -> None:
    golden = house.golden()
    assert golden.dir.stat().st_mode & 0o777 == 0o700
    assert house.goldens.stat().st_mode & 0o777 == 0o700
    for machine in golden.machines.values():
        assert golden.path(machine.disk).stat().st_mode & 0o777 == 0o400
        assert golden.path(machine.saved).stat().st_mode & 0o777 == 0o600
    assert (golden.dir / goldens.MANIFEST).stat().st_mode & 0o777 == 0o600


def test_the_hook_sees_running_machines_before_they_are_saved(house: House) -> None:
    seen: list[dict[str, str]] = []

    def prepare(context: PrepareContext) -> None:
        assert all(agent.ping() for agent in context.agents.values())
        assert context.work_dir.is_dir()
        seen.append(dict(context.domains))

    golden = house.golden(prepare=prepare)
    assert [set(domains) for domains in seen] == [{"server", "client"}]
    assert not (golden.dir / "work").exists()
    order = [argv[-1] for machine, argv in house.asked if machine == "server"]
    assert "services answer" in order


@pytest.mark.parametrize("change", ["image", "memory", "playbook", "role", "ready", "mac"])
def test_what_the_golden_is_made_from_changes_its_key(house: House, change: str) -> None:
    def key(lab: Lab = LAB) -> str:
        return golden_key(lab, house.lab_dir, house.images, house.hypervisor)

    before = key()
    assert key() == before
    server = LAB.machines["server"]
    if change == "image":
        house.images["server"] = house.image("server", "newer")
    if change == "playbook":
        (house.lab_dir / "setup" / "server.yml").write_text("- hosts: all\n")
    if change == "role":
        (house.lab_dir / "setup" / "roles").mkdir()
        (house.lab_dir / "setup" / "roles" / "x.yml").write_text("x")
    nic = server.nics["eth0"].model_copy(update={"mac": "52:54:00:00:00:99"})
    changed = {
        "memory": {"memory_mib": 2048},
        "ready": {"ready": "other"},
        "mac": {"nics": {**server.nics, "eth0": nic}},
    }.get(change, {})
    machines = {**LAB.machines, "server": server.model_copy(update=changed)}
    assert key(LAB.model_copy(update={"machines": machines})) != before


def test_the_subjects_wording_does_not_change_the_key(house: House) -> None:
    before = golden_key(LAB, house.lab_dir, house.images, house.hypervisor)
    reworded = LAB.model_copy(update={"title": "Autre titre", "duration_minutes": 60})
    assert golden_key(reworded, house.lab_dir, house.images, house.hypervisor) == before


class _BangError(Exception):
    pass


def test_nothing_is_left_of_a_golden_whose_setup_fails(house: House) -> None:
    def prepare(_context: PrepareContext) -> None:
        raise _BangError

    with pytest.raises(_BangError):
        house.golden(prepare=prepare)
    assert house.left() == []


def test_nothing_is_left_of_a_golden_whose_services_never_answer(house: House) -> None:
    house.services_answer = False
    with pytest.raises(HypervisorError) as caught:
        house.golden()
    assert "port 53 is closed" in caught.value.what.en
    assert house.left() == []


@pytest.mark.parametrize("step", ["create_network", "create_overlay", "start", "suspend", "save"])
def test_nothing_is_left_when_the_hypervisor_refuses(house: House, step: str, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_args: object, **_more: object) -> None:
        raise HypervisorError(Text("non", "no"))

    with monkeypatch.context() as patch:
        patch.setattr(house.hypervisor, step, refuse)
        with pytest.raises(HypervisorError):
            house.golden()
    assert house.left() == []
    assert house.golden()


def test_what_a_killed_builder_left_is_removed_by_the_next(house: House) -> None:
    key = golden_key(LAB, house.lab_dir, house.images, house.hypervisor)
    stamp = Stamp("golden", key[:8], "small", "golden", key, store_id(house.goldens), network="lan")
    house.hypervisor.create_network(NetworkSpec("ep-golden-old-lan", stamp))
    stranger = NetworkSpec(
        "ep-golden-stranger-lan", Stamp("golden", "x", "small", "golden", key, "another!", "", "lan")
    )
    house.hypervisor.create_network(stranger)
    half = house.goldens / f".{key}.building-1"
    half.mkdir(parents=True)
    (half / "server.qcow2").write_text("half")
    assert house.golden().key == key
    assert house.left() == ["ep-golden-stranger-lan"]


def test_a_golden_with_a_missing_file_is_made_again(house: House) -> None:
    golden = house.golden()
    golden.path(golden.machines["server"].saved).unlink()
    assert load_golden(golden.dir) is None
    again = house.golden()
    assert again.key == golden.key
    assert again.path(again.machines["server"].saved).is_file()


def test_two_who_want_the_same_golden_build_it_once(house: House) -> None:
    built = []
    found: list[Golden] = []

    def prepare(_context: PrepareContext) -> None:
        built.append(1)

    threads = [threading.Thread(target=lambda: found.append(house.golden(prepare=prepare))) for _ in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(built) == 1
    assert len({golden.key for golden in found}) == 1
    assert house.left() == []


def test_a_host_that_cannot_clone_warm_is_found_out_and_says_why(house: House) -> None:
    house.hypervisor.warm_works = False
    golden = house.golden()
    assert golden.cold_reason is not None
    bench = house.bench()
    assert {machine.start for machine in bench.machines.values()} == {"cold"}  # type: ignore[attr-defined]
    assert {machine.reason for machine in bench.machines.values()} == {golden.cold_reason}  # type: ignore[attr-defined]


def test_a_missing_image_is_named(house: House) -> None:
    del house.images["client"]
    with pytest.raises(HypervisorError, match="client"):
        house.golden()


# --- benches


def test_a_bench_is_made_whole(house: House) -> None:
    bench = house.bench()
    assert bench == load_bench(house.benches, "jury", "a")
    domains = {view.name: view for view in house.hypervisor.domains()}
    assert set(domains) == {"ep-jury-a-server", "ep-jury-a-client"}
    assert {view.state for view in domains.values()} == {DomainState.RUNNING}
    assert {view.name for view in house.hypervisor.networks()} == {"ep-jury-a-lan", "ep-jury-a-dmz"}
    assert bench.dir.stat().st_mode & 0o777 == 0o700  # type: ignore[attr-defined]
    assert list(bench.timings)[-1] == "total"  # type: ignore[attr-defined]


def test_each_machine_is_personalised_before_its_services_are_asked(house: House) -> None:
    house.golden()
    house.asked.clear()
    lock = threading.Lock()
    told: list[str] = []

    def personalise(machine: str, agent: Agent) -> None:
        with lock:
            told.append(machine)
        agent.run(["personalise"], timeout_s=1)

    house.bench(personalise=personalise)
    assert sorted(told) == ["client", "server"]
    server = [argv[-1] for machine, argv in house.asked if machine == "server"]
    assert server.index("personalise") < server.index("services answer")


def test_benches_are_listed_and_destroyed_without_trace(house: House) -> None:
    for name in ("a", "b"):
        house.bench(name)
    assert [bench.candidate for bench in list_benches(house.hypervisor, house.benches)] == [
        "Candidate a",
        "Candidate b",
    ]
    (house.benches / "jury" / "a" / "reports").mkdir()
    destroy_bench(house.hypervisor, house.benches, "jury", "a")
    destroy_bench(house.hypervisor, house.benches, "jury", "a")
    assert [bench.name for bench in list_benches(house.hypervisor, house.benches)] == ["b"]
    destroy_bench(house.hypervisor, house.benches, "jury", "b")
    assert house.left() == []


def test_a_lost_file_is_rebuilt_from_the_stamps(house: House) -> None:
    made = house.bench()
    (house.benches / "jury" / "a" / "bench.json").unlink()
    (rebuilt,) = list_benches(house.hypervisor, house.benches)
    assert rebuilt.rebuilt
    assert (rebuilt.session, rebuilt.name, rebuilt.lab, rebuilt.golden_key) == (
        "jury",
        "a",
        "small",
        house.golden().key,
    )
    assert rebuilt.networks == made.networks  # type: ignore[attr-defined]
    assert {m.domain for m in rebuilt.machines.values()} == {m.domain for m in made.machines.values()}  # type: ignore[attr-defined]
    destroy_bench(house.hypervisor, house.benches, "jury", "a")
    assert house.left() == []


def test_a_bench_that_exists_is_not_overwritten(house: House) -> None:
    before = house.bench()
    with pytest.raises(BenchError, match="existe"):
        house.bench()
    assert list_benches(house.hypervisor, house.benches) == [before]
    assert len(house.hypervisor.domains()) == 2


def test_a_bench_of_another_data_directory_stays_untouched(house: House, tmp_path: Path) -> None:
    house.bench()
    house.benches = tmp_path / "elsewhere"
    with pytest.raises(BenchError):
        house.bench()
    destroy_bench(house.hypervisor, house.benches, "jury", "a")
    assert destroy_orphans(house.hypervisor, house.benches, house.goldens) == []
    assert len(house.hypervisor.domains()) == 2
    assert not (house.benches / "jury").exists()


@pytest.mark.parametrize("name", ["", "A", "é", "a b", "../x", "x" * 17, "-a"])
def test_a_name_that_does_not_do_is_refused(house: House, name: str) -> None:
    with pytest.raises(BenchError):
        house.bench(name)
    assert house.left() == []


def test_a_bench_being_worked_on_is_not_touched_by_another(house: House) -> None:
    place = house.benches / "jury" / "a"
    place.mkdir(parents=True)
    held = os.open(place, os.O_RDONLY)
    fcntl.flock(held, fcntl.LOCK_EX)
    try:
        with pytest.raises(BenchError):
            house.bench()
        with pytest.raises(BenchError):
            destroy_bench(house.hypervisor, house.benches, "jury", "a")
    finally:
        os.close(held)
    assert house.bench()


@pytest.mark.parametrize("step", ["create_network", "create_overlay", "agent"])
def test_nothing_is_left_of_a_bench_that_cannot_be_made(
    house: House, step: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    golden = house.golden()

    def refuse(*_args: object, **_more: object) -> None:
        raise HypervisorError(Text("non", "no"))

    monkeypatch.setattr(house.hypervisor, step, refuse)
    with pytest.raises(HypervisorError):
        create_bench(golden, hypervisor=house.hypervisor, store=house.benches, session="jury", name="a")
    assert house.left() == []


def test_nothing_is_left_when_personalising_fails(house: House) -> None:
    def personalise(_machine: str, _agent: Agent) -> None:
        raise _BangError

    with pytest.raises(_BangError):
        house.bench(personalise=personalise)
    assert house.left() == []


def test_nothing_is_left_when_the_services_do_not_answer(house: House) -> None:
    house.golden()
    house.services_answer = False
    with pytest.raises(HypervisorError, match="port 53"):
        house.bench()
    assert house.left() == []


def test_a_machine_that_restores_but_stays_silent_is_booted_cold(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    house.golden()
    clone = house.hypervisor.warm_clone

    def mute(saved: Path, spec: DomainSpec) -> None:
        clone(saved, spec)
        if spec.stamp.machine == "server":
            house.hypervisor.kill_agent(spec.name)

    monkeypatch.setattr(house.hypervisor, "warm_clone", mute)
    bench = house.bench()
    server, client = bench.machines["server"], bench.machines["client"]  # type: ignore[attr-defined]
    assert (server.start, client.start) == ("cold", "simulated")
    assert server.reason is not None
    assert client.reason is None


def test_half_a_bench_is_an_orphan_and_a_whole_one_is_not(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    house.bench("whole")
    golden = house.golden()
    # Killed while making: the machines and networks are there, the file says "creating".
    monkeypatch.setattr("orchestrator.bench._remove", lambda *_args: None)
    monkeypatch.setattr("orchestrator.bench.forget", lambda *_args: None)

    def killed(_machine: str, _agent: Agent) -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        create_bench(
            golden, hypervisor=house.hypervisor, store=house.benches, session="jury", name="half", personalise=killed
        )
    monkeypatch.undo()
    assert {bench.name: bench.state for bench in list_benches(house.hypervisor, house.benches)} == {
        "half": "creating",
        "whole": "ready",
    }
    assert destroy_orphans(house.hypervisor, house.benches, house.goldens) == ["jury-half"]
    assert [bench.name for bench in list_benches(house.hypervisor, house.benches)] == ["whole"]
    assert len(house.hypervisor.domains()) == 2


def test_a_network_without_any_machine_is_an_orphan(house: House) -> None:
    stamp = Stamp("jury", "old", "small", "bench", "k", store_id(house.benches), network="lan")
    house.hypervisor.create_network(NetworkSpec("ep-jury-old-lan", stamp))
    assert destroy_orphans(house.hypervisor, house.benches) == ["jury-old"]
    assert house.left() == []


def test_what_a_golden_builder_left_is_an_orphan_unless_it_is_at_work(house: House) -> None:
    stamp = Stamp("golden", "k", "small", "golden", "k" * 32, store_id(house.goldens), network="lan")
    house.hypervisor.create_network(NetworkSpec("ep-golden-k-lan", stamp))
    house.goldens.mkdir()
    lock = house.goldens / f".{'k' * 32}.lock"
    held = os.open(lock, os.O_RDWR | os.O_CREAT)
    fcntl.flock(held, fcntl.LOCK_EX)
    assert destroy_orphans(house.hypervisor, house.benches, house.goldens) == []
    os.close(held)
    assert destroy_orphans(house.hypervisor, house.benches, house.goldens) == ["ep-golden-k-lan"]
    assert house.left() == []


# --- reset


def test_one_machine_is_reset_and_the_other_goes_on(house: House) -> None:
    bench = house.bench()
    house.hypervisor.set_link("ep-jury-a-client", "52:54:00:00:00:03", up=False)
    house.hypervisor.set_link("ep-jury-a-server", "52:54:00:00:00:01", up=False)
    after = reset_machine(bench, "client", house.golden(), hypervisor=house.hypervisor)  # type: ignore[arg-type]
    assert house.hypervisor.link_up("ep-jury-a-client", "52:54:00:00:00:03")
    assert not house.hypervisor.link_up("ep-jury-a-server", "52:54:00:00:00:01")
    assert after == load_bench(house.benches, "jury", "a")
    assert after.machines["client"].uuid == bench.machines["client"].uuid  # type: ignore[attr-defined]


def test_an_unknown_machine_or_another_golden_is_refused(house: House) -> None:
    bench = house.bench()
    with pytest.raises(BenchError, match="printer"):
        reset_machine(bench, "printer", house.golden(), hypervisor=house.hypervisor)  # type: ignore[arg-type]
    other = house.golden().model_copy(update={"key": "other"})
    with pytest.raises(BenchError):
        reset_machine(bench, "client", other, hypervisor=house.hypervisor)  # type: ignore[arg-type]


# --- capacity


def test_a_bench_that_does_not_fit_into_memory_is_refused_with_figures(house: House) -> None:
    golden = house.golden()
    house.hypervisor.memory_mib = 2000
    with pytest.raises(CapacityError) as caught:
        house.bench()
    assert str(golden.need().memory_mib) in caught.value.what.en
    assert str(2000 - 512) in caught.value.what.en
    assert house.left() == []


def test_only_the_share_of_the_memory_that_is_set_says_what_fits(house: House) -> None:
    golden = house.golden()
    bench_mib = golden.need().memory_mib
    house.hypervisor.memory_mib = bench_mib + 512  # one whole bench beside what stays with the host
    assert room_for(house.hypervisor, house.benches, golden.need(), 2).by_memory == 1
    house.hypervisor.memory_share = 50
    room = room_for(house.hypervisor, house.benches, golden.need(), 3)
    assert (room.by_memory, room.needed_memory_mib) == (2, -(-bench_mib // 2))
    with pytest.raises(CapacityError) as caught:
        require_room_for(room)
    assert "memory_share 50 %" in caught.value.where
    house.bench()  # and what runs is counted by its share too
    assert room_for(house.hypervisor, house.benches, golden.need(), 1).by_memory == 1


def test_a_bench_that_does_not_fit_on_the_disk_is_refused_with_figures(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    house.golden()

    class Usage:
        free = 600 << 20

    monkeypatch.setattr("shutil.disk_usage", lambda _path: Usage)
    with pytest.raises(CapacityError) as caught:
        house.bench()
    assert "88 left" in caught.value.what.en
    assert house.left() == []


# --- waiting


def test_waiting_for_calm_ends_when_the_machines_rest_or_the_time_is_over(monkeypatch: pytest.MonkeyPatch) -> None:
    used = iter([0.0, 1.0, 2.0, 2.01, 2.02, 2.03])

    class Host(FakeHypervisor):
        def info(self) -> HostInfo:
            return replace(super().info(), simulated=False)

        def cpu_time(self, _domain: str) -> float:
            return next(used)

    now = iter(float(n) for n in range(100))
    monkeypatch.setattr(readiness, "monotonic", lambda: next(now))
    monkeypatch.setattr(readiness, "sleep", lambda _seconds: None)
    assert readiness.wait_calm(Host(), ["m"], timeout_s=50, window_s=1)

    class Busy(Host):
        def cpu_time(self, _domain: str) -> float:
            return next(now) * 2

    assert not readiness.wait_calm(Busy(), ["m"], timeout_s=20, window_s=1)
    assert readiness.wait_calm(FakeHypervisor(), ["none"], timeout_s=0)
