"""Long work that a page asks for: it goes on without its page, and how it ended is told."""

from __future__ import annotations

import os
import signal
from datetime import UTC, datetime
from pathlib import Path

import pytest

from orchestrator.engine import jobs, service
from orchestrator.engine.jobs import DetachedJobs, Order, preparation
from orchestrator.engine.locks import is_held, take
from orchestrator.settings import Oidc, Settings
from tests.awaiting import await_
from tests.unit.engine.world import SLUG, World


def order(world: World, slug: str = SLUG) -> Order:
    return Order(settings=world.settings, simulated=True, who="dupont", slug=slug)


@pytest.fixture
def no_service(monkeypatch: pytest.MonkeyPatch) -> list[bool]:
    started: list[bool] = []
    monkeypatch.setattr(service, "start", lambda _settings, *, simulated: started.append(simulated))
    return started


def test_preparing_orders_the_benches_in_the_name_of_who_asked_and_starts_a_service(
    world: World, no_service: list[bool]
) -> None:
    world.create(c01=0, c02=0)
    assert preparation(world.settings, SLUG) is None
    jobs.do(order(world))
    said = preparation(world.settings, SLUG)
    assert said is not None
    assert (said.done, said.failure, said.at_work) == (True, None, False)
    assert {sitting.state for sitting in world.exam.candidates.values()} == {"preparing"}
    assert [event.who for event in world.history() if event.kind == "prepare-asked"] == ["dupont", "dupont"]
    assert no_service == [True]
    jobs.do(order(world))  # again: a service is seen to, and that is all
    assert no_service == [True, True]
    assert world.kinds().count("prepare-asked") == 2


def test_what_does_not_fit_is_told_with_its_figures_and_nothing_is_ordered(
    world: World, no_service: list[bool], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("orchestrator.hypervisor.SIMULATED_MEMORY_MIB", 2048)
    world.create(c01=0, c02=0)
    jobs.do(order(world))
    said = preparation(world.settings, SLUG)
    assert said is not None
    assert said.failure is not None
    assert said.failure.code == "capacity"
    assert "2 postes" in said.failure.what.fr
    assert "Mio par poste" in said.failure.where
    assert {sitting.state for sitting in world.exam.candidates.values()} == {"enrolled"}
    assert no_service == []


def test_a_job_is_a_process_of_its_own_whose_end_is_told(world: World) -> None:
    assert preparation(world.settings, "nowhere") is None
    DetachedJobs(world.settings, simulated=True).prepare("nowhere", "dupont")
    said = preparation(world.settings, "nowhere")
    assert said is not None
    assert said.at_work or said.failure is not None  # from its first moment
    await_(lambda: (found := preparation(world.settings, "nowhere")) is not None and not found.at_work, "its end")
    said = preparation(world.settings, "nowhere")
    assert said is not None
    assert said.failure is not None
    assert said.failure.where == "nowhere"


def test_a_second_job_of_the_same_kind_is_not_begun(world: World) -> None:
    folder = world.settings.data_dir / "jobs"
    folder.mkdir()
    held = take(folder / f"prepare-{SLUG}.lock")
    assert held is not None
    jobs.begin(order(world))
    assert not (folder / f"prepare-{SLUG}.json").exists()
    os.close(held)


def test_a_job_that_was_killed_is_seen_to_be_gone(world: World) -> None:
    folder = world.settings.data_dir / "jobs"
    folder.mkdir()
    lock = folder / f"prepare-{SLUG}.lock"
    killed = os.fork()
    if killed == 0:  # pragma: no cover - a job that says something and never ends
        take(lock)
        jobs._say(order(world), jobs.Progress(who="dupont", since=datetime.now(UTC)))
        signal.pause()
    await_(lambda: (found := preparation(world.settings, SLUG)) is not None and found.at_work, "its beginning")
    os.kill(killed, signal.SIGKILL)
    os.waitpid(killed, 0)
    said = preparation(world.settings, SLUG)
    assert said is not None
    assert (said.at_work, said.done, said.failure) == (False, False, None)


def test_a_lock_lives_as_long_as_its_holder(tmp_path: Path) -> None:
    path = tmp_path / "lock"
    assert not is_held(path)
    held = take(path)
    assert held is not None
    assert is_held(path)
    assert take(path) is None
    os.close(held)
    assert not is_held(path)


def test_the_service_says_the_states_of_all_machines(tmp_path: Path) -> None:
    settings = Settings(data_dir=tmp_path)
    state = service._State(settings, datetime.now(UTC))
    state.say({}, "", {"juin/c01": {"server": "running"}}, {"nord": "", "sud": "away"})
    held = take(service.lock_path(settings))
    assert held is not None
    status = service.running(settings)
    os.close(held)
    assert status is not None
    assert status.machines == {"juin/c01": {"server": "running"}}
    assert status.hosts == {"nord": "", "sud": "away"}
    assert status.trouble == "sud: away"


def test_no_secret_stands_in_a_process_list(tmp_path: Path) -> None:
    oidc = Oidc(issuer="https://sso.example", client_id="epreuve", client_secret="very secret")
    asked = Order(settings=Settings(data_dir=tmp_path, oidc=oidc), simulated=True, who="dupont", slug="juin")
    assert "very secret" not in asked.spoken()
    assert Order.model_validate_json(asked.spoken()).name == asked.name


def test_a_service_that_was_asked_for_is_waited_for_only_so_long(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    begun: list[str] = []
    monkeypatch.setattr(jobs, "begin", lambda asked: begun.append(asked.name))
    detached = DetachedJobs(world.settings, simulated=True)
    detached.serve("dupont", wait_s=0.1)
    assert begun == ["service"]
    held = take(service.lock_path(world.settings))
    assert held is not None
    detached.serve("dupont", wait_s=0.1)  # it has begun, and looks after nothing yet
    service._State(world.settings, datetime.now(UTC)).say({}, "", {}, {})
    detached.serve("dupont", wait_s=600)  # nothing is begun, nobody waits
    os.close(held)
    assert begun == ["service"]
