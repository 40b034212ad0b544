"""Scripts and preferences in a SYSVOL: read as Windows writes them, whoever wrote them."""

from __future__ import annotations

import base64
import contextlib
import tracemalloc

import pytest
from hypothesis import given
from hypothesis import strategies as st

from checkers.parsers import gp_preferences, gp_scripts
from checkers.parsers.gp_preferences import Preference
from checkers.parsers.gp_scripts import Script
from checkers.probes.sysvol import PublishedPolicy, published

GUID = "{AF1BE7A1-6E35-4EF6-A2BB-144819462EDE}"
SCRIPTS = (
    "\r\n[Logon]\r\n1CmdLine=second.ps1\r\n1Parameters=\r\n0CmdLine=first.cmd\r\n0Parameters=/q K:\r\n[Logoff]\r\n"
)
DRIVE = (
    '<?xml version="1.0" encoding="utf-8"?>\r\n<Drives clsid="{8FDDCC1A-0C3C-43cd-A6B4-71A6DF20DA8C}">'
    '<Drive clsid="{935D1B74-9CB8-4e3c-9914-7DD559B7A417}" name="K:" status="K:" uid="{1}">'
    '<Properties action="U" thisDrive="NOCHANGE" cpassword="j1Uy" path="\\\\srv-kerbras\\compta" letter="K"/>'
    "%s</Drive></Drives>"
)
GROUP = '<Filters><FilterGroup bool="AND" not="%d" name="KERBRAS\\GG-Compta" sid="S-1-5-21-1-2-3-1110"/></Filters>'
VALUE = (
    '<RegistrySettings clsid="{A3CCFC41-DFDB-43a5-8D26-0FE8B954DA51}"%s><Collection name="A"%s><Registry name="x"%s>'
    '<Properties action="%s" default="0" hive="%s" key="Software\\Policies\\Kerbras" name="Delai" type="REG_DWORD" '
    'value="00000384"/></Registry></Collection></RegistrySettings>'
)


def test_scripts_in_their_order() -> None:
    wanted = [Script("Logon", "first.cmd", "/q K:"), Script("Logon", "second.ps1", "")]
    assert gp_scripts.parse(b"\xff\xfe" + SCRIPTS.encode("utf-16-le")) == wanted
    assert gp_scripts.parse(SCRIPTS.encode()) == wanted
    assert (
        gp_scripts.parse(b"[ScriptsConfig]\r\nStartExecutePSFirst=true\r\n0CmdLine=x\r\n[Logon]\r\n0Parameters=x") == []
    )


def drive(filters: str = "") -> list[Preference]:
    return gp_preferences.parse(("\ufeff" + DRIVE % filters).encode(), "Drives", "user")


def test_a_preference_is_its_properties_and_never_its_password() -> None:
    found = {one.value: one for one in drive()}
    assert found["path"] == Preference("Preferences\\Drives\\K:", "path", "PREFERENCE", "\\\\srv-kerbras\\compta")
    assert "cpassword" not in found


def test_for_whom_a_preference_is() -> None:
    assert {one.only for one in drive(GROUP % 0)} == {"FilterGroup KERBRAS\\GG-Compta"}
    assert {one.only for one in drive(GROUP % 1)} == {"not FilterGroup KERBRAS\\GG-Compta"}


def value(*, off: int = -1, action: str = "U", hive: str = "HKEY_LOCAL_MACHINE") -> list[Preference]:
    switches = [' disabled="1"' if number == off else "" for number in range(3)]
    return gp_preferences.parse((VALUE % (*switches, action, hive)).encode(), "Registry", "machine")


def test_a_preference_about_the_registry_is_a_setting_of_it() -> None:
    assert value() == [Preference("Software\\Policies\\Kerbras", "Delai", "REG_DWORD", "900")]
    # Switched off itself, in its collection, or with the whole file.
    assert [value(off=number) for number in range(3)] == [[], [], []]
    for other in (value(action="D"), value(hive="HKEY_CURRENT_USER")):
        assert {one.key for one in other} == {"Preferences\\Registry\\x"}
    assert {one.type for one in value(action="D")} == {"PREFERENCE-DELETE"}


