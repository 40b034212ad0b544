"""Recording a bench: every answer in its file, no secret in any, and what did not answer told."""

from __future__ import annotations

import base64
import json
from collections.abc import Sequence
from pathlib import Path

import pytest

from checkers.channel import ChannelError, ExecResult
from checkers.dialect import SHELL
from checkers.facts import Raw
from checkers.families import DIALECTS
from checkers.goldens.files import GoldenError, LinuxGolden, OpenWrtGolden, WindowsGolden, read_goldens
from checkers.goldens.known import leaks
from checkers.observe import Channel, Place, fact_of
from checkers.probe import Question
from checkers.probes.catalog import PROBES
from checkers.probes.hosts import HostName, HostNameValue
from checkers.secrets import token
from labs.errors import EpreuveError
from orchestrator.recorder.recording import Recording
from orchestrator.recorder.reference import CHECKOUT, compared_folder
from orchestrator.recorder.system import System
from orchestrator.recorder.target import Target, plain_questions, target_of
from tests.unit.recorder.conftest import Room


def recorded(out: Path, *targets: Target, probes: Sequence[str] = (), name: str = "solved") -> Recording:
    recording = Recording(out, name)
    for target in targets:
        list(recording.record(target, probes))
    return recording


def test_every_answer_of_a_bench_in_a_file_that_has_no_secret(room: Room, out: Path) -> None:
    recording = recorded(out, *room.targets())
    recording.finish("essai/a")
    recording.require()
    files = read_goldens(out)
    assert {one.path for one in files} == {one.path for one in recording.files}
    assert {"dhcp-config", "directory", "wireguard", "access-point", "local-accounts"} <= {one.probe for one in files}
    for path in out.rglob("*.json"):
        assert leaks(path.read_text("utf-8"), room.session.secrets) == [], path
    texts = "".join(path.read_text("utf-8") for path in out.rglob("*.json"))
    assert token("vpn_poste_public") in texts, "there was something to hide"
    assert {"sid", "guid"} <= set(recording.replaced)


def test_the_files_are_goldens_as_the_tests_have_them(room: Room, out: Path) -> None:
    """What is read in a file is what stands in it, and it has the shape of those that are there."""
    recorded(out, *room.targets("client"))
    for file in read_goldens(out):
        assert isinstance(file.golden, LinuxGolden)
        probe = PROBES[file.probe].model_validate(file.golden.args)
        raw = Raw(stdout="\n".join(file.golden.stdout), exit_code=file.golden.exit_code)
        assert probe.parse(raw).model_dump(mode="json") == file.golden.value
    compared = compared_folder(out, None)
    assert compared.compared
    assert compared.differences == ()


def test_the_summary_tells_what_did_not_answer(room: Room, out: Path) -> None:
    recording = recorded(out, *room.targets("server"), probes=["dhcp-config", "raid"])
    summary = json.loads(recording.finish("essai/a").read_text("utf-8"))
    questions = {one["question"]: one for one in summary["machines"]["server"]["questions"]}
    assert questions["server/dhcp-config"]["status"] == "seen"
    assert questions["server/dhcp-config"]["file"] == "dhcp-config/solved-server.json"
    assert questions["server/raid"]["status"] == "unseen", "the recording knows no answer to it"
    assert questions["server/raid"]["file"] is None
    assert questions["server/raid"]["why"]


def test_a_machine_that_is_not_there(room: Room) -> None:
    with pytest.raises(EpreuveError, match="pas de telle machine") as refused:
        list(room.targets("serveur"))
    assert "server" in str(refused.value.do)


def test_no_channel_answers(out: Path) -> None:
    silent = target_of(Place("server", [Channel("agent", _Silent())]), "linux", [])
    recording = recorded(out, silent, probes=["host-name"])
    assert recording.files == []
    with pytest.raises(ChannelError, match="aucun canal"):
        recording.require()


class _Silent:
    def ping(self, timeout_s: float = 5.0) -> bool:
        return False

    def run(self, argv: Sequence[str], *, stdin: bytes = b"", timeout_s: float) -> ExecResult:
        raise AssertionError


def target(
    stdout: str, secrets: dict[str, str], *, family: str = "linux", exit_code: int = 0, stderr: str = ""
) -> Target:
    """A machine that answers this to the question for its name."""
    question = Question("dc1", HostName())
    raw = Raw(stdout=stdout, stderr=stderr, exit_code=exit_code)
    return Target(
        at="dc1",
        dialect=DIALECTS[family],
        questions=[question],
        ask=lambda asked: fact_of(asked, raw, "agent", secrets, DIALECTS[family]),
        system=System("Microsoft Windows Server 2022 Standard, 20348.1, fr-FR"),
        secrets=secrets,
    )


