"""An OpenWrt device asked over HTTPS is judged as it is over SSH; what its page does not tell is not seen."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from checkers.channel import ChannelError, OtherKeyError
from checkers.channels.ssh import Login
from checkers.channels.ubus import UbusAgent, offered_certificate
from checkers.check import Check
from checkers.checks.access_point import AccessPointAdminIs
from checkers.observe import Channel, Place, observe
from checkers.openwrt.http.dialect import OPENWRT_HTTP
from checkers.openwrt.http.twins import TWINS as HTTP_TWINS
from checkers.openwrt.twins.catalog import TWINS
from checkers.probe import Question
from checkers.probes.access_point import AccessPointAdmin
from checkers.probes.awake import Awake
from checkers.probes.hosts import HostName
from tests.ubus_server import Device, on, says, ubus
from tests.unit.checkers.network.judging import Judged, judged
from tests.unit.checkers.openwrt import https
from tests.unit.checkers.openwrt.device import iface, said
from tests.unit.checkers.openwrt.test_verdicts import ADDRESS, ADDRESSES, ADMIN, EXPECTED, RIGHT, WRONG
from tests.wsman.server import Identity, identity


def verdict(check: Check, answers: list[list[Any]], *, up_s: int = 4000) -> Judged:
    up = https.lines([[0, {"uptime": up_s}]])
    return judged(check, https.lines(answers), awake=up, dialect=OPENWRT_HTTP)


def test_every_question_that_is_put_over_ssh_is_put() -> None:
    assert set(HTTP_TWINS) == set(TWINS)


@pytest.mark.parametrize("output", RIGHT)
def test_right(output: str) -> None:
    found = verdict(EXPECTED, https.access_point(output))
    assert found.outcome == "PASS", found.reason


@pytest.mark.parametrize(("output", "outcome", "reason"), [one for one in WRONG if "attendent" not in one[2]])
def test_wrong(output: str, outcome: str, reason: str) -> None:
    found = verdict(EXPECTED, https.access_point(output))
    assert (found.outcome, reason in found.reason) == (outcome, True), found.reason


@pytest.mark.parametrize(("output", "outcome"), ADDRESSES)
def test_address(output: str, outcome: str) -> None:
    assert verdict(ADDRESS, https.access_point(output)).outcome == outcome


def test_a_device_that_has_just_started_has_its_radios_to_come() -> None:
    status, saved, dump, network = https.access_point(said(iface()))
    for radio in status[1].values():
        radio.update(up=False, interfaces=[])
    assert verdict(EXPECTED, [status, saved, dump, network], up_s=30).outcome == "INCONCLUSIVE"
    assert verdict(EXPECTED, [status, saved, dump, network]).outcome == "FAIL"


@pytest.mark.parametrize("number", range(4))
@pytest.mark.parametrize("answer", [[-32002], [-32000], [6], [4], [0, {}], [0, {"radio0": {"interfaces": "none"}}]])
def test_what_the_page_does_not_tell_is_nobodys_fault(number: int, answer: list[Any]) -> None:
    answers = https.access_point(said(iface()))
    answers[number] = answer
    if number == 0 and answer == [0, {}]:
        return  # a device without radios says just this
    assert verdict(EXPECTED, answers).outcome == "INCONCLUSIVE"


def test_a_radio_that_is_up_and_of_which_iwinfo_says_nothing_is_nobodys_fault() -> None:
    answers = https.access_point(said(iface()))
    del answers[0][1]["radio0"]["interfaces"][0]["iwinfo"]
    assert verdict(EXPECTED, answers).outcome == "INCONCLUSIVE"


ROOT, NO, YES = https.roots("$p$root"), [6], [0]


@pytest.mark.parametrize(
    ("answers", "outcome"),
    [
        ([ROOT, NO, YES], "PASS"),
        ([ROOT, NO, NO], "PART"),
        ([ROOT, YES, YES], "FAIL"),  # any password opens it, the expected one too
        ([https.roots("…"), NO, YES], "INCONCLUSIVE"),  # the page has a password of its own
        ([https.roots("$p$root", "…"), NO, YES], "INCONCLUSIVE"),
        ([https.roots(), NO, YES], "INCONCLUSIVE"),
        ([ROOT, [4], YES], "INCONCLUSIVE"),
        ([ROOT, NO, [-32002]], "INCONCLUSIVE"),
        ([ROOT, NO], "INCONCLUSIVE"),
        ([[-32002], NO, YES], "INCONCLUSIVE"),
    ],
)
def test_administrator(answers: list[list[Any]], outcome: str) -> None:
    assert verdict(ADMIN, answers).outcome == outcome


# --- on the line
PASSWORD, WANTED = "Tkhd=Rnfg=Gbjp", "Wanted=Wanted"
SAYS = {
    "system info {}": [0, {"uptime": 4000}],
    "system board {}": [0, {"hostname": "ap", "model": "Box"}],
    'uci get {"config": "system"}': [0, https.values("config system\n option hostname 'ap'\n")],
    'uci get {"config": "rpcd", "type": "login"}': [
        0, https.values("config login\n option username root\n option password $p$root\n list read '*'\n"
                        "config login\n option username epreuve\n option password $1$salt$hash\n")
    ],
}  # fmt: skip


@pytest.fixture(scope="module")
def own(tmp_path_factory: pytest.TempPathFactory) -> Identity:
    return identity(tmp_path_factory.mktemp("page"), "OpenWrt")


@pytest.fixture
def device(own: Identity) -> Iterator[Device]:
    with ubus(own, SAYS, accounts={"epreuve": PASSWORD, "root": WANTED}) as device:
        yield device


def agent(device: Device, own: Identity) -> UbusAgent:
    login = Login("epreuve", password=PASSWORD)
    return UbusAgent(device.dial, login=login, fingerprint=own.fingerprint, host="192.0.2.1", where="https ap")


def asked(agent: UbusAgent, *questions: Question) -> list[str]:
    """The facts, as JSON."""
    channels = [Channel("https", agent, OPENWRT_HTTP)]
    secrets = {"admin": WANTED, "own": PASSWORD}
    places = [Place("ap", channels, secrets=secrets), Place("radio:ap", channels, secrets=secrets, reveal=True)]
    with closing(agent):
        return [fact.model_dump_json() for fact in observe(questions, places, 30)]


def test_one_session_on_one_line_answers_all_and_no_password_is_kept(device: Device, own: Identity) -> None:
    facts = asked(
        agent(device, own),
        Question("ap", Awake()), Question("ap", HostName()), Question("radio:ap", AccessPointAdmin(secret="admin")),
    )  # fmt: skip
    values = [json.loads(fact)["value"] for fact in facts]
    assert values[0]["uptime_s"] == 4000
    assert values[1] == {"static": "ap", "running": "ap"}
    assert values[2]["page_expected"] is True
    assert values[2]["page_default"] is False
    assert device.connections == 1
    assert device.calls.count("session login") == 3  # its own, and two trials
    for private in (PASSWORD, WANTED, "$1$salt$hash", *device.sessions):
        assert private not in "".join(facts)


def test_a_call_that_is_not_allowed_spoils_only_its_own_question(device: Device, own: Identity) -> None:
    del device.says['uci get {"config": "system"}']
    awake, name = asked(agent(device, own), Question("ap", Awake()), Question("ap", HostName()))
    assert json.loads(awake)["status"] == "seen"
    assert "n'a pas le droit d'y lire « uci get »" in json.loads(name)["why"]["fr"]


def test_a_session_that_was_long_unused_is_begun_anew(
    device: Device, own: Identity, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The device forgets one after five minutes; what it then refuses is no matter of rights."""
    asking = agent(device, own)
    asking.hello(10)
    device.sessions.clear()
    monkeypatch.setattr("checkers.channels.ubus._RENEW_S", 0.0)
    (fact,) = asked(asking, Question("ap", Awake()))
    assert json.loads(fact)["status"] == "seen"


