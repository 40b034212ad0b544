"""What is run on a machine but questions: the scripts of labs, what a machine is known by, and which Windows it is."""

from __future__ import annotations

import base64
import json

import pytest

from checkers.channel import ExecResult
from checkers.dialect import Order
from checkers.windows import powershell
from checkers.windows.twin import source
from orchestrator.orders import powershell_order, powershell_question
from tests.pwsh.shell import run

pytestmark = pytest.mark.long

FRENCH = "Élève « Noël », œuvre"


def order(argv: list[str], stdin: bytes) -> ExecResult:
    return run(Order(argv, stdin, 60.0))


def do(body: str, **environment: str) -> ExecResult:
    """What a script of a lab says and ends with."""
    made = powershell_order(body, environment)
    return order(made.argv, made.stdin)


def test_a_script_speaks_french() -> None:
    done = do(f"'{FRENCH}'; throw '{FRENCH}'")
    assert (done.exit_code, done.stdout.decode(), done.stderr.decode()) == (1, f"{FRENCH}\n", f"{FRENCH}\n")


@pytest.mark.parametrize(
    ("body", "code"),
    [
        ("", 0),
        ("Get-Item /none -ErrorAction SilentlyContinue; 'after'", 0),
        ("exit 3", 3),
        ("if ($true) { exit 5 }; 'never'", 5),
        ("sh -c 'exit 4'", 4),
        ("sh -c 'echo word >&2'", 0),
        ("Write-Error 'no'", 1),
        ("Get-Item /none", 1),
        ("if (", 1),
        ("$null.Method()", 1),
    ],
)
def test_how_a_script_ends(body: str, code: int) -> None:
    assert do(body).exit_code == code


def test_a_script_has_its_environment_and_what_it_starts_too() -> None:
    value = f"a \"b\" '$x' {FRENCH}"
    done = do("$env:EPREUVE_X; sh -c 'echo \"$EPREUVE_X\"'", EPREUVE_X=value)
    assert done.stdout.decode() == f"{value}\n{value}\n"


def test_a_script_does_not_read_what_starts_it() -> None:
    assert do('"[$([Console]::In.ReadToEnd())] $input"').stdout == b"[] \n"


@pytest.mark.parametrize(
    ("command", "code"), [("Test-Path /", 0), ("Test-Path /none", 1), ("throw 'x'", 1), ("$null", 1), ("'a'", 0)]
)
def test_a_question_that_is_false_says_no(command: str, code: int) -> None:
    asked = powershell_question(command)
    assert order(asked.argv, asked.stdin).exit_code == code


_LISTENERS = r"""
function Get-ChildItem {
    param([string] $Path)
    [PSCustomObject] @{ Name = 'Listener_1'; Keys = @('Transport=HTTP', 'Address=*') }
    [PSCustomObject] @{ Name = 'Listener_2'; Keys = @('Transport=HTTPS', 'Address=*') }
}
function Get-Item {
    param([string] $Path, [string] $LiteralPath)
    switch ("$Path$LiteralPath") {
        'WSMan:\localhost\Listener\Listener_2\CertificateThumbprint' { [PSCustomObject] @{ Value = 'AB 12' } }
        'WSMan:\localhost\Listener\Listener_2\Port' { [PSCustomObject] @{ Value = '5986' } }
        'Cert:\LocalMachine\My\AB12' { [PSCustomObject] @{ RawData = [byte[]] @(97, 98, 99) } }
        default { throw "$Path$LiteralPath" }
    }
}
"""


def test_what_a_machine_is_known_by() -> None:
    """The listener over HTTPS, by the digest of its certificate."""
    script = source("pins").replace("param(\n)\n", f"param(\n)\n{_LISTENERS}", 1)
    done = order(powershell.argv(), powershell.stdin(script, {}))
    assert json.loads(done.stdout) == {
        "certificate": "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad",
        "port": 5986,
        "host_key": None,
        "told": None,
    }


def test_a_machine_that_is_known_by_nothing() -> None:
    done = order(powershell.argv(), powershell.stdin(source("pins"), {}))
    assert done.exit_code == 0
    assert set(json.loads(done.stdout).values()) == {None}


def test_which_windows_it_is() -> None:
    standin = (
        "function Get-CimInstance { [PSCustomObject] @{ Caption = 'Windows 11 Éducation'; BuildNumber = '26100'; "
        "ProductType = [uint32] 1 } }\nfunction Get-ItemProperty { [PSCustomObject] @{ UBR = 2894 } }\n"
    )
    script = source("system").replace("param(\n)\n", f"param(\n)\n{standin}", 1)
    done = order(powershell.argv(), powershell.stdin(script, {}))
    found = json.loads(base64.b64decode(done.stdout.strip()))
    assert (found["caption"], found["build"], found["revision"]) == ("Windows 11 Éducation", "26100", 2894)