def test_a_secret_that_can_still_be_read_keeps_the_file_from_being_written(out: Path) -> None:
    """Escaped, and then in base64: nothing replaces that, and nobody is to see it."""
    secret = 'Tkhd"Rnfg"Gbjp'
    twice = base64.b64encode(json.dumps(secret).encode()).decode()
    recording = recorded(out, target(f"srv\n{twice}\n", {"initial": secret}))
    assert [answer.leaks for answer in recording.answers] == [("initial",)]
    assert list(out.rglob("*.json")) == []
    with pytest.raises(GoldenError, match="se lit encore") as refused:
        recording.require()
    assert "initial" in refused.value.where
    assert secret not in str(refused.value)


def test_an_answer_of_windows(out: Path) -> None:
    answer = {"running": "SRV-\u00c9T\u00c9", "pending": "SRV", "host_name": "srv", "note": "S-1-5-21-1-2-3-500"}
    recording = recorded(out, target(json.dumps(answer), {}, family="windows"))
    file = read_goldens(out)[0]
    assert file.path == Path("windows/host-name/server-solved-dc1.json")
    assert isinstance(file.golden, WindowsGolden)
    assert (file.golden.source, file.golden.system) == (
        "recorded",
        "Microsoft Windows Server 2022 Standard, 20348.1, fr-FR",
    )
    assert file.golden.answer == {**answer, "note": "S-1-5-21-1000000000-2000000000-3000000001-500"}
    assert file.golden.value == {"static": "srv", "running": "SRV-ÉTÉ"}
    compared = compared_folder(out, None)
    assert [(one.path, one.what) for _, one in compared.differences] == [("answer.note", "extra")]
    recording.require()


def test_a_script_that_failed_on_windows_is_told_without_a_file(out: Path) -> None:
    said = "CommandNotFoundException\nSystem.X 0x80131501\nTkhd=Rnfg=Gbjp is not recognised"
    failed = target("", {"initial": "Tkhd=Rnfg=Gbjp"}, family="windows", exit_code=1, stderr=said)
    recording = recorded(out, failed)
    text = recording.finish("dc1").read_text("utf-8")
    assert "CommandNotFoundException" in text
    assert "Tkhd" not in text
    assert recording.files == []
    assert recorded(out, target("{", {}, family="windows")).files == [], "nor one that is no JSON"


class _Twice(HostName):
    """Reads whether the two words of an answer are one address."""

    def parse(self, raw: Raw) -> HostNameValue:
        first, second = raw.stdout.split()
        return HostNameValue(static=first, running=str(first.replace(":", "") == second.replace(":", "")))


@pytest.mark.parametrize(
    ("stdout", "keeps"),
    [("3c:52:82:0a:1b:2c 3c:52:82:0a:1b:2c", False), ("3c:52:82:0a:1b:2c 3c52820a1b2c", True)],
)
def test_where_an_identifier_stands_in_another_form_too_it_stays(out: Path, stdout: str, keeps: bool) -> None:
    """Replaced in one of them only, the answer would say what no machine said."""
    question, raw = Question("dc1", _Twice()), Raw(stdout=stdout)
    one = Target(
        at="dc1", dialect=SHELL, questions=[question], ask=lambda asked: fact_of(asked, raw, "agent", {}, SHELL)
    )
    answer = recorded(out, one).answers[0]
    assert answer.keeps is keeps
    assert answer.file is not None
    assert answer.file.golden.value["running"] == "True"
    assert ("3c:52" in answer.file.golden.value["static"]) is keeps


def test_what_can_be_asked_without_arguments() -> None:
    asked = {question.probe.name for question in plain_questions("server", SHELL)}
    assert {"host-name", "dhcp-config", "directory", "wireguard"} <= asked
    assert not asked & {"file-content", "ports", "ap-admin", "testinfra", "dhcp-offer"}


def test_an_openwrt_device_s_answer_goes_beside_the_documented_ones(out: Path) -> None:
    written = json.loads((CHECKOUT / "openwrt" / "access-point" / "factory.json").read_text("utf-8"))
    question = Question("ap", PROBES["access-point"].model_validate(written["args"]))
    raw = Raw(stdout="\n".join(written["stdout"]))
    dialect = DIALECTS["openwrt"]
    target = Target(
        "ap", dialect, [question], lambda one: fact_of(one, raw, "ssh", {}, dialect), System("OpenWrt 23.05")
    )
    recording = recorded(out, target, name="factory")
    (file,) = read_goldens(out)
    assert file.path.as_posix() == "openwrt/access-point/factory-ap.json"
    assert isinstance(file.golden, OpenWrtGolden)
    assert (file.golden.source, file.golden.system) == ("recorded", "OpenWrt 23.05")
    assert file.golden.value == written["value"]
    compared = compared_folder(out, None)
    assert (compared.compared, compared.differences) == ((file.path,), ())
    recording.require()
