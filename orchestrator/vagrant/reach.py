"""Reaching Vagrant's machines over SSH, at the addresses that ``vagrant ssh-config`` tells.

A machine's host key is kept when it is first met, on the network that only this host and the machines are on; from then
on no other is taken.
"""

from __future__ import annotations

import io
import shutil
import socket
from collections.abc import Iterable, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

import paramiko

from checkers.channel import ExecResult
from checkers.channels.ssh import Login, SshAgent, known_key, offered_key
from labs.files import write_atomic
from labs.text import Text
from orchestrator.hypervisor.process import bounded_run
from orchestrator.sessions import Session
from orchestrator.vagrant.place import VAGRANTFILE_DIR, VagrantError, VagrantPlace

_ASK_LIMIT_S = 120.0
_MEET_LIMIT_S = 60.0


@dataclass(frozen=True)
class Address:
    """Where a machine's SSH server listens."""

    host: str
    port: int

    def dial(self, timeout_s: float) -> socket.socket:
        """A connection to it."""
        return socket.create_connection((self.host, self.port), timeout=timeout_s)


def addresses(machines: Iterable[str], place: VagrantPlace) -> dict[str, Address]:
    """Where these machines are reached; one that is off has no address. Raises VagrantError: there is no Vagrant."""
    names = list(machines)
    found = read_ssh_config(_vagrant(["ssh-config"], place).stdout, names)
    missing = [name for name in names if name not in found]
    # One that is off makes Vagrant stop at it, and say nothing of those after it.
    with ThreadPoolExecutor(max_workers=2) as pool:
        for said in pool.map(lambda name: _vagrant(["ssh-config", name], place).stdout, missing[1:]):
            found.update(read_ssh_config(said, missing))
    return found


def read_ssh_config(said: bytes, names: Iterable[str]) -> dict[str, Address]:
    """The addresses of these machines in what ``vagrant ssh-config`` says."""
    config = paramiko.SSHConfig()
    try:
        config.parse(io.StringIO(said.decode("utf-8", "replace")))
        known = config.get_hostnames()
        hosts = {name: config.lookup(name) for name in names if name in known}
        return {name: Address(host["hostname"], int(host.get("port", 22))) for name, host in hosts.items()}
    except (paramiko.ConfigParseError, ValueError, KeyError):
        return {}


def meet(machine: str, address: Address, place: VagrantPlace) -> None:
    """Pin a machine's host key, unless it is. Raises ChannelError when it does not answer."""
    path = place.host_key(machine)
    if not path.exists():
        write_atomic(path, offered_key(address.dial, where=f"ssh {machine}", timeout_s=_MEET_LIMIT_S) + "\n")


def agents(reached: Mapping[str, Address], place: VagrantPlace, session: Session) -> dict[str, SshAgent]:
    """Every machine that was met, as something that runs programs."""
    key = paramiko.Ed25519Key.from_private_key(io.StringIO(session.ssh_key))
    found = {}
    for name, address in reached.items():
        try:
            host_key = known_key(place.host_key(name).read_text(encoding="ascii"))
        except (OSError, ValueError):
            continue
        found[name] = SshAgent(address.dial, login=Login("root", key), host_key=host_key, where=f"ssh {name}")
    return found


def playbook_hosts(reached: Mapping[str, Address], place: VagrantPlace, key: str) -> dict[str, dict[str, str]]:
    """Ansible's inventory of machines that were met."""
    known = place.ours / "known_hosts"
    lines = [f"{name} {place.host_key(name).read_text(encoding='ascii').strip()}\n" for name in reached]
    write_atomic(known, "".join(lines))
    return {
        name: {
            "ansible_connection": "ssh",
            "ansible_host": address.host,
            "ansible_port": str(address.port),
            "ansible_user": "root",
            "ansible_ssh_private_key_file": key,
            "ansible_ssh_common_args": f"-F none -o HostKeyAlias={name} -o UserKnownHostsFile={known} "
            "-o GlobalKnownHostsFile=none -o StrictHostKeyChecking=yes -o IdentitiesOnly=yes",
        }
        for name, address in reached.items()
    }


def _vagrant(arguments: list[str], place: VagrantPlace) -> ExecResult:
    if shutil.which("vagrant") is None:
        raise VagrantError(
            Text("Vagrant n'est pas installé.", "Vagrant is not installed."),
            do=Text("Installez : apt install vagrant-libvirt", "Install: apt install vagrant-libvirt"),
        )
    settings = {"VAGRANT_DOTFILE_PATH": str(place.folder), "VAGRANT_CHECKPOINT_DISABLE": "1"}
    argv = ["env", "-C", str(VAGRANTFILE_DIR), *(f"{name}={value}" for name, value in settings.items())]
    return bounded_run(place.as_owner([*argv, "vagrant", *arguments, "--no-color"]), timeout_s=_ASK_LIMIT_S)
