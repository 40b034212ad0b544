"""Ansible's connection to a Windows machine, over the QEMU guest agent.

``community.libvirt.libvirt_qemu`` gives a program nothing to read. On Windows Ansible passes every module, and what it
needs of a machine after a restart, on standard input: none would work. Here they are read as they are meant to be, and
the text of a ``raw`` task too, so that no secret in it is seen in the machine's list of processes.
"""

from __future__ import annotations

import base64
import json
import time
from typing import Any

import libvirt
import libvirt_qemu  # type: ignore[import-untyped]  # it ships no annotations
from ansible.errors import AnsibleConnectionFailure, AnsibleError
from ansible.plugins.connection import ConnectionBase
from ansible_collections.community.libvirt.plugins.connection import libvirt_qemu as community

from checkers.channel import Program
from checkers.windows.powershell import POWERSHELL
from orchestrator.orders import powershell_order

DOCUMENTATION = """
name: windows_agent
short_description: Windows machines over the QEMU guest agent
description: [community.libvirt.libvirt_qemu, with what programs read.]
options:
  remote_addr:
    description: The libvirt domain.
    default: inventory_hostname
    vars: [{ name: ansible_host }]
  virt_uri:
    description: libvirt's URI.
    default: qemu:///system
    vars: [{ name: ansible_libvirt_uri }]
"""

_INPUT_LIMIT = 2 << 20
"""Bytes that fit into one libvirt message as base64 (4 MiB), with room to spare."""
_ANSWER_S = 10
_SILENCE_S = 60.0
"""A machine that is busy answers late; one that restarts is silent too, and has forgotten the program."""
_LONGEST_POLL_S = 1.0
_ENDED_BADLY = 1
"""For a program that ended by an exception: the agent tells its number, and no exit code."""
_ENCODED = "PowerShell -NoProfile "
"""How Ansible's own command lines begin: plain words, the last of them ``-EncodedCommand``'s."""


class Connection(community.Connection):  # type: ignore[misc]  # Ansible's plugins have no annotations
    """One machine."""

    transport = "windows_agent"

    def exec_command(self, cmd: str, in_data: bytes | None = None, sudoable: bool = True) -> tuple[int, bytes, bytes]:
        """Run a command line of Ansible's, or else a text in PowerShell: exit code, output, errors.

        Raises AnsibleConnectionFailure when the agent does not answer: what runs there is not known.
        """
        ConnectionBase.exec_command(self, cmd, in_data=in_data, sudoable=sudoable)
        order = _order(cmd, in_data or b"")
        if len(order.stdin) > _INPUT_LIMIT:
            raise AnsibleError(f"{len(order.stdin)} bytes are too many for the guest agent to pass on")
        program: dict[str, Any] = {"path": order.argv[0], "arg": order.argv[1:], "capture-output": True}
        if order.stdin:
            program["input-data"] = base64.b64encode(order.stdin).decode("ascii")
        pid = self._ask("guest-exec", program)["pid"]
        wait = 0.02
        while not (status := self._status(pid))["exited"]:
            time.sleep(wait)
            wait = min(wait * 1.4, _LONGEST_POLL_S)
        stdout, stderr = (base64.b64decode(status.get(f"{stream}-data", "")) for stream in ("out", "err"))
        return status.get("exitcode", _ENDED_BADLY), stdout, stderr

    def reset(self) -> None:
        """The agent keeps nothing between two commands: there is nothing to reset."""

    def _status(self, pid: int) -> Any:
        """How a program is doing; asked again while the machine is too busy to say."""
        end = time.monotonic() + _SILENCE_S
        while True:
            try:
                return self._ask("guest-exec-status", {"pid": pid})
            except AnsibleConnectionFailure as silent:
                error = silent.__cause__
                busy = isinstance(error, libvirt.libvirtError) and error.get_error_code() in (
                    libvirt.VIR_ERR_AGENT_UNRESPONSIVE,
                    libvirt.VIR_ERR_AGENT_COMMAND_TIMEOUT,
                )
                if not busy or time.monotonic() > end:
                    raise
                time.sleep(_LONGEST_POLL_S)

    def _ask(self, command: str, arguments: dict[str, Any]) -> Any:
        message = json.dumps({"execute": command, "arguments": arguments})
        try:
            return json.loads(libvirt_qemu.qemuAgentCommand(self.domain, message, _ANSWER_S, 0))["return"]
        except libvirt.libvirtError as error:
            raise AnsibleConnectionFailure(f"the guest agent does not answer: {error}") from error


def _order(cmd: str, in_data: bytes) -> Program:
    if cmd.startswith(_ENCODED):
        return Program([POWERSHELL, *cmd.split()[1:]], in_data)
    return powershell_order(cmd, {})
