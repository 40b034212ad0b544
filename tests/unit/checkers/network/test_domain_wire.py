"""A controller that serves something else than its machine shows is seen, whatever it is; what nobody can tell is not
failed. What the directory serves is here that of a real Samba, recorded from its database, behind ldap3's own simulated
server."""

from __future__ import annotations

import base64
import errno
import io
import json
import struct
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import ldap3
import pytest
from ldap3.core.exceptions import LDAPSocketOpenError
from smbprotocol.exceptions import LogonFailure, SMBOSError
from smbprotocol.header import NtStatus

from checkers.checks.on_wire import DirectoryIsServed, PoliciesAreServed
from checkers.facts import Raw
from checkers.parsers import ldif
from checkers.probe import Unreadable
from checkers.probes.directory import ATTRIBUTES, FILTER, Directory
from checkers.probes.domain_wire import DirectoryOnWire, PoliciesOnWire
from checkers.witness import ldap, sysvol
from tests.unit.checkers.network.judging import STARTING, judged

GOLDENS = Path(__file__).parents[3] / "goldens"
DOMAIN = "kerbras.lan"
ASKED = {"server_address": "192.168.50.10", "domain": DOMAIN, "user": "temoin", "password_secret": "temoin"}
AD = DirectoryIsServed(on="server", network="lan", **ASKED)
GPO = PoliciesAreServed(on="server", network="lan", **ASKED)
Change = Callable[[str], str]


def recorded(probe: str) -> str:
    return "\n".join(json.loads((GOLDENS / probe / "server-solved.json").read_text("utf-8"))["stdout"])


def binary(sid: str) -> bytes:
    revision, authority, *parts = map(int, sid.split("-")[1:])
    return bytes([revision, len(parts)]) + authority.to_bytes(6, "big") + struct.pack(f"<{len(parts)}I", *parts)


def simulated(text: str, refused: bool = False) -> ldap3.Connection:
    """ldap3's own server in memory, with the records of a directory."""
    base = next(one.dn for one in ldif.parse(text) if "domainDNS" in one.all("objectClass"))
    server = ldap3.Server("memory", get_info=ldap3.NONE)
    way = ldap3.Connection(server, "CN=temoin", "wrong" if refused else "right", client_strategy=ldap3.MOCK_SYNC)
    way.strategy.add_entry("CN=temoin", {"userPassword": "right", "sn": "x"})
    for record in ldif.parse(text):
        attributes: dict[str, Any] = {
            name: [value.rpartition(">;")[2] for value in values if "<RMD_FLAGS=1>" not in value]
            for name, values in record.attributes.items()
        }
        attributes = {name: values for name, values in attributes.items() if values}
        if sid := record.first("objectSid"):
            attributes["objectsid"] = [binary(sid)]
        way.strategy.add_entry(record.dn, attributes)

    class Info:
        other = {"defaultNamingContext": [base], "currentTime": ["20260101120000.0Z"]}  # noqa: RUF012

    server._dsa_info = Info()
    return way


def served(change: Change = lambda text: text, **given: Any) -> str:
    """What the witness prints of the recorded directory, changed."""
    way = simulated(change(recorded("directory")), **given)
    return "\n".join(ldap.ask([way], FILTER, ATTRIBUTES.split()))


def verdict(wire: str | Raw, **given: Any) -> Any:
    return judged(AD, {"directory": recorded("directory"), "directory-on-wire": wire}, **given)


def test_what_is_served_is_read_as_the_machine_shows_it() -> None:
    here = Directory().parse(Raw(stdout=recorded("directory"), exit_code=0))
    wire = DirectoryOnWire(**ASKED).parse(Raw(stdout=served(), exit_code=0)).directory
    assert wire is not None
    assert wire.now == 1767268800
    for name in ("domain", "sid", "passwords"):
        assert getattr(wire, name) == getattr(here, name)
    for name in ("units", "users", "groups", "computers", "policies"):  # a server may tell them in any order
        assert sorted(getattr(wire, name), key=str) == sorted(getattr(here, name), key=str)
    assert verdict(served()).outcome == "PASS"


def _user(text: str) -> str:
    found = Directory().parse(Raw(stdout=text, exit_code=0))
    return next(user for user in found.users if user.given_name).name


LOOKED_AT = _user(recorded("directory"))


def without(text: str) -> str:
    """The directory without a user."""
    return "\n\n".join(part for part in text.split("\n\n") if f"sAMAccountName: {LOOKED_AT}\n" not in part + "\n")


def disabled(text: str) -> str:
    """The same user, disabled."""
    parts = text.split("\n\n")
    for number, part in enumerate(parts):
        if f"sAMAccountName: {LOOKED_AT}\n" in part + "\n":
            parts[number] = part.replace("userAccountControl: 512", "userAccountControl: 514")
            assert parts[number] != part
    return "\n\n".join(parts)


