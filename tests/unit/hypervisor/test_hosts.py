"""Hosts come and go, each by itself."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path

import pytest

from labs.errors import UsageError
from labs.text import Text
from orchestrator.hypervisor import connect_all, hosts
from orchestrator.hypervisor.errors import DaemonError, HypervisorError
from orchestrator.hypervisor.fake import FakeHypervisor
from orchestrator.hypervisor.hosts import Hosts
from orchestrator.hypervisor.port import Hypervisor
from orchestrator.settings import load_settings

AWAY = DaemonError(Text("absent", "away"))


@pytest.fixture(autouse=True)
def impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(hosts, "RETRY_S", 0.0)


class House:
    """Two hosts that can be reached or not, and which connections to them are open."""

    def __init__(self) -> None:
        self.away = {"nord": False, "sud": True}
        self.open: list[str] = []

    def hosts(self) -> Hosts:
        return Hosts({name: partial(self.connect, name) for name in self.away})

    @contextmanager
    def connect(self, name: str) -> Iterator[Hypervisor]:
        if self.away[name]:
            raise AWAY
        self.open.append(name)
        yield FakeHypervisor()
        self.open.remove(name)


def test_a_host_that_cannot_be_reached_is_down_and_the_others_are_not() -> None:
    house = House()
    made = house.hosts()
    made.connect(wait_s=120)
    assert list(made.up()) == ["nord"]
    assert made.first() is made.get("nord")
    assert made.troubles()["nord"] == ""
    assert made.silent_s("nord") == 0
    assert made.silent_s("sud") > 0
    with pytest.raises(DaemonError) as caught:
        made.get("sud")
    assert "absent" in caught.value.what.en
    house.away["sud"] = False
    made.connect(wait_s=120)
    assert list(made.up()) == ["nord", "sud"]
    made.close()
    assert house.open == []


def test_a_lost_connection_is_made_anew_and_a_refusal_is_none() -> None:
    house = House()
    made = house.hosts()
    made.connect(wait_s=120)
    before = made.get("nord")
    made.failed("nord", HypervisorError(Text("refus", "refusal")))
    assert made.get("nord") is before
    assert made.silent_s("nord") > 0
    made.answered("nord")
    assert made.silent_s("nord") == 0
    made.failed("nord", AWAY)
    assert made.up() == {}
    with pytest.raises(DaemonError):
        made.first()
    made.connect(wait_s=120)
    assert made.get("nord") is not before
    made.close()
    assert house.open == []


def test_an_unknown_host_is_refused_with_the_names_there_are() -> None:
    made = Hosts.of(FakeHypervisor(), "nord")
    with pytest.raises(DaemonError) as caught:
        made.get("ouest")
    assert caught.value.do is not None
    assert "nord" in caught.value.do.en


@pytest.fixture
def settings_of(tmp_path: Path) -> Callable[[str], dict[str, str]]:
    def write(text: str) -> dict[str, str]:
        file = tmp_path / "epreuve.toml"
        file.write_text(text, encoding="utf-8")
        return {"EPREUVE_CONFIG": str(file), "EPREUVE_DATA": str(tmp_path)}

    return write


def test_there_are_as_many_simulated_hosts_as_the_settings_name(settings_of: Callable[[str], dict[str, str]]) -> None:
    settings = load_settings(settings_of('[hosts]\nnord = "local"\nsud = "qemu+ssh://sud/system"\n'))
    with connect_all(settings, simulated=True) as made:
        assert list(made.up()) == ["nord", "sud"]
        assert made.get("nord") is not made.get("sud")
    assert load_settings(settings_of("")).host_uris == {"local": "local"}
    assert load_settings(settings_of('libvirt_uri = "test:///"')).host_uris == {"local": "test:///"}


@pytest.mark.parametrize(
    "text",
    [
        'libvirt_uri = "qemu:///system"\n[hosts]\nnord = "local"\n',
        '[hosts]\nnord = "local"\nsud = "local"\n',
        '[hosts]\n"Le Nord" = "local"\n',
        '[hosts]\nnord = ""\n',
    ],
)
def test_hosts_that_cannot_be_told_apart_are_refused(settings_of: Callable[[str], dict[str, str]], text: str) -> None:
    with pytest.raises(UsageError):
        load_settings(settings_of(text))
