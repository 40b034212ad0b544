"""Running Ansible playbooks in machines, those of a bench over the guest agent: set-up, reference solutions, incidents.

Never on the checking path: a module call costs seconds on a slow machine and the connection has no time limit of its
own.
"""

from __future__ import annotations

import json
import os
import signal
import sys
import tempfile
import threading
from collections.abc import Callable, Collection, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from labs.errors import EpreuveError
from labs.text import Text


class PlaybookError(EpreuveError):
    """A playbook did not do its work."""

    code = "playbook"
    exit_code = 7


_KINDS: dict[str, dict[str, str]] = {
    "linux": {
        "ansible_connection": "community.libvirt.libvirt_qemu",
        "ansible_python_interpreter": "/usr/bin/python3",
        "ansible_remote_tmp": "/tmp/.ansible",  # noqa: S108 - in the guest; removed by Ansible
    },
    "windows": {"ansible_connection": "windows_agent", "ansible_shell_type": "powershell"},
}
"""What Ansible needs to know of each kind of machine of a bench."""
_PACKAGES = Path(__file__).parents[1]
"""Where Ansible finds what our connection to Windows imports."""


@dataclass(frozen=True)
class PlayResult:
    """What a playbook did. ``failed``: the tasks that failed, as ``machine: task: message``."""

    ok: bool
    status: str
    changed: int
    failed: tuple[str, ...]
    log: str


def run_playbook(
    playbook: Path,
    *,
    domains: Mapping[str, str],
    uri: str,
    families: Mapping[str, str] | None = None,
    variables: Mapping[str, Any] | None = None,
    tags: Collection[str] = (),
    timeout_s: int = 900,
    progress: Callable[[Text], None] | None = None,
) -> PlayResult:
    """Run a playbook against the machines of one bench (or golden).

    domains: libvirt domain by machine name; the playbook's ``hosts:`` are machine names. families: the kind of those
    machines that are not Linux; on Windows ``raw`` is PowerShell. uri: libvirt's, as Ansible
    must open it. variables: extra variables; they are written to a private file, never to a command line.
    """
    hosts = {
        machine: {
            "ansible_host": domain,
            "ansible_libvirt_uri": uri,
            **_KINDS[(families or {}).get(machine, "linux")],
        }
        for machine, domain in domains.items()
    }
    return play(playbook, hosts=hosts, variables=variables, tags=tags, timeout_s=timeout_s, progress=progress)


def play(
    playbook: Path,
    *,
    hosts: Mapping[str, Mapping[str, str]],
    variables: Mapping[str, Any] | None = None,
    tags: Collection[str] = (),
    timeout_s: int = 900,
    progress: Callable[[Text], None] | None = None,
) -> PlayResult:
    """The same against machines that are reached otherwise. hosts: Ansible's inventory variables, by machine."""
    import ansible_runner  # slow to import, and only this function needs it

    failed: list[str] = []
    changed = 0

    def on_event(event: dict[str, Any]) -> bool:
        nonlocal changed
        data = event.get("event_data", {})
        kind, task, host = event.get("event"), data.get("task", ""), data.get("host", "")
        if kind == "playbook_on_task_start" and progress and task != "Gathering Facts":
            progress(Text(f"étape : {task}", f"step: {task}"))
        elif kind == "runner_on_ok":
            changed += bool(data.get("res", {}).get("changed"))
        elif kind in ("runner_on_failed", "runner_on_unreachable") and not data.get("ignore_errors"):
            failed.append(f"{host}: {task}: {_message(data.get('res', {}))}")
        return False  # keep nothing of the events on disk: they hold variables

    with _signals_given_back(), tempfile.TemporaryDirectory(prefix="epreuve-play-") as private:
        result = ansible_runner.run(
            private_data_dir=private,
            project_dir=str(playbook.parent),
            playbook=str(playbook),
            inventory={"all": {"hosts": {name: dict(values) for name, values in hosts.items()}}},
            extravars=dict(variables or {}),
            tags=",".join(tags) or None,
            quiet=True,
            timeout=timeout_s,
            event_handler=on_event,
            envvars={
                "PATH": f"{Path(sys.executable).parent}{os.pathsep}{os.environ.get('PATH', '')}",
                "PYTHONPATH": os.pathsep.join(filter(None, [os.environ.get("PYTHONPATH"), str(_PACKAGES)])),
                "ANSIBLE_CONNECTION_PLUGINS": str(Path(__file__).parent / "connections"),
                "ANSIBLE_HOST_KEY_CHECKING": "False",
                "ANSIBLE_GATHERING": "explicit",
                "ANSIBLE_NOCOWS": "1",
                "ANSIBLE_DEPRECATION_WARNINGS": "False",
                "ANSIBLE_STRATEGY": "free",
                "ANSIBLE_HOME": private,
            },
        )
        if result.status in ("canceled", "timeout"):
            _end_workers(private)
        told = Path(result.config.artifact_dir) / "stdout"
        log = told.read_text(encoding="utf-8", errors="replace") if told.exists() else ""
    if result.status == "canceled":  # by a signal, which ansible-runner took for us
        raise KeyboardInterrupt
    if result.status == "timeout":
        failed.append(f"timeout after {timeout_s} s")
    return PlayResult(result.status == "successful", result.status, changed, tuple(failed), log)


def _end_workers(private: str) -> None:
    """Ansible's workers have sessions of their own: ending the playbook leaves them at their task in the machine.

    private: the folder that their command line names.
    """
    for process in Path("/proc").glob("[0-9]*"):
        with suppress(OSError):  # it has ended meanwhile
            group = os.getpgid(int(process.name))
            if private.encode() in (process / "cmdline").read_bytes() and group != os.getpgrp():
                os.killpg(group, signal.SIGKILL)


@contextmanager
def _signals_given_back() -> Iterator[None]:
    """ansible-runner takes SIGINT and SIGTERM to end a playbook on them, and keeps them for ever: we want them back."""
    if threading.current_thread() is not threading.main_thread():
        yield  # then it takes none
        return
    before = {number: signal.getsignal(number) for number in (signal.SIGINT, signal.SIGTERM)}
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


def require(result: PlayResult, playbook: Path) -> PlayResult:
    """The result, or a PlaybookError that names what failed."""
    if result.ok:
        return result
    told = [line for line in result.log.splitlines() if line.strip()]  # a playbook that cannot be read names no task
    what = "; ".join(result.failed[:3]) or " ".join(told[:4]) or result.status
    raise PlaybookError(
        Text("le playbook n'a pas abouti : {what}", "the playbook did not succeed: {what}").format(what=what[:600]),
        where=str(playbook),
        do=Text("Corrigez la tâche nommée puis relancez.", "Mend the task named, then run again."),
    )


def _message(result: Mapping[str, Any]) -> str:
    parts = [str(result.get(key, "")).strip() for key in ("msg", "stderr", "stdout", "module_stdout")]
    return " ".join(part for part in parts if part)[:400] or json.dumps(dict(result), default=str)[:400]
