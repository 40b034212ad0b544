"""WinRM by Kerberos with a real realm (MIT's), and what may be wrong with one.

Needs packages that not every host has: ``apt install gcc python3-dev libkrb5-dev krb5-kdc krb5-admin-server faketime``
and ``pip install 'epreuve[kerberos]'``; then ``./epreuve test -m long tests/unit/checkers/channels/test_kerberos.py``.
"""

from __future__ import annotations

import socket
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from pathlib import Path
from time import monotonic

import pytest
from spnego.channel_bindings import GssChannelBindings

from checkers.channel import ChannelError
from checkers.channels import kerberos
from checkers.channels.winrm_ import Account, Trust, WinRmAgent
from checkers.check import View
from checkers.checks.hosts import HostNameIs
from checkers.judge import conclude
from checkers.observe import Channel, Place, observe
from checkers.verdict import Outcome
from checkers.windows.dialect import WINDOWS
from orchestrator.cli.record_way import ByAddress, way_of
from orchestrator.recorder import address
from orchestrator.recorder.recording import Recording
from tests import kdc
from tests.kdc import REALM, SERVER, Realm, realm
from tests.unit.checkers.channels.test_winrm import dial, says
from tests.wsman.server import Handler, Identity, Served, wsman
from tests.wsman.windows import Windows, answers

PEOPLE = {f"person{number}": f"Tkhd=Rnfg=Gbjp{number}" for number in range(6)}
WHO, PASSWORD = f"person0@{REALM}", PEOPLE["person0"]
CHECK = HostNameIs(on="server", name="srv-kerbras")

pytestmark = [
    pytest.mark.long,
    pytest.mark.skipif(not kerberos.installed(), reason="needs pip install 'epreuve[kerberos]'"),
    pytest.mark.skipif(not kdc.installed(), reason="needs krb5-kdc, krb5-admin-server and faketime"),
]


@pytest.fixture
def known(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Realm]:
    with realm(tmp_path, PEOPLE) as made:
        _lead_to(made, monkeypatch)
        yield made


def _lead_to(made: Realm, monkeypatch: pytest.MonkeyPatch) -> None:
    for name, value in made.environment.items():
        monkeypatch.setenv(name, value)
    monkeypatch.setenv("KRB5CCNAME", f"FILE:{made.folder}/shared")  # what kinit would leave for all


def agent(served: Served, certificate: Identity, **other: str) -> WinRmAgent:
    given = {"user": WHO, "password": PASSWORD, "host": SERVER, **other}
    login = Account(given["user"], given["password"], "kerberos")
    trust = Trust(certificate.fingerprint)
    return WinRmAgent(dial(served.port), login=login, trust=trust, host=given["host"], where="winrm srv")


def test_an_account_and_a_password_are_enough(certificate: Identity, known: Realm) -> None:
    seen: list[bytes] = []

    def program(_line: str, _given: bytes) -> tuple[bytes, bytes, int]:
        seen.extend(path.read_bytes() for path in Path("/proc").glob("[0-9]*/cmdline"))
        return b"x", b"", 0

    with wsman(certificate, program, kerberos=SERVER) as served:
        channel = agent(served, certificate)
        assert channel.run(["x"], timeout_s=30).stdout == b"x"
        assert channel.run(["x"], timeout_s=30).stdout == b"x"
        channel.close()
        assert (served.logons, served.connections) == ([WHO], 1), "it signed in once, on one connection"
    assert not (known.folder / "shared").exists(), "nothing is left for others to use"
    assert not any(PASSWORD.encode() in line for line in seen)


def test_the_check_s_verdict_comes_through_it(certificate: Identity, known: Realm) -> None:
    with wsman(certificate, Windows(answers("host-name/server-solved")), kerberos=SERVER) as served:
        channel = agent(served, certificate)
        facts = observe(CHECK.questions(), [Place("server", [Channel("winrm", channel, WINDOWS)])])
        channel.close()
    assert conclude(CHECK, View({fact.key: fact for fact in facts}, {})).outcome == Outcome.PASS


