"""Every answer of a device's page is read as it was, from a file and from a server that answers so."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from checkers.channels.ssh import Login
from checkers.channels.ubus import UbusAgent
from checkers.facts import Raw
from checkers.observe import Channel, Place, observe
from checkers.openwrt.http.dialect import OPENWRT_HTTP
from checkers.openwrt.http.twin import UbusTwin
from checkers.openwrt.http.twins import TWINS
from checkers.probe import Question
from checkers.secrets import token
from tests.ubus_server import Device, ubus
from tests.unit.checkers.openwrt.https import lines
from tests.unit.checkers.reading import read_as_it_was
from tests.wsman.server import Identity, identity

GOLDENS = Path(__file__).parents[3] / "goldens" / "openwrt-https"
FILES = sorted(GOLDENS.glob("*/*.json"))
NAMES = [f"{file.parent.name}/{file.stem}" for file in FILES]
PROBES = {probe.name: probe for probe in TWINS}
WANTED, KEY = "Wanted=Wanted", "Wifi=Wifi=Wifi"


@pytest.mark.parametrize("file", FILES, ids=NAMES)
def test_golden(file: Path) -> None:
    golden: dict[str, Any] = json.loads(file.read_text("utf-8"))
    assert golden["source"] == "recorded" or golden["reference"].startswith("https://openwrt.org/")
    probe = PROBES[file.parent.name].model_validate(golden["args"])
    assert TWINS[type(probe)].command(probe).splitlines() == golden["calls"]
    read_as_it_was(probe, Raw(stdout=lines(golden["answers"])), golden["value"], TWINS[type(probe)])


@pytest.fixture(scope="module")
def own(tmp_path_factory: pytest.TempPathFactory) -> Identity:
    return identity(tmp_path_factory.mktemp("page"), "OpenWrt")


@pytest.fixture(scope="module")
def device(own: Identity) -> Iterator[Device]:
    with ubus(own, {}, accounts={}) as device:
        yield device


@pytest.mark.parametrize("file", FILES, ids=NAMES)
def test_a_device_that_answers_so_is_read_so(file: Path, device: Device, own: Identity) -> None:
    golden: dict[str, Any] = json.loads(file.read_text("utf-8"))
    golden["answers"] = json.loads(json.dumps(golden["answers"], ensure_ascii=False).replace(token("wifi"), KEY))
    probe = PROBES[file.parent.name].model_validate(golden["args"])
    twin = TWINS[type(probe)]
    assert isinstance(twin, UbusTwin)
    said = list(zip(twin.calls(probe), golden["answers"], strict=True))
    device.says = {
        f"{call.object} {call.method} {json.dumps(call.args, sort_keys=True)}": answer
        for call, answer in said
        if answer[0] >= 0 and not call.is_login
    }
    tried = [answer[0] == 0 for call, answer in said if call.is_login]
    root = WANTED if tried[:1] == [False] else ""
    device.accounts = {"epreuve": "Tkhd=Rnfg=Gbjp", "root": root}
    login = Login("epreuve", password="Tkhd=Rnfg=Gbjp")
    agent = UbusAgent(device.dial, login=login, fingerprint=own.fingerprint, host="192.0.2.1", where="https ap")
    secrets = {"admin_borne": WANTED, "wifi": KEY}
    place = Place("ap", [Channel("https", agent, OPENWRT_HTTP)], secrets=secrets, reveal=True)
    with closing(agent):
        (fact,) = observe([Question("ap", probe)], [place], 30)
    assert fact.value == golden["value"]


@pytest.mark.parametrize("name", sorted(PROBES))
def test_every_twin_has_a_golden(name: str) -> None:
    assert list((GOLDENS / name).glob("*.json"))
