"""SSH and WinRM to a bench's machine, through the witness on its wire: wherever the machine's address went, past a
firewall or not, and only to the machine that was pinned.

No Windows is at hand, so the machine's family is said to be ``windows`` and its port 5986 leads, by a relay *in* the
guest, to the WS-Management server of the tests: address, hardware address, firewall and network are the guest's own.

``long``: a bench is made for it, and what waits for a closed port waits as long as in an exam.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from ipaddress import IPv4Interface
from pathlib import Path
from time import monotonic, sleep

import pytest

from checkers.channel import Agent
from checkers.check import View
from checkers.checks.hosts import HostNameIs
from checkers.dialect import SHELL
from checkers.facts import Fact
from checkers.judge import conclude
from checkers.observe import Channel, Place, observe
from checkers.verdict import Outcome
from labs.loader import LoadedLab
from labs.model import Account
from orchestrator.bench import Bench, destroy_bench
from orchestrator.hypervisor.wire import Wire
from orchestrator.observer import bench_places, links_fact
from orchestrator.second_channel import CERTIFICATES, HOST_KEYS, in_namespace
from orchestrator.sessions import Session, ensure_session
from orchestrator.workshop import make_bench
from tests.vm.ground import SESSION_PREFIX, VmGround
from tests.wsman.server import PASSWORD, USER, Identity, Served, identity, wsman
from tests.wsman.windows import Windows, answers

pytestmark = [pytest.mark.vm, pytest.mark.long]

MACHINE = "client"
OTHER_ADDRESS = "192.168.50.133"
SERVER = IPv4Interface("192.168.50.251/24")
"""Where the server behind the relay is."""
PORT = 5986
WINDOWS_CHECK = HostNameIs(on=MACHINE, name="srv-kerbras")
"""What the golden that the server answers with says."""
RELAY = f"""
ip neigh flush to {SERVER.ip}
systemctl is-active -q relay && exit 0
systemd-run -q --unit=relay systemd-socket-activate -l {PORT} /usr/lib/systemd/systemd-socket-proxyd {SERVER.ip}:{PORT}
"""


@dataclass(frozen=True)
class Room:
    """A bench of one machine. name: what it is called."""

    ground: VmGround
    bench: Bench
    session: Session

    @property
    def agent(self) -> Agent:
        return self.ground.hypervisor.agent(self.bench.machines[MACHINE].domain)

    def sh(self, script: str) -> str:
        """Run something in the machine, over its guest agent."""
        done = self.agent.run(["sh", "-ec", script], timeout_s=60)
        assert done.exit_code == 0, done
        return done.stdout.decode().strip()

    def lab(self, **machine: object) -> LoadedLab:
        """The lab, with the machine otherwise."""
        lab = self.ground.lab
        changed = lab.lab.machines[MACHINE].model_copy(update=machine)
        return replace(lab, lab=lab.lab.model_copy(update={"machines": {**lab.lab.machines, MACHINE: changed}}))

    @contextmanager
    def place(self, **machine: object) -> Iterator[Place]:
        """Where the machine is asked, over the channels that an observation has."""
        lab = self.lab(**machine)
        links = links_fact(self.bench, lab, self.ground.hypervisor)
        with bench_places(self.bench, lab, links, session=self.session, hypervisor=self.ground.hypervisor) as places:
            yield next(place for place in places if place.at == MACHINE)


@pytest.fixture(scope="module")
def room(ground: VmGround, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Room]:
    name = f"{SESSION_PREFIX}-channels"
    session = ensure_session(tmp_path_factory.mktemp("data"), name, ground.lab)
    only = ground.golden.model_copy(update={"machines": {MACHINE: ground.golden.machines[MACHINE]}})
    bench = make_bench(
        ground.lab,
        only,
        session=session,
        name="a",
        candidate="Un Candidat",
        hypervisor=ground.hypervisor,
        settings=ground.settings,
    )
    try:
        yield Room(ground, bench, replace(session, secrets={**session.secrets, "channel": PASSWORD}))
    finally:
        destroy_bench(ground.hypervisor, ground.settings.benches_dir, name, "a")


@pytest.fixture(scope="module")
def moved(room: Room) -> str:
    """The machine has another address than its paper says; what it is called."""
    room.sh(f"ip address flush dev eth0 && ip address add {OTHER_ADDRESS}/24 dev eth0")
    return room.sh("uname -n")


@contextmanager
def closed(room: Room, port: int) -> Iterator[None]:
    """A firewall on the machine lets nobody to this port."""
    room.sh(f"""
