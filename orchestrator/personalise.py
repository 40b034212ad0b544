"""What makes a new bench this session's and one candidate's: fresh identity, the session's secrets, their values of the
variants, the second channel."""

from __future__ import annotations

import json
import os
import re
import shlex
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Any

from checkers.batch import exports
from checkers.channel import Agent, ExecResult, Program
from checkers.windows import powershell
from checkers.windows.twin import source
from labs.loader import LoadedLab
from labs.text import Text
from orchestrator.bench import BenchError
from orchestrator.orders import powershell_order
from orchestrator.second_channel import WinRmPin
from orchestrator.sessions import Session, script_environment

LIMIT_S = 120.0
_SHA256 = re.compile(r"[0-9a-f]{64}")

_TWO_CERTIFICATES = Text(
    "WinRM n'a pas le certificat ou le port qu'annonce winrm.json dans la machine.",
    "WinRM has not the certificate or the port that winrm.json in the machine says.",
)
_RUN_AGAIN = Text(
    "Que la mise en place du sujet relance C:\\ProgramData\\Epreuve\\winrm.ps1, ou corrige ce fichier.",
    "Let the lab's set-up run C:\\ProgramData\\Epreuve\\winrm.ps1 again, or mend that file.",
)

# One script for all: on an emulated processor that has just been restored, every process counts. The lab's part is in a
# subshell: whatever it sets or exits with stays there. Last the second channel: root's key, and the host key that will
# be pinned. "ap" has no SSH in some images: then nothing.
_SCRIPT = """\
if [ -x /usr/lib/epreuve/new-identity ]; then
  printf %s {seed} | /usr/lib/epreuve/new-identity || {{ echo "new-identity: $?" >&2; exit 1; }}
fi
(
{lab}
) </dev/null >&2
status=$?
[ $status -eq 0 ] || {{ echo {path}": $status" >&2; exit 1; }}
if [ -d /etc/ssh ]; then
  mkdir -p -m 700 /root/.ssh
  printf '%s\\n' "$EPREUVE_SSH_KEY" >/root/.ssh/authorized_keys
  cat /etc/ssh/ssh_host_ed25519_key.pub 2>/dev/null || :
fi
"""


@dataclass
class Personaliser:
    """Personalises machines one by one; keeps the host keys and the WinRM certificates that it met, by machine."""

    lab: LoadedLab
    session: Session
    host_keys: dict[str, str] = field(default_factory=dict)
    certificates: dict[str, WinRmPin] = field(default_factory=dict)

    def __call__(self, machine: str, agent: Agent) -> None:
        """Make one machine this session's. Raises BenchError with what the machine said, or ChannelError."""
        spec = self.lab.lab.virtual[machine]
        path = spec.personalise
        own = None if path is None else self.lab.path(path).read_text(encoding="utf-8")
        known = script_environment(self.session, self.lab) | {"EPREUVE_SSH_KEY": self.session.ssh_public_key}
        if spec.family == "windows":  # sysprep gave it an identity of its own
            order = powershell_order(own or "", known)
        else:
            script = _SCRIPT.format(seed=os.urandom(64).hex(), lab=own or ":", path=shlex.quote(str(path)))
            order = Program(["/bin/sh"], (exports(known) + script).encode())
        done = _need(agent.run(order.argv, stdin=order.stdin, timeout_s=LIMIT_S), machine)
        if done.stdout.startswith(b"ssh-"):
            self.host_keys[machine] = done.stdout[:1000].decode("ascii", "replace").strip()
        if spec.family == "windows" and spec.login is not None:
            self._meet(machine, agent)

    def _meet(self, machine: str, agent: Agent) -> None:
        """Keep what a Windows machine is known by. Without it there is no channel but its agent. Raises BenchError when
        its image says otherwise than its listener: what people were told to trust is not what will be shown."""
        done = agent.run(powershell.argv(), stdin=powershell.stdin(source("pins"), {}), timeout_s=LIMIT_S)
        with suppress(ValueError, KeyError, TypeError, AttributeError):
            found = json.loads(done.stdout[:8192])
            if (found["host_key"] or "").startswith("ssh-"):
                self.host_keys[machine] = found["host_key"][:1000]
            pin = _winrm_pin(found["certificate"], found["port"])
            if found["told"] not in (None, pin):
                raise BenchError(_TWO_CERTIFICATES, where=machine, do=_RUN_AGAIN)
            self.certificates[machine] = pin


def _winrm_pin(sha256: Any, port: Any) -> WinRmPin:
    """Raises ValueError or TypeError when they are none."""
    if not _SHA256.fullmatch(sha256) or isinstance(port, bool) or not 0 < port < 65536:
        raise ValueError("no pin")
    return {"sha256": sha256, "port": port}


def _need(result: ExecResult, machine: str) -> ExecResult:
    if result.exit_code == 0:
        return result
    said = (result.stderr or result.stdout)[-300:].decode("utf-8", "replace").strip()
    raise BenchError(
        Text("La machine n'a pas pu être personnalisée.", "The machine could not be personalised."),
        where=f"{machine}: exit={result.exit_code} {said}",
        do=Text(
            "Corrigez le script du sujet puis recréez le poste.", "Mend the lab's script, then make the bench again."
        ),
    )
