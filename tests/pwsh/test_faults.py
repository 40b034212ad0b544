"""What was wrong in a script and was seen by running it: a Windows on which it would show, and what must be said."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from checkers.probes.files import LIMIT
from tests.pwsh.shell import Case, ask
from tests.pwsh.test_answers import GOLDENS, case

pytestmark = pytest.mark.long


def answer(asked: Case) -> Any:
    raw = ask([asked])[0]
    assert raw.exit_code == 0, raw.stderr
    return json.loads(raw.stdout)


def at(golden: str, work: Path, more: str = "") -> Case:
    found = case(GOLDENS / f"{golden}.json", work / "work")
    return Case(found.probe, found.answer, found.work, more=more)


@pytest.mark.parametrize(
    "command", ["Get-NetFirewallRule", "Get-NetFirewallApplicationFilter", "Get-NetConnectionProfile"]
)
def test_a_firewall_whose_commands_are_gone_is_not_empty(command: str, tmp_path: Path) -> None:
    """A command that is not there and a store that is empty are errors of one category."""
    raw = ask([at("firewall/client-default", tmp_path, f"Remove-Item function:{command}")])[0]
    assert raw.stderr.startswith("CommandNotFoundException")


def test_a_rule_whose_program_is_not_told_is_kept(tmp_path: Path) -> None:
    more = "function Get-NetFirewallApplicationFilter { [CmdletBinding()] param($PolicyStore) }"
    rules = answer(at("firewall/client-default", tmp_path, more))["rules"]
    assert {"RemoteDesktop-In-TCP-WS", "Program-In"} <= {rule["id"] for rule in rules}


def test_another_firewall_that_cannot_be_asked_for_is_not_absent(tmp_path: Path) -> None:
    more = "function Get-CimInstance { throw 'refused' }"
    assert ask([at("firewall/client-default", tmp_path, more)])[0].exit_code == 1


def test_a_disk_that_cannot_be_read_is_not_none(tmp_path: Path) -> None:
    raw = ask([at("mount/server-no-bitlocker", tmp_path, "function Get-Partition { throw 'refused' }")])[0]
    assert raw.exit_code == 1


def test_a_letter_that_the_limit_cuts_does_not_change_the_encoding(tmp_path: Path) -> None:
    """Two bytes a letter, and a limit that falls between them."""
    asked = at("file-content/client-hosts", tmp_path)
    text = "a" + "é" * LIMIT
    (asked.work / "file").write_text(text, "utf-8")
    found = answer(Case(asked.probe, {"present": False}, asked.work))
    assert found["text"] == text[: 1 + (LIMIT - 1) // 2]


@pytest.mark.parametrize("golden", ["vpn-connections/client-one-user", "backup-policy/client-file-history"])
def test_a_profile_without_a_folder_stops_nothing(golden: str, tmp_path: Path) -> None:
    """A key that anybody with the right may leave in the list of profiles; the stand-ins hold one."""
    assert answer(at(golden, tmp_path))


def test_files_that_no_policy_needs_are_not_told(tmp_path: Path) -> None:
    """-and and -or are of one rank in PowerShell."""
    files = answer(at("published-policies/server-preferences", tmp_path))["files"]
    assert "comment.cmtx" not in {file["path"].rpartition("\\")[2] for file in files}


def test_a_network_known_by_its_bytes_has_no_name(tmp_path: Path) -> None:
    """An XML element without a child called name tells its own."""
    assert answer(at("wifi-profiles/client-only-bytes", tmp_path))["profiles"][0]["ssid"] == ""


def test_a_policy_with_a_file_that_is_too_large_is_not_read_without_it(tmp_path: Path) -> None:
    content = "([Convert]::ToBase64String((New-Object byte[] 200kb)))"
    large = f"Add-StandinFile $StandinPolicies[0] 'Machine\\Registry.pol' {content}"
    found = answer(at("published-policies/server-preferences", tmp_path, large))
    assert (found["cut"], found["files"]) == (True, [])


@pytest.mark.parametrize(
    "more",
    [
        "$StandinRules += @($Answer.rules)[0]",
        "$StandinRules += [PSCustomObject] @{ name = @($Answer.rules)[0].name; ports = @('445'); program = 'Any' }",
    ],
)
def test_the_filters_of_two_rules_of_one_name_are_not_mixed(more: str, tmp_path: Path) -> None:
    """As a policy's copy of a rule of the machine may have it."""
    found = answer(at("firewall-rules/server-one-network", tmp_path, more))
    assert (found["twice"], found["rules"]) == (True, [])


def test_one_lease_more_than_is_read_is_told(tmp_path: Path) -> None:
    asked = at("dhcp-leases/server-solved", tmp_path)
    found = answer(Case(asked.probe, asked.answer, asked.work, {"Most": 1}))
    assert len(found["leases"]) == 2


def test_variables_of_a_task_are_those_of_its_user(tmp_path: Path) -> None:
    """They were ours, the system's: the file of a user's task counted as missing."""
    user = "S-1-5-21-1004336348-1177238915-682003330-1001"
    key = rf"HKLM:\SOFTWARE\Microsoft\Windows NT\CurrentVersion\ProfileList\{user}"
    more = f"Set-StandinKey '{key}' @{{ ProfileImagePath = 'C:\\Users\\technicien' }}"
    action = answer(at("schedules/client-start-in", tmp_path, more))["tasks"][1]["actions"][0]
    assert action["command"] == r"C:\Users\technicien\copie.cmd"
    assert action["folder"] == r"C:\Users\technicien\AppData\Roaming"
