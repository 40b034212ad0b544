"""A lab's own tests: their outcomes are verdicts, and a channel's fault is never a candidate's failure."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import pytest

from checkers.channel import ChannelError, ExecResult
from checkers.check import Unseen, View
from checkers.checks.testinfra import LabTestPasses
from checkers.labtests import ask_lab_tests
from checkers.observe import Channel, Place
from checkers.probe import Question
from checkers.probes.testinfra import LabTest
from labs.text import Text

from .conftest import LocalShell

TESTS = """
import pytest

def test_passes(host):
    assert host.file("/etc/passwd").exists

def test_fails(host):
    assert host.run("echo é").stdout == "e\\n"

@pytest.mark.parametrize("number", [1, 2])
def test_fails_for_one_parameter(host, number):
    assert number == 1

def test_swallows_the_fault(host):
    try:
        host.run("true")
    except Exception:
        pass

def test_skips(host):
    pytest.skip("not here")

def test_prints(host):
    print("bruit" * 1000)
"""


class Cut(LocalShell):
    """A machine whose channel breaks at every command."""

    def run(self, argv: Sequence[str], *, stdin: bytes = b"", timeout_s: float) -> ExecResult:
        raise ChannelError(Text("coupé", "cut"))


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("checks")
    (path / "test_lab.py").write_text(TESTS)
    (path / "test_broken.py").write_text("import no_such_module\ndef test_it(host): pass\n")
    return path


def verdicts(folder: Path, shell: LocalShell, *names: str) -> dict[str, str]:
    """What each test comes to: passed, failed, or unseen with the reason."""
    checks = {name: LabTestPasses(on="client", test=name) for name in names}
    asked = [Question("client", LabTest(test=name)) for name in names]
    facts = ask_lab_tests(asked, [Place("client", [Channel("agent", shell)])], folder)
    view = View({fact.key: fact for fact in facts})
    told = {}
    for name, check in checks.items():
        try:
            finding = check.judge(view)
            told[name.split("::")[1]] = "passed" if finding.score == 1 else f"failed: {finding.reason.fr}"
        except Unseen as unseen:
            told[name.split("::")[1]] = f"unseen: {unseen.why.fr}"
    return told


def test_outcomes(folder: Path, shell: LocalShell) -> None:
    names = ["passes", "fails", "fails_for_one_parameter", "skips", "prints"]
    told = verdicts(folder, shell, *(f"test_lab.py::test_{name}" for name in names))
    assert told["test_passes"] == told["test_prints"] == "passed"
    assert told["test_fails"].startswith("failed: le test échoue : AssertionError")
    assert told["test_fails_for_one_parameter"].startswith("failed")
    assert told["test_skips"].startswith("unseen")


def test_a_channel_fault_is_unseen_even_when_the_test_swallows_it(folder: Path) -> None:
    told = verdicts(folder, Cut(), "test_lab.py::test_passes", "test_lab.py::test_swallows_the_fault")
    assert all(what.startswith("unseen") for what in told.values())


def test_a_missing_test_or_a_broken_file_spoils_only_itself(folder: Path, shell: LocalShell) -> None:
    told = verdicts(folder, shell, "test_lab.py::test_gone", "test_broken.py::test_it", "test_lab.py::test_passes")
    assert told["test_gone"].startswith("unseen")
    assert told["test_it"].startswith("unseen")
    assert told["test_passes"] == "passed"


def test_a_machine_that_does_not_answer_is_unseen(folder: Path) -> None:
    dead = LocalShell()
    dead.alive = False
    assert verdicts(folder, dead, "test_lab.py::test_passes")["test_passes"].startswith("unseen")


def test_a_test_that_fails_while_a_cable_is_out_is_unseen(folder: Path, shell: LocalShell) -> None:
    name = "test_lab.py::test_fails"
    check = LabTestPasses(on="client", test=name)
    facts = ask_lab_tests(list(check.questions()), [Place("client", [Channel("agent", shell)])], folder)
    cut = View({fact.key: fact for fact in facts}, {"client": {"lan": True}, "server": {"lan": False}})
    with pytest.raises(Unseen) as caught:
        check.judge(cut)
    assert "server" in caught.value.why.fr