def test_record_signs_in_by_it(
    certificate: Identity, known: Realm, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("EPREUVE_PASSWORD", PASSWORD)
    recording = Recording(tmp_path / "out", "solved")
    with wsman(certificate, Windows(answers("host-name/server-solved")), kerberos=SERVER) as served:
        monkeypatch.setattr(address, "_dial", lambda _host, port: dial(port))  # nobody resolves the machine's name here
        at = ByAddress(winrm=f"{SERVER}:{served.port}", user=WHO, pin=certificate.fingerprint, kerberos=True)
        way = way_of(at)
        assert way is not None
        with address.address_targets("server", way, []) as found:
            for target in found:
                list(recording.record(target, ["host-name"]))
    assert [answer.fact.status for answer in recording.answers] == ["seen"]
    assert served.logons == [WHO]


def test_several_at_once_are_each_who_they_are(certificate: Identity, known: Realm) -> None:
    with wsman(certificate, says(b"x"), kerberos=SERVER) as served:

        def ask(name: str) -> None:
            with closing(agent(served, certificate, user=f"{name}@{REALM}", password=PEOPLE[name])) as channel:
                assert channel.run(["x"], timeout_s=60).stdout == b"x"

        with ThreadPoolExecutor(len(PEOPLE)) as pool:
            list(pool.map(ask, list(PEOPLE) * 3))
        assert sorted(served.logons) == sorted([f"{name}@{REALM}" for name in PEOPLE] * 3)


def test_a_ticket_is_good_on_no_other_line(
    certificate: Identity, known: Realm, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whoever stands between shows another certificate, and passes the ticket on."""
    monkeypatch.setattr(kerberos, "bound_to", lambda _: GssChannelBindings(application_data=b"another"))
    with wsman(certificate, says(b"x"), kerberos=SERVER) as served:
        with pytest.raises(ChannelError):
            agent(served, certificate).run(["x"], timeout_s=30)
        assert served.actions == []


def test_a_server_without_the_realm_s_proof_is_believed_nothing(certificate: Identity, known: Realm) -> None:
    def forget(handler: Handler, _action: str) -> bool:
        handler.proof = "Negotiate AAAA"
        return False

    with (
        wsman(certificate, says(b"x"), kerberos=SERVER, fault=forget) as served,
        pytest.raises(ChannelError, match="royaume"),
    ):
        agent(served, certificate).run(["x"], timeout_s=30)


@pytest.mark.parametrize(
    ("user", "password", "host", "told"),
    [
        (WHO, "Wrong=Wrong", SERVER, "refuse le mot de passe"),
        (f"nobody@{REALM}", PASSWORD, SERVER, "ne connaît pas ce compte"),
        (WHO, PASSWORD, "other.test.lan", "ne connaît pas ce nom de machine"),
        ("person0@ELSEWHERE.LAN", PASSWORD, SERVER, "royaume"),
    ],
    ids=["password", "account", "name", "realm"],
)
def test_what_the_realm_refuses_is_inconclusive(
    certificate: Identity, known: Realm, user: str, password: str, host: str, told: str
) -> None:
    with wsman(certificate, says(b"x"), kerberos=SERVER) as served:
        _is_unseen(agent(served, certificate, user=user, password=password, host=host), told, password)
        assert served.actions == []


@pytest.mark.parametrize("there", [True, False], ids=["silent", "absent"])
def test_a_realm_that_does_not_answer_ends_in_time(certificate: Identity, known: Realm, there: bool) -> None:
    """Over UDP and over TCP: one says nothing, the other is not there."""
    datagrams = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    with datagrams, socket.create_server(("127.0.0.1", 0)) as streams:
        port = streams.getsockname()[1]
        datagrams.bind(("127.0.0.1", port))
        if not there:
            datagrams.close()
            streams.close()
        (known.folder / "krb5.conf").write_text(known.at_port(port))
        with wsman(certificate, says(b"x"), kerberos=SERVER) as served:
            _is_unseen(agent(served, certificate), "à temps" if there else "aucun contrôleur", PASSWORD, limit_s=3)
        _left_alone()


def test_clocks_that_differ_are_inconclusive(
    certificate: Identity, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with realm(tmp_path, PEOPLE, clock="+1h") as made:
        _lead_to(made, monkeypatch)
        with wsman(certificate, says(b"x"), kerberos=SERVER) as served:
            _is_unseen(agent(served, certificate), "refuse le compte", PASSWORD)
            assert served.actions == []


def _is_unseen(channel: WinRmAgent, told: str, password: str, limit_s: float = 30) -> None:
    began = monotonic()
    with pytest.raises(ChannelError) as caught:
        channel.run(["x"], timeout_s=limit_s)
    assert monotonic() - began < limit_s + 60  # whoever is silent is not waited for without end
    error = caught.value
    assert told in error.what.fr
    assert password not in f"{error} {error.what.en} {error.__cause__} {channel._login!r}"
    with closing(channel):
        facts = observe(CHECK.questions(), [Place("server", [Channel("winrm", channel, WINDOWS)])])
    assert conclude(CHECK, View({fact.key: fact for fact in facts}, {})).outcome == Outcome.INCONCLUSIVE
    assert password not in "".join(fact.model_dump_json() for fact in facts)


def _left_alone() -> None:
    """The threads that wait for a silent realm end by themselves."""
    for thread in threading.enumerate():
        if thread.name == "kerberos":
            thread.join(120)
            assert not thread.is_alive()
