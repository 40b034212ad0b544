"""When the disk runs low, ``epreuve doctor`` says how much can be freed."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from types import SimpleNamespace

import pytest

from orchestrator import doctor
from orchestrator.doctor import Finding, examine
from orchestrator.hypervisor.hosts import Hosts
from tests.unit.pruning.conftest import Attic


@pytest.fixture
def low(monkeypatch: pytest.MonkeyPatch) -> None:
    """Ten GiB are free."""
    monkeypatch.setattr(doctor.shutil, "disk_usage", lambda _place: SimpleNamespace(free=10 << 30))


def disk(attic: Attic, monkeypatch: pytest.MonkeyPatch) -> Finding:
    @contextmanager
    def connected(*_: object, **__: object) -> Iterator[Hosts]:
        yield Hosts.of(attic.world.hypervisor)

    monkeypatch.setattr(doctor, "connect_all", connected)
    return next(one for one in examine(attic.settings, simulated=True) if one.name == "disk")


@pytest.mark.usefixtures("low")
def test_what_could_be_freed_is_told(attic: Attic, monkeypatch: pytest.MonkeyPatch) -> None:
    golden = attic.golden()
    monkeypatch.setattr(
        doctor, "freed", lambda items: (5 << 30) * len([one for one in items if one.path == golden.dir])
    )
    found = disk(attic, monkeypatch)
    assert found.state == "warning"
    assert str(found.do).endswith("« epreuve image prune » rend 5 Gio.")


@pytest.mark.usefixtures("low")
def test_nothing_is_said_of_what_is_not_worth_it(attic: Attic, monkeypatch: pytest.MonkeyPatch) -> None:
    attic.golden()
    assert "prune" not in str(disk(attic, monkeypatch).do)
