"""The answer files hold only settings that Microsoft documents in that pass, in order, without a readable password."""

from __future__ import annotations

import base64
import re
from pathlib import Path
from xml.etree import ElementTree as ET

import pytest

from vagrant.windows.answer import ACCOUNT, Answers, draw_password, first_start_answers, hidden, install_answers
from vagrant.windows.editions import editions
from vagrant.windows.settings import NAMESPACE, faults, leaves, table

NS = {"u": NAMESPACE}
PASSWORD = "Aa2aaaaaaaaaaaaaaaaa"
ALL = [
    pytest.param(Answers(f"windows-{role}", one, 2, "fr-FR", role, bypass), id=f"{one.name}-{bypass}")
    for one, role in zip(editions().values(), ("client", "server", "server"), strict=True)
    for bypass in ((True, False) if one.is_client else (False,))
]


def files(answers: Answers) -> list[bytes]:
    return [install_answers(answers, PASSWORD), first_start_answers(answers, PASSWORD)]


def values(document: bytes) -> dict[str, list[str]]:
    """pass:component:path → the texts, of every setting."""
    found: dict[str, list[str]] = {}
    for settings in ET.fromstring(document):  # noqa: S314 - ours
        for component in settings:
            for path, text in leaves(component):
                found.setdefault(f"{settings.get('pass')}:{component.get('name')}:{'/'.join(path)}", []).append(text)
    return found


@pytest.mark.parametrize("answers", ALL)
def test_every_setting_is_documented_in_its_pass(answers: Answers) -> None:
    for document in files(answers):
        assert faults(document) == []


def test_every_documented_setting_is_used() -> None:
    """A table with more than that would excuse what nobody has looked up."""
    used = {one for param in ALL for document in files(param.values[0]) for one in values(document)}  # type: ignore[arg-type]
    assert {":".join(row) for row in table()} == used


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        (b"<PlainText>false", b"<PlainText>true", "plain text"),
        (b"<AcceptEula>", b"<AcceptEula></AcceptEula><AcceptEula>", "twice"),
        (b"AcceptEula>", b"AcceptLicence>", "not documented"),
        (b'pass="specialize"', b'pass="oobeSystem"', "repeated"),
        (b"<Order>2</Order>", b"<Order>1</Order>", "in the order"),
        (b"<TimeZone>Romance Standard Time", b"<TimeZone>", "empty"),
        (b'<Disk wcm:action="add">', b"<Disk>", "wcm:action"),
        (b'wcm:keyValue="2"', b'wcm:keyValue="1"', "keys"),
        (b'processorArchitecture="amd64"', b'processorArchitecture="x86"', "x86"),
        (b"</unattend>", b"", "not well-formed"),
    ],
)
def test_each_fault_would_be_seen(old: bytes, new: bytes, said: str) -> None:
    sound = install_answers(ALL[-1].values[0], PASSWORD)  # type: ignore[arg-type]
    assert old in sound
    assert said in "; ".join(faults(sound.replace(old, new, 1 if old.startswith(b"<AcceptEula") else -1)))


@pytest.mark.parametrize("answers", ALL)
def test_no_password_can_be_read(answers: Answers) -> None:
    for document in files(answers):
        assert PASSWORD.encode() not in document
        assert base64.b64encode(PASSWORD.encode()) not in document


def test_a_password_is_hidden_as_windows_expects() -> None:
    """The example of Microsoft's page on AdministratorPassword: "pw" and the setting's name in UTF-16."""
    assert base64.b64decode("cABhAHMAcwB3AG8AcgBkAFAAYQBzAHMAdwBvAHIAZAA=").decode("utf-16-le") == "passwordPassword"
    assert hidden("password", "Password") == "cABhAHMAcwB3AG8AcgBkAFAAYQBzAHMAdwBvAHIAZAA="


def test_drawn_passwords_fulfil_the_default_policy() -> None:
    drawn = {draw_password() for _ in range(50)}
    assert len(drawn) == 50
    for word in drawn:
        assert len(word) == 20
        assert all(re.search(kind, word) for kind in ("[a-z]", "[A-Z]", "[0-9]"))


@pytest.mark.parametrize("answers", ALL)
def test_what_the_machine_becomes(answers: Answers) -> None:
    said = values(install_answers(answers, PASSWORD))
    setup, shell = "windowsPE:Microsoft-Windows-Setup:", "oobeSystem:Microsoft-Windows-Shell-Setup:"
    assert said[setup + "DiskConfiguration/Disk/CreatePartitions/CreatePartition/Type"] == ["EFI", "MSR", "Primary"]
    assert said[setup + "ImageInstall/OSImage/InstallTo/PartitionID"] == ["3"]
    assert said[setup + "ImageInstall/OSImage/InstallFrom/MetaData/Value"] == ["2"]
    assert said["oobeSystem:Microsoft-Windows-International-Core:InputLocale"] == ["040c:0000040c"]
    assert said[shell + "AutoLogon/LogonCount"] == ["1"]
    assert (
        said[shell + "AutoLogon/Username"] == said[shell + "UserAccounts/LocalAccounts/LocalAccount/Name"] == [ACCOUNT]
    )
    bypass = [one for one in said.get(setup + "RunSynchronous/RunSynchronousCommand/Path", []) if "LabConfig" in one]
    assert bool(bypass) == answers.bypass
    assert (shell + "OOBE/HideOnlineAccountScreens" in said) == answers.edition.is_client
    assert (shell + "UserAccounts/AdministratorPassword/Value" in said) != answers.edition.is_client


@pytest.mark.parametrize("answers", ALL)
def test_the_first_start_asks_nothing_and_keeps_the_evaluation(answers: Answers) -> None:
    said = values(first_start_answers(answers, PASSWORD))
    assert said["specialize:Microsoft-Windows-Shell-Setup:ComputerName"] == [answers.hostname]
    assert said["generalize:Microsoft-Windows-Security-SPP:SkipRearm"] == ["1"]
    assert not any("AutoLogon" in one or "FirstLogonCommands" in one for one in said)


def test_every_page_is_of_its_setting() -> None:
    for (_, component, path), page in table().items():
        assert page.startswith("https://learn.microsoft.com/en-us/windows-hardware/customize/desktop/unattend/")
        assert page.endswith(f"{component}-{path.replace('/', '-')}".lower())


def test_the_templates_hold_no_letter_of_a_disc_but_in_lists() -> None:
    """Windows gives the letters as it likes."""
    text = (Path(__file__).parents[3] / "vagrant/windows/templates/autounattend.xml.j2").read_text("utf-8")
    assert not re.search(r"\b[D-H]:\\", text)
