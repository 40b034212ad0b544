"""The collector in PowerShell: one batch, whatever its questions do."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from checkers.dialect import Order
from checkers.probe import Question
from checkers.windows import powershell
from checkers.windows.dialect import WINDOWS
from tests.pwsh.shell import collect, run
from tests.pwsh.test_answers import FILES, case

pytestmark = pytest.mark.long

FRENCH = "Élève « Noël Lefèvre », œuvre n° 1 — 12 € \U0001f5a8"
HERE = {"awake", "clock", "dns-record", "file-content", "file-digest", "folder-rights", "free-space"}
"""What can be told of a machine that is no Windows: it is up, has a clock, and none of the files and servers."""


ELSEWHERE = {"tcp-reach", "tunnel-ping"}
"""Questions that speak to other machines: from here they must not."""


def value(script: str, **environment: str) -> Any:
    """What a script's object is once it came through."""
    raw = collect([script], environment=environment)[0]
    assert raw.exit_code == 0, raw.stderr
    return json.loads(raw.stdout)


def test_texts_come_as_they_are() -> None:
    assert value(f"@{{ text = '{FRENCH}'; line = \"a`tb`r`nc\" }}") == {"text": FRENCH, "line": "a\tb\r\nc"}


def test_half_a_letter_breaks_nothing_else() -> None:
    """A candidate may name things with half a pair of UTF-16."""
    answers = collect(["@{ text = 'a' + [char] 0xD800 + 'b' }", "@{ text = 'fine' }"])
    assert json.loads(answers[0].stdout)["text"][0] == "a"
    assert json.loads(answers[1].stdout) == {"text": "fine"}


def test_lists_stay_lists_and_depth_is_enough() -> None:
    found = value(
        "@{ none = @(); one = @(1); some = @('a', 'b'); deep = @(@{ a = @(@{ b = @(@{ c = @(@{ d = @(1) }) }) }) }) }"
    )
    assert found == {"none": [], "one": [1], "some": ["a", "b"], "deep": [{"a": [{"b": [{"c": [{"d": [1]}]}]}]}]}


@pytest.mark.parametrize("language", ["fr_FR.UTF-8", "th_TH.UTF-8", "tr_TR.UTF-8"])
def test_a_question_is_asked_in_no_language(language: str) -> None:
    """Thailand counts years from another day, Turkey has another small I, France another point."""
    script = (
        "@{ culture = [string] [Globalization.CultureInfo]::CurrentCulture.Name; number = (1.5).ToString()"
        " ; year = ([DateTime] '2026-11-26').ToString('yyyy-MM-dd'); small = 'TITLE'.ToLower() }"
    )
    assert value(script, LC_ALL=language) == {"culture": "", "number": "1.5", "year": "2026-11-26", "small": "title"}


def test_a_question_that_hangs_stops_no_other() -> None:
    stuck = ["Start-Sleep 300", "[Threading.Thread]::Sleep(300000)", "while ($true) { }"]
    answers = collect(["@{ a = 1 }", *stuck, "@{ a = 2 }"], limit_s=3)
    assert [answers[number].timed_out for number in range(5)] == [False, True, True, True, False]
    assert json.loads(answers[4].stdout) == {"a": 2}


def test_each_failure_is_told_by_its_own_name() -> None:
    scripts = {
        "Get-Nothing": "CommandNotFoundException",
        "throw 'accès refusé'": "RuntimeException",
        "Write-Error 'x' -ErrorId Ours": "Ours",
        "[IO.File]::ReadAllText('/none')": "FileNotFoundException",
        "$null.Method()": "InvokeMethodOnNull",
        "Read-Host 'x'": "HostFunctionNotImplemented",
        "if (": "IfStatementMissingCondition",
    }
    answers = collect([*scripts, "@{ a = 1 }"])
    for number, wanted in enumerate(scripts.values()):
        assert answers[number].exit_code == 1
        assert answers[number].stderr.partition("\n")[0].startswith(wanted), answers[number].stderr
    assert answers[len(scripts)].exit_code == 0


def test_what_a_question_writes_elsewhere_is_no_answer() -> None:
    noise = "Write-Host 'a'; Write-Warning 'b'; [Console]::Out.WriteLine('c'); [Console]::Error.WriteLine('d'); 'e'"
    assert value(f"{noise}; @{{ a = 1 }}") == {"a": 1}
    assert value("[Console]::In.ReadToEnd()") == ""
    assert value("exit 3") is None


def test_an_answer_that_is_too_long_is_told() -> None:
    answers = collect(["@{ text = 'x' * 2000 }", "@{ a = 1 }"])
    assert answers[0].truncated
    assert answers[0].exit_code == 1
    assert answers[1].exit_code == 0


def test_a_machine_without_windows_commands_tells_no_emptiness(tmp_path: Path) -> None:
    """The very order that a Windows machine gets, where none of its commands is there."""
    first = {file.parent.name: file for file in reversed(FILES) if file.parent.name not in ELSEWHERE}
    questions = [Question(name, case(file, tmp_path / name).probe) for name, file in first.items()]
    answers = WINDOWS.answers(run(WINDOWS.order(questions)), len(questions))
    told = {one.at for one, raw in zip(questions, answers.values(), strict=True) if raw.exit_code == 0}
    assert told == HERE
    assert all(raw.exit_code == 0 or raw.stderr.partition("\n")[0] for raw in answers.values())


def test_what_is_written_for_people_is_on_the_error_stream() -> None:
    """A script that fails as a whole: the channel sees why, and no XML."""
    done = run(_order("throw 'rien ne va'"))
    assert done.exit_code != 0
    assert b"rien ne va" in done.stderr
    assert b"CLIXML" not in done.stderr


def _order(text: str) -> Order:
    return Order(powershell.argv(), powershell.stdin(f"param(\n)\n{text}", {}), 60.0)