def unlinked(text: str) -> str:
    """No group policy is linked anywhere."""
    return text.replace("\ngPLink:", "\nformerly:")


@pytest.mark.parametrize("change", [without, disabled, unlinked])
def test_a_directory_that_serves_something_else_fails(change: Change) -> None:
    found = verdict(served(change))
    assert found.outcome == "FAIL"
    assert "diffère de ce que sa machine montre" in found.reason


def test_the_user_that_differs_is_named() -> None:
    assert LOOKED_AT in verdict(served(without)).reason


def test_control_bits_that_are_not_shown_are_no_difference() -> None:
    def hidden(text: str) -> str:
        return "\n".join(line for line in text.split("\n") if not line.startswith("userAccountControl:"))

    assert verdict(served(hidden)).outcome == "PASS"


def test_a_logon_that_is_refused_is_nobodys_fault() -> None:
    found = verdict(served(refused=True))
    assert found.outcome == "INCONCLUSIVE"
    assert "temoin" in found.reason


TITLED = next(one for one in ldif.parse(recorded("directory")) if one.first("displayName") == "GPO-Bandeau")


def hiding(text: str) -> str:
    """The directory as an account is shown it that may not read a policy, which is linked."""
    return "\n\n".join(part for part in text.split("\n\n") if f"\nname: {TITLED.first('name')}\n" not in part)


def test_a_policy_that_the_account_may_not_read_is_not_missing() -> None:
    """Whom a policy is for is its author's choice; one that is linked nowhere on the wire is another matter."""
    found = verdict(served(hiding))
    assert (found.outcome, TITLED.first("name").upper() in found.reason) == ("INCONCLUSIVE", True)
    assert verdict(served(lambda text: unlinked(hiding(text)))).outcome == "FAIL"
    assert verdict(served(lambda text: disabled(hiding(text)))).outcome == "FAIL"


@pytest.mark.parametrize("stage", ["silent", "refused", "tls"])
def test_a_silent_directory_fails_where_its_machine_is_there(stage: str) -> None:
    wire = ldap.head(stage, "")
    assert verdict(wire).outcome == "FAIL"
    assert verdict(wire, links={"server": {"lan": False}}).outcome == "INCONCLUSIVE"
    assert verdict(wire, awake=STARTING).outcome == "INCONCLUSIVE"


@pytest.mark.parametrize(
    "wire",
    [
        ldap.head("cut", "x"),
        served().rpartition("# returned")[0],
        Raw(stdout="", exit_code=1),
    ],
)
def test_what_was_not_read_whole_is_not_judged(wire: str | Raw) -> None:
    assert verdict(wire).outcome == "INCONCLUSIVE"


def test_the_second_way_is_tried_only_when_the_first_is_not_heard() -> None:
    class Closed:
        bound = False

        def bind(self) -> bool:
            raise LDAPSocketOpenError("socket connection error: [Errno 111] Connection refused")

        def unbind(self) -> None:
            """Nothing to let go of."""

    both: list[Any] = [Closed(), simulated(recorded("directory"))]
    assert '"inside"' in ldap.ask(both, FILTER, ["objectClass"])[0]
    assert '"logon"' in ldap.ask([simulated(recorded("directory"), refused=True), Closed()], FILTER, ["cn"])[0]
    assert '"refused"' in ldap.ask([Closed(), Closed()], FILTER, ["cn"])[0]  # type: ignore[list-item]


def test_the_password_goes_nowhere_in_the_clear_and_stands_in_no_command() -> None:
    tls, signed = ldap.connections("192.0.2.1", DOMAIN, "temoin", "s3cret")
    assert tls.server.ssl
    assert tls.server.port == 636
    assert (signed.authentication, signed.sasl_mechanism) == (ldap3.SASL, ldap3.DIGEST_MD5)
    assert signed.sasl_credentials[4] == "sign"
    assert tls.read_only
    assert signed.read_only
    assert "SECRET_TEMOIN" in DirectoryOnWire(**ASKED).command()


# --- SYSVOL


class Entry:
    """A file or folder, as smbclient lists it."""

    def __init__(self, path: str, content: bytes | None) -> None:
        self.path, self.content, self.name = path, content, path.rpartition("\\")[2]
        self.st_size = len(content or b"")

    def is_dir(self) -> bool:
        return self.content is None

    def is_symlink(self) -> bool:
        return False

    def stat(self) -> Entry:
        return self


