"""Reaching machines: what Vagrant says, and a real SSH server whose key is kept."""

from __future__ import annotations

import os
from pathlib import Path

import paramiko
import pytest

from checkers.channel import ChannelError
from orchestrator.sessions import Session
from orchestrator.settings import Settings
from orchestrator.vagrant.place import VagrantError, VagrantPlace
from orchestrator.vagrant.plan import plan_for, vagrant_session
from orchestrator.vagrant.reach import Address, addresses, agents, meet, playbook_hosts, read_ssh_config
from tests.ssh_server import ssh_server

from .conftest import create, destroy

SAID = b"""\
Host server
  HostName 192.168.233.17
  User root
  Port 22
  UserKnownHostsFile /dev/null
  StrictHostKeyChecking no
  PasswordAuthentication no
  IdentityFile /home/x/ssh_key
  IdentitiesOnly yes
  LogLevel FATAL

Host ap
  HostName 192.168.233.41
  User root
  Port 2222

"""


@pytest.fixture
def session(boxes: None, lab: Path, place: VagrantPlace, settings: Settings) -> Session:
    plan_for(str(lab), place, settings)
    create(place, "server")
    return vagrant_session(place)


def user_key(session: Session) -> paramiko.PKey:
    return paramiko.Ed25519Key.from_private_key_file(str(session.folder / "ssh_key"))


def test_the_addresses_are_read_from_what_vagrant_says() -> None:
    found = read_ssh_config(SAID, ["server", "ap", "client"])
    assert found == {"server": Address("192.168.233.17", 22), "ap": Address("192.168.233.41", 2222)}


@pytest.mark.parametrize("said", [b"", b"\xff\xfe", b"Host server\n  Port 22\n  HostName\n", b"Match exec\n"])
def test_what_is_no_ssh_config_has_no_addresses(said: bytes) -> None:
    assert read_ssh_config(said, ["server"]) == {}


def test_a_machine_that_is_off_hides_no_other(
    tmp_path: Path, place: VagrantPlace, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As the real one: it stops with an error at the first machine that is off."""
    fake = tmp_path / "bin" / "vagrant"
    fake.parent.mkdir()
    fake.write_text(
        "#!/bin/sh\nsay() { printf 'Host %s\\n  HostName 10.0.0.%s\\n  Port 22\\n' $1 $2; }\n"
        f'[ "$VAGRANT_DOTFILE_PATH" = {place.folder} ] || exit 2\n'
        "case $2 in --no-color) say a 1; exit 1 ;; b) exit 1 ;; c) say c 3 ;; esac\n"
    )
    fake.chmod(0o755)
    place.folder.mkdir()
    monkeypatch.setenv("PATH", f"{fake.parent}:{os.environ['PATH']}")
    assert addresses(["a", "b", "c"], place) == {"a": Address("10.0.0.1", 22), "c": Address("10.0.0.3", 22)}


def test_without_vagrant_the_command_that_installs_it_is_told(
    place: VagrantPlace, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PATH", "/nonexistent")
    with pytest.raises(VagrantError) as caught:
        addresses(["server"], place)
    assert caught.value.do is not None
    assert "apt install vagrant-libvirt" in caught.value.do.fr


def test_a_machine_that_was_met_runs_what_it_is_asked_to(place: VagrantPlace, session: Session) -> None:
    with ssh_server(user_key(session), paramiko.ECDSAKey.generate()) as port:
        reached = {"server": Address("127.0.0.1", port)}
        assert agents(reached, place, session) == {}
        meet("server", reached["server"], place)
        server = agents(reached, place, session)["server"]
        assert server.run(["echo", "oui"], timeout_s=20).stdout == b"oui\n"
        server.close()


def test_another_machine_at_its_address_is_refused_until_it_is_destroyed(place: VagrantPlace, session: Session) -> None:
    user = user_key(session)
    with ssh_server(user, paramiko.ECDSAKey.generate()) as first:
        meet("server", Address("127.0.0.1", first), place)
    with ssh_server(user, paramiko.ECDSAKey.generate()) as second:
        reached = {"server": Address("127.0.0.1", second)}
        meet("server", reached["server"], place)
        with pytest.raises(ChannelError) as caught:
            agents(reached, place, session)["server"].run(["true"], timeout_s=20)
        assert "la clé que la machine montre" in caught.value.what.fr
        destroy(place, "server")
        meet("server", reached["server"], place)
        server = agents(reached, place, session)["server"]
        assert server.ping()
        server.close()


def test_ansible_takes_the_pinned_key_only(place: VagrantPlace, session: Session) -> None:
    place.host_key("server").write_text("ssh-ed25519 AAAA\n")
    hosts = playbook_hosts({"server": Address("10.0.0.1", 22)}, place, "/key")
    known = place.ours / "known_hosts"
    assert known.read_text() == "server ssh-ed25519 AAAA\n"
    words = hosts["server"]["ansible_ssh_common_args"]
    assert f"UserKnownHostsFile={known}" in words
    assert "HostKeyAlias=server" in words
    assert "StrictHostKeyChecking=yes" in words
    assert (hosts["server"]["ansible_host"], hosts["server"]["ansible_user"]) == ("10.0.0.1", "root")