def test_what_is_inside_an_item() -> None:
    task = (
        '<ScheduledTasks><TaskV2 name="Sauvegarde"><Properties action="C"><Task version="1.2"><Actions>'
        "<Exec><Command>C:\\sauve.cmd</Command></Exec></Actions></Task></Properties></TaskV2></ScheduledTasks>"
    )
    found = {one.value: one.data for one in gp_preferences.parse(task.encode(), "ScheduledTasks", "machine")}
    assert found["Task/Actions/Exec/Command"] == "C:\\sauve.cmd"
    group = (
        '<Groups><Group name="Administrateurs"><Properties action="U" groupSid="S-1-5-32-544"><Members>'
        '<Member name="KERBRAS\\GG-Support" action="ADD"/></Members></Properties></Group></Groups>'
    )
    found = {one.value: one.data for one in gp_preferences.parse(group.encode(), "Groups", "machine")}
    assert found["Members/Member"] == "ADD KERBRAS\\GG-Support"


@pytest.mark.parametrize(
    "hostile",
    [
        '<!DOCTYPE a [<!ENTITY x "y">]><Drives>&x;</Drives>',
        '<!DOCTYPE a SYSTEM "file:///etc/passwd"><Drives/>',
        "<Drives>",
        "",
        VALUE % ("", "", "", "U", "HKEY_LOCAL_MACHINE") + "x",
        (VALUE % ("", "", "", "U", "HKEY_LOCAL_MACHINE")).replace("00000384", "nothing"),
        "<a>" + '<Drive name="x"><Properties action="U"/></Drive>' * 501 + "</a>",
        "<a>" + "<a/>" * 20_001 + "</a>",
    ],
)
def test_what_is_no_preference_is_told(hostile: str) -> None:
    with pytest.raises(ValueError, match=r".+"):
        gp_preferences.parse(hostile.encode(), "Drives", "machine")


@given(
    st.binary(max_size=400), st.sampled_from([SCRIPTS, DRIVE % "", VALUE % ("", "", "", "U", "x")]), st.integers(0, 900)
)
def test_nothing_but_an_error_comes_of_garbage(garbage: bytes, text: str, at: int) -> None:
    content = text.encode()[:at] + garbage + text.encode()[at:]
    gp_scripts.parse(content)
    with contextlib.suppress(ValueError):
        gp_preferences.parse(content, "Drives", "user")


def policy(*files: tuple[str, str | bytes]) -> PublishedPolicy:
    encoded = [
        (
            f"/kerbras.lan/Policies/{GUID}/{path}",
            base64.b64encode(text.encode() if isinstance(text, str) else text).decode(),
        )
        for path, text in files
    ]
    return published(encoded).policies[0]


def test_a_script_without_its_file_is_missing() -> None:
    """Whichever comes first; one that is somewhere else is not looked for."""
    ini = (
        "User/Scripts/scripts.ini",
        "[Logon]\n0CmdLine=Lecteurs.cmd\n0Parameters=\n1CmdLine=\\\\srv\\netlogon\\x.cmd\n",
    )
    there = policy(ini, ("USER/Scripts/Logon/LECTEURS.CMD", ""))
    assert [(one.key, one.value, one.type) for one in there.settings] == [
        ("Scripts\\Logon", "Lecteurs.cmd", "SCRIPT"),
        ("Scripts\\Logon", "\\\\srv\\netlogon\\x.cmd", "SCRIPT"),
    ]
    for elsewhere in ("User/Scripts/Logoff/Lecteurs.cmd", "Machine/Scripts/Logon/Lecteurs.cmd"):
        assert policy((elsewhere, ""), ini).settings[0].type == "SCRIPT-MISSING"


def test_one_damaged_file_leaves_the_others() -> None:
    found = policy(("User/Preferences/Drives/Drives.xml", "<Drives>"), ("GPT.INI", "Version=65536"))
    assert (found.damaged, found.version) == (True, 65536)


def test_a_property_in_a_property_in_a_property_takes_no_memory() -> None:
    deep = 15_000
    hostile = f'<Drive name="x"><Properties>{"<a>x" * deep}{"</a>" * deep}</Properties></Drive>'
    tracemalloc.start()
    try:
        found = gp_preferences.parse(hostile.encode(), "Drives", "user")
        _, most = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert 0 < len(found) < 100
    assert most < 32 * 1024 * 1024