def share(monkeypatch: pytest.MonkeyPatch, files: dict[str, bytes]) -> None:
    """A SYSVOL with these files, by their path below it."""
    tree: dict[str, dict[str, Entry]] = {}
    for name, content in files.items():
        parts = [r"\\192.168.50.10\sysvol", *name.strip("/").split("/")]
        for depth in range(1, len(parts)):
            folder, path = "\\".join(parts[:depth]), "\\".join(parts[: depth + 1])
            tree.setdefault(folder, {})[path] = Entry(path, content if depth + 1 == len(parts) else None)

    @contextmanager
    def opened(path: str, **_given: Any) -> Iterator[io.BytesIO]:
        yield io.BytesIO(tree[path.rpartition("\\")[0]][path].content or b"")

    monkeypatch.setattr(sysvol.smbclient, "register_session", lambda *_a, **_k: None)
    monkeypatch.setattr(sysvol.smbclient, "scandir", lambda path: list(tree.get(path, {}).values()))
    monkeypatch.setattr(sysvol.smbclient, "open_file", opened)


def recorded_files() -> dict[str, bytes]:
    """The files of the recorded SYSVOL, by their path below it."""
    lines = [line for line in recorded("published-policies").splitlines() if line.startswith("/")]
    split = [line.partition(":") for line in lines]
    return {path.partition("/sysvol")[2]: base64.b64decode(content) for path, _, content in split}


def policies(wire: str | Raw, **given: Any) -> Any:
    return judged(GPO, {"published-policies": recorded("published-policies"), "policies-on-wire": wire}, **given)


def told(files: dict[str, bytes], monkeypatch: pytest.MonkeyPatch) -> str:
    share(monkeypatch, files)
    return json.dumps(sysvol.ask("192.168.50.10", DOMAIN, "temoin", "x"))


def test_the_policies_served_are_those_that_the_machine_shows(monkeypatch: pytest.MonkeyPatch) -> None:
    files = recorded_files()
    assert any(name.lower().endswith("registry.pol") for name in files)
    assert policies(told(files, monkeypatch)).outcome == "PASS"


@pytest.mark.parametrize("left_out", ["registry.pol", "gpt.ini"])
def test_policies_that_are_served_otherwise_fail(monkeypatch: pytest.MonkeyPatch, left_out: str) -> None:
    files = {name: content for name, content in recorded_files().items() if not name.lower().endswith(left_out)}
    assert len(files) < len(recorded_files())
    assert policies(told(files, monkeypatch)).outcome == "FAIL"


def test_scripts_and_preferences_are_compared_too(monkeypatch: pytest.MonkeyPatch) -> None:
    folder = next(name for name in recorded_files() if name.lower().endswith("gpt.ini")).rpartition("/")[0]
    drives = b'<Drives><Drive name="K:"><Properties action="U" path="%s" letter="K"/></Drive></Drives>'
    files = recorded_files() | {
        f"{folder}/User/Preferences/Drives/Drives.xml": drives % b"compta",
        f"{folder}/User/Scripts/scripts.ini": b"[Logon]\r\n0CmdLine=x.cmd\r\n",
        f"{folder}/User/Scripts/Logon/x.cmd": b"net use",
    }
    lines = [f"/sysvol{name}:{base64.b64encode(content).decode()}" for name, content in files.items()]
    here = "\n".join(["== files", *lines, "== end"]).replace(base64.b64encode(b"net use").decode(), "")

    def verdict(served: dict[str, bytes]) -> str:
        wire = told(served, monkeypatch)
        assert "bmV0IHVzZQ" not in wire, "of a script only that it is there"
        return str(judged(GPO, {"published-policies": here, "policies-on-wire": wire}).outcome)

    assert verdict(files) == "PASS"
    assert verdict(files | {f"{folder}/User/Preferences/Drives/Drives.xml": drives % b"autre"}) == "FAIL"
    assert verdict({name: content for name, content in files.items() if not name.endswith("x.cmd")}) == "FAIL"


def denied(monkeypatch: pytest.MonkeyPatch, place: str, status: int) -> None:
    """A share that refuses one of its folders."""
    shown = sysvol.smbclient.scandir

    def scandir(path: str) -> Any:
        if path.endswith(place):
            raise SMBOSError(status, path)
        return shown(path)

    monkeypatch.setattr(sysvol.smbclient, "scandir", scandir)


def test_a_policy_that_the_account_may_not_read_is_not_judged(monkeypatch: pytest.MonkeyPatch) -> None:
    folder = next(name for name in recorded_files() if name.endswith("Machine/Registry.pol")).rsplit("/", 2)[0]
    guid = folder.rpartition("/")[2]

    def found(files: dict[str, bytes], place: str, status: int = NtStatus.STATUS_ACCESS_DENIED) -> Any:
        share(monkeypatch, files)
        denied(monkeypatch, place, status)
        return policies(json.dumps(sysvol.ask("192.168.50.10", DOMAIN, "temoin", "x")))

    for place in (guid, f"{guid}\\Machine"):
        told = found(recorded_files(), place)
        assert (told.outcome, guid in told.reason) == ("INCONCLUSIVE", True)
    # What else is served otherwise is seen all the same; a whole SYSVOL that is refused is not shared.
    other = {name: b"Version=7" if guid not in name else content for name, content in recorded_files().items()}
    assert found(other, guid).outcome == "FAIL"
    assert found(recorded_files(), "Policies").outcome == "FAIL"
    assert found(recorded_files(), guid, NtStatus.STATUS_BAD_NETWORK_NAME).outcome == "FAIL"


