"""The scripts that make an image of Windows, on one that is played."""

from __future__ import annotations

import base64
import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from checkers.dialect import Order
from checkers.windows import powershell
from orchestrator.windows_image.inspect import read_inspected
from tests.pwsh.shell import STANDINS, run, with_types

pytestmark = pytest.mark.long

SCRIPTS = Path(__file__).parents[2] / "vagrant/windows/scripts"
HERE = r"C:\ProgramData\Epreuve"


def in_windows(text: str, before: str = "") -> bytes:
    """What a script of images writes where its Windows is played."""
    setup = f"$Standins = '{STANDINS}'\n. '{STANDINS}/windows.ps1'\n. '{STANDINS}/images.ps1'\n{before}\n"
    done = run(Order(powershell.argv(), powershell.stdin(f"param(\n)\n{setup}{text}", {}), 60.0))
    assert done.exit_code == 0, done.stderr
    return done.stdout


def first_logon(folder: Path, fails: str = "") -> Any:
    """What the first logon does, where ``fails`` is a program that does not succeed."""
    script = with_types((SCRIPTS / "first-logon.ps1").read_text("utf-8"))
    # The one path that must be a file here: what it starts as a script of its own.
    (folder / "winrm.ps1").write_text("Add-Standin 'winrm.ps1'")
    script = script.replace(r'& "$Here\winrm.ps1"', f"& '{folder}/winrm.ps1'")
    (folder / "first-logon.ps1").write_text(script)
    before = f"$Fails = '{fails}'\n$env:SystemRoot = 'C:\\Windows'"
    output = in_windows(f"& '{folder}/first-logon.ps1' -Drivers w11\n. '{STANDINS}/image-done.ps1'", before)
    return json.loads(base64.b64decode(output.split()[-1]))


def test_the_first_logon(tmp_path: Path) -> None:
    found = first_logon(tmp_path)
    assert json.loads(found["state"])["step"] == "done", found["state"]
    done = found["done"]
    assert [line for line in done if line.startswith("pnputil.exe")] == [
        rf"pnputil.exe /add-driver E:\{driver}\w11\amd64\*.inf /install"
        for driver in ("viostor", "vioscsi", "NetKVM", "vioserial", "viorng", "vioinput")
    ]
    assert r"msiexec.exe /i E:\guest-agent\qemu-ga-x86_64.msi /qn /norestart" in done
    assert done.index(f"copy {tmp_path}\\oobe.xml {HERE}") < next(
        number for number, line in enumerate(done) if line.startswith("icacls.exe")
    )
    assert done.index("winrm.ps1") < done.index(f"copy {tmp_path}\\SetupComplete.cmd C:\\Windows\\Setup\\Scripts")
    assert found["keys"] == {"NoAutoUpdate": 1, "RealTimeIsUniversal": 1}


def test_a_first_logon_that_fails_says_where(tmp_path: Path) -> None:
    state = json.loads(first_logon(tmp_path, "msiexec.exe")["state"])
    assert state["step"] == "failed"
    assert "qemu-ga-x86_64.msi" in state["failure"]
    assert "1603" in state["failure"]


def test_what_the_builder_looks_over() -> None:
    script = with_types((SCRIPTS / "inspect.ps1").read_text("utf-8")).partition("param(\n)\n")[2]
    found = read_inspected(in_windows(script, f". '{STANDINS}/image-installed.ps1'"))
    assert (found.edition, found.build, found.language, found.updates_off) == ("ServerStandardEval", 20348, "fr-FR", 1)
    assert list(found.running) == ["QEMU-GA", "WinRM"]
    assert list(found.broken_devices) == [r"PCI\VEN_1AF4&DEV_1045"]
    assert [licence.end for licence in found.licences] == [datetime(2027, 5, 25, 10, tzinfo=UTC).timestamp()]