nft add table inet closed
nft add chain inet closed input '{{ type filter hook input priority -10; }}'
nft add rule inet closed input tcp dport {port} drop
""")
    try:
        yield
    finally:
        room.sh("nft delete table inet closed")


def asked(check: HostNameIs, place: Place) -> tuple[Outcome, Sequence[Fact]]:
    """The verdict of a check at a place, and its facts."""
    facts = observe(check.questions(), [place])
    return conclude(check, View({fact.key: fact for fact in facts}, {})).outcome, facts


def channels(facts: Sequence[Fact]) -> set[str]:
    return {fact.channel for fact in facts}


# --- SSH
def test_ssh_alone_sees_a_machine_that_has_moved(room: Room, moved: str) -> None:
    with room.place(channels=("ssh",)) as place:
        outcome, facts = asked(HostNameIs(on=MACHINE, name=moved), place)
    assert (outcome, channels(facts)) == (Outcome.PASS, {"ssh"})


def test_a_firewall_that_closes_ssh_leaves_the_next_channel(room: Room, moved: str) -> None:
    check = HostNameIs(on=MACHINE, name=moved)
    with closed(room, 22):
        with room.place(channels=("ssh", "agent")) as place:
            outcome, facts = asked(check, place)
        assert (outcome, channels(facts)) == (Outcome.PASS, {"agent"})
        with room.place(channels=("ssh",)) as place:
            assert asked(check, place)[0] == Outcome.INCONCLUSIVE


def test_another_host_key_is_no_failure_of_the_candidate_s(room: Room, moved: str) -> None:
    pins = room.bench.dir / HOST_KEYS
    before = pins.read_text("utf-8")
    key = "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIGUzUcVOAsLkZC2SIXEOIBfTSEy7Dl2ibbgmfe2mnxcd"
    pins.write_text(json.dumps({MACHINE: key}))
    try:
        with room.place(channels=("ssh",)) as place:
            assert asked(HostNameIs(on=MACHINE, name=moved), place)[0] == Outcome.INCONCLUSIVE
    finally:
        pins.write_text(before)


# --- WinRM
@pytest.fixture(scope="module")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> Identity:
    return identity(tmp_path_factory.mktemp("certificate"), MACHINE)


@pytest.fixture
def winrm(
    room: Room, moved: str, certificate: Identity, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Served]:
    """The machine listens at WinRM's port, and its certificate is pinned."""
    accounts = tmp_path / "ntlm"
    accounts.write_text(f":{USER}:{PASSWORD}\n")
    monkeypatch.setenv("NTLM_USER_FILE", str(accounts))
    with listening(room, certificate) as served:
        pin(room, certificate)
        yield served


@contextmanager
def listening(room: Room, certificate: Identity) -> Iterator[Served]:
    """The server, on the bench's own network, behind the relay in the machine."""
    hypervisor, bench = room.ground.hypervisor, room.bench
    with hypervisor.witness(bench.networks["lan"], SERVER, bench=f"{bench.session}-relay") as wire:
        assert isinstance(wire, Wire)
        namespace = Path("/run/netns") / wire.namespace
        with wsman(
            certificate,
            Windows(answers("host-name/server-solved")),
            listen=lambda make: in_namespace(namespace, lambda: make((str(SERVER.ip), PORT))),
        ) as served:
            room.sh(RELAY)
            yield served


def pin(room: Room, certificate: Identity) -> None:
    known = {MACHINE: {"sha256": certificate.fingerprint, "port": PORT}}
    (room.bench.dir / CERTIFICATES).write_text(json.dumps(known))


def windows(room: Room) -> dict[str, object]:
    """What a Windows machine of a lab has; its agent does not know PowerShell here, so the next channel is asked."""
    return {"family": "windows", "login": Account(user=USER, secret="channel"), "channels": ("agent", "winrm")}


def test_winrm_sees_a_machine_that_has_moved(room: Room, winrm: Served) -> None:
    with room.place(**windows(room)) as place:
        outcome, facts = asked(WINDOWS_CHECK, place)
    assert (outcome, channels(facts)) == (Outcome.PASS, {"winrm"})
    assert winrm.logons == [USER]
    assert winrm.shells.open == {}, "its shell is closed with the observation"
    assert PASSWORD not in "".join(fact.model_dump_json() for fact in facts)


def test_a_firewall_that_closes_winrm_leaves_the_next_channel(room: Room, moved: str, winrm: Served) -> None:
    with closed(room, PORT), room.place(**windows(room)) as place:
        assert asked(WINDOWS_CHECK, place)[0] == Outcome.INCONCLUSIVE
        more = replace(place, channels=[*place.channels, Channel("next", room.agent, SHELL)])
        outcome, facts = asked(HostNameIs(on=MACHINE, name=moved), more)
    assert (outcome, channels(facts)) == (Outcome.PASS, {"next"})
    assert winrm.actions == []


def test_another_certificate_is_told_nothing(room: Room, winrm: Served, tmp_path: Path) -> None:
    pin(room, identity(tmp_path, MACHINE))
    with room.place(**windows(room)) as place:
        assert asked(WINDOWS_CHECK, place)[0] == Outcome.INCONCLUSIVE
    assert winrm.connections > 0, "it was reached"
    assert (winrm.actions, winrm.logons) == ([], [])


def test_the_machine_is_looked_for_on_each_of_its_networks_by_its_hardware_address(room: Room, winrm: Served) -> None:
    cards = {"eth0": "52:54:00:50:00:77", "eth1": "52:54:00:50:01:77"}
    try:
        room.sh("ip link set eth0 address 52:54:00:99:99:99")
        with room.place(**windows(room)) as place:
            assert asked(WINDOWS_CHECK, place)[0] == Outcome.PASS, "over the other network"
        room.sh("ip link set eth1 address 52:54:00:99:99:98")
        with room.place(**windows(room)) as place:
            assert asked(WINDOWS_CHECK, place)[0] == Outcome.INCONCLUSIVE, "another machine is at its addresses"
        assert winrm.logons == [USER], "that was the first time"
    finally:
        room.sh("".join(f"ip link set {card} address {mac}\n" for card, mac in cards.items()))


# --- last, for nothing brings the agent back but SSH
def test_without_its_agent_a_machine_is_seen_over_ssh(room: Room, moved: str) -> None:
    room.sh("systemd-run -q --on-active=1 systemctl stop qemu-guest-agent.service")
    deadline = monotonic() + 60
    while room.agent.ping(1):
        assert monotonic() < deadline
        sleep(0.2)
    with room.place() as place:
        outcome, facts = asked(HostNameIs(on=MACHINE, name=moved), place)
    assert (outcome, channels(facts)) == (Outcome.PASS, {"ssh"})