def test_a_policy_that_only_the_server_shows_is_a_difference(monkeypatch: pytest.MonkeyPatch) -> None:
    """Also where the witness may not read all of it."""
    folder = f"/{DOMAIN}/Policies/{{00000000-0000-0000-0000-000000000000}}"
    share(monkeypatch, recorded_files() | {f"{folder}/GPT.INI": b"Version=7", f"{folder}/Machine/x": b""})
    denied(monkeypatch, "0000}\\Machine", NtStatus.STATUS_ACCESS_DENIED)
    found = policies(json.dumps(sysvol.ask("192.168.50.10", DOMAIN, "temoin", "x")))
    assert (found.outcome, "00000000-0000" in found.reason) == ("FAIL", True)


def test_what_keeps_the_witness_out(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(error: Exception) -> str:
        def register(*_a: Any, **_k: Any) -> None:
            raise error

        monkeypatch.setattr(sysvol.smbclient, "register_session", register)
        return json.dumps(sysvol.ask("192.168.50.10", DOMAIN, "temoin", "x"))

    assert policies(refuse(LogonFailure())).outcome == "INCONCLUSIVE"
    assert policies(refuse(ValueError("Failed to connect: timed out"))).outcome == "FAIL"
    refused = refuse(ValueError(f"Failed to connect: [Errno {errno.ECONNREFUSED}] Connection refused"))
    assert json.loads(refused)["stage"] == "refused"
    assert policies(refused, links={"server": {"lan": False}}).outcome == "INCONCLUSIVE"


def test_a_sysvol_of_too_many_files_is_not_judged(monkeypatch: pytest.MonkeyPatch) -> None:
    folder = f"/{DOMAIN}/Policies/{{00000000-0000-0000-0000-000000000000}}/User/Scripts/Logon"
    assert json.loads(told({f"{folder}/{n}.cmd": b"" for n in range(sysvol.FILES)}, monkeypatch))["whole"]
    assert not json.loads(told({f"{folder}/{n}.cmd": b"" for n in range(sysvol.FILES + 1)}, monkeypatch))["whole"]


@pytest.mark.parametrize(
    ("name", "outcome"),
    [
        ("Machine/Registry.pol", "INCONCLUSIVE"),
        ("User/Preferences/Drives/Drives.xml", "INCONCLUSIVE"),
        ("Machine/VGP/VTLA/Sudo/SudoersConfiguration/manifest.xml", "PASS"),
        ("Machine/Applications/agent.msi", "PASS"),
        ("../PolicyDefinitions/chrome.admx", "PASS"),
    ],
)
def test_a_large_file_counts_where_it_holds_settings(monkeypatch: pytest.MonkeyPatch, name: str, outcome: str) -> None:
    """It is the served one that is large: what the machine shows was read."""
    folder = next(name for name in recorded_files() if name.lower().endswith("gpt.ini")).rpartition("/")[0]
    path = str(Path(f"{folder}/{name}")).replace(f"{folder}/../", f"{folder.rpartition('/')[0]}/")
    found = policies(told(recorded_files() | {path: b"x" * (sysvol.FILE_LIMIT + 1)}, monkeypatch))
    assert (found.outcome, "trop grand" in found.reason) == (outcome, outcome != "PASS")


def test_a_file_that_is_longer_than_its_server_said_is_not_read_by_half(monkeypatch: pytest.MonkeyPatch) -> None:
    files = {
        name: b"x" * (sysvol.FILE_LIMIT + 1) if name.endswith(".pol") else c for name, c in recorded_files().items()
    }
    monkeypatch.setattr(Entry, "stat", lambda self: SimpleNamespace(st_size=1))
    assert policies(told(files, monkeypatch)).outcome == "INCONCLUSIVE"


def test_a_sysvol_that_is_too_large_is_not_judged(monkeypatch: pytest.MonkeyPatch) -> None:
    large = {f"/{DOMAIN}/Policies/{{{n:08d}-0000-0000-0000-000000000000}}/GPT.INI": b"x" * 100_000 for n in range(3)}
    with pytest.raises(Unreadable):
        PoliciesOnWire(**ASKED).parse(Raw(stdout=told(large, monkeypatch), exit_code=0))