@pytest.mark.parametrize("name", ["ap\u2028x", "ap\x85x", "ap\x0bx"])
def test_a_name_with_another_end_of_line_is_a_name(name: str, device: Device, own: Identity) -> None:
    device.says["system board {}"] = [0, {"hostname": name}]
    (fact,) = asked(agent(device, own), Question("ap", HostName()))
    assert json.loads(fact)["value"]["running"].startswith("ap")


def test_a_call_that_the_device_gives_up_is_late(device: Device, own: Identity) -> None:
    device.fault = on("system info", says(b'{"jsonrpc":"2.0","id":1,"error":{"code":-32003,"message":"late"}}'))
    (fact,) = asked(agent(device, own), Question("ap", Awake()))
    assert "temps limite" in json.loads(fact)["why"]["fr"]


@pytest.mark.parametrize(
    "data",
    [
        '{"a":' * 300 + "1" + "}" * 300,
        '{"hostname": "\\ud800"}',
        '{"hostname": 1e999}',
        '{"hostname": ["ap"]}',
        "[1]",
        "7",
    ],
    ids=["deep", "no character", "no number", "a list", "no table", "a number"],
)
def test_an_answer_made_to_break_what_reads_it_spoils_only_its_own_question(
    data: str, device: Device, own: Identity
) -> None:
    device.fault = on("system board", says(f'{{"jsonrpc":"2.0","id":1,"result":[0,{data}]}}'.encode()))
    name, awake = asked(agent(device, own), Question("ap", HostName()), Question("ap", Awake()))
    assert json.loads(awake)["status"] == "seen"
    assert json.loads(name)["status"] == "unseen"


def test_no_password_is_said_to_another_device(device: Device, own: Identity, tmp_path: Path) -> None:
    stranger = identity(tmp_path, "OpenWrt")
    with pytest.raises(OtherKeyError) as caught:
        agent(device, stranger).hello(10)
    assert caught.value.shown == f"x509-sha256 {own.fingerprint}"
    assert device.calls == []


def test_the_certificate_is_shown_to_be_compared(device: Device, own: Identity) -> None:
    assert offered_certificate(device.dial, where="ap", timeout_s=10) == f"x509-sha256 {own.fingerprint}"
    with pytest.raises(ChannelError):
        offered_certificate(lambda _: _refuse(), where="ap", timeout_s=1)


def _refuse() -> Any:
    raise ConnectionRefusedError


def test_the_check_of_the_administrator_asks_nothing_else() -> None:
    (question,) = AccessPointAdminIs(on="ap").questions()
    assert OPENWRT_HTTP.twin(question.probe) is not None
