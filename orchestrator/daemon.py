"""The private libvirtd of a host where none runs.

On a host with systemd, libvirt's own daemon is used as it is, with its confinement on (AppArmor or SELinux, an
unprivileged QEMU user). Where no libvirtd runs and there is no systemd to start one (containers, small virtual
machines, CI), one is started that touches nothing of the host's libvirt:

* a network namespace ``epreuve`` holds every bridge and all the traffic of the machines;
* a mount namespace shows it our own ``/etc/libvirt``, ``/var/lib/libvirt``, ``/var/cache/libvirt``,
  ``/var/log/libvirt`` and ``/run/libvirt``: four directories under ``<data>/libvirt`` and ``/run/epreuve/run``;
* it runs QEMU as root and without confinement, as there is neither a QEMU user's session nor an LSM to rely on;
* its virtlogd keeps serial logs short, so that a candidate cannot fill the disk through the serial port.

Every process that uses it holds a shared lock. The last to leave stops it, if no machine of ours is left, and removes
namespace and run directory: nothing stays but the data directory.
"""

from __future__ import annotations

import fcntl
import json
import os
import shutil
import signal
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from time import monotonic, sleep
from typing import TypeVar

import libvirt

from labs.text import Text
from orchestrator.hypervisor.connection import start_event_loop
from orchestrator.hypervisor.errors import DaemonError

NAMESPACE = "epreuve"
RUN = Path("/run/epreuve")
_START_LIMIT_S = 60.0
_STOP_LIMIT_S = 20.0

_QEMU_CONF = """\
user = "root"
group = "root"
security_driver = "none"
cgroup_controllers = []
namespaces = []
dynamic_ownership = 0
remember_owner = 0
stdio_handler = "{stdio}"
"""

_LIBVIRTD_CONF = """\
unix_sock_rw_perms = "0700"
unix_sock_ro_perms = "0700"
auth_unix_ro = "none"
auth_unix_rw = "none"
log_outputs = "3:file:/var/log/libvirt/libvirtd.log"
"""

_VIRTLOGD_CONF = """\
max_size = 2097152
max_backups = 1
"""

_PLACES = {"etc": "/etc/libvirt", "lib": "/var/lib/libvirt", "cache": "/var/cache/libvirt", "log": "/var/log/libvirt"}

_HOSTS_RUN = "/run/libvirt"

_T = TypeVar("_T")


@contextmanager
def local_uri(data_dir: Path) -> Iterator[str]:
    """The URI of a libvirtd on this host, for the time of the block; a private one is started when none answers.

    :raises DaemonError: there is none and none can be started.
    """
    start_event_loop()
    if _answers("qemu:///system"):
        yield "qemu:///system"
        return
    if Path("/run/systemd/system").exists():
        raise DaemonError(
            Text("libvirtd ne répond pas.", "libvirtd does not answer."),
            where="qemu:///system",
            do=Text(
                "Lancez « systemctl start libvirtd » et vérifiez que vous avez le droit de vous y connecter.",
                "Run “systemctl start libvirtd” and check that you may connect to it.",
            ),
        )
    with private_daemon(data_dir) as uri:
        yield uri


@contextmanager
def private_daemon(data_dir: Path) -> Iterator[str]:
    """The private libvirtd, started if need be, stopped by the last who leaves if no machine is left."""
    if os.geteuid() != 0:
        raise DaemonError(
            Text(
                "Aucun libvirtd ne tourne et il faut être root pour en lancer un.",
                "No libvirtd runs, and only root can start one.",
            ),
            do=Text("Relancez avec sudo.", "Run it again with sudo."),
        )
    with _mutex():
        users = os.open(RUN / "users", os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
        fcntl.flock(users, fcntl.LOCK_SH)
        try:
            _ensure(data_dir / "libvirt")
        except BaseException:
            _leave(users)
            raise
    try:
        yield uri()
    finally:
        with _mutex():
            _leave(users)


def _leave(users: int) -> None:
    """Give up our share of the daemon; the last to do so, who can have the lock alone, takes everything away."""
    with suppress(BlockingIOError):
        fcntl.flock(users, fcntl.LOCK_EX | fcntl.LOCK_NB)
        if not _has_machines():
            _stop()
            if not _machine_pids():
                shutil.rmtree(RUN, ignore_errors=True)
    os.close(users)


def uri() -> str:
    """The private daemon's URI."""
    return f"qemu+unix:///system?socket={RUN}/run/libvirt-sock"


@contextmanager
def _mutex() -> Iterator[None]:
    """Starting and stopping are one process' business at a time. Its file goes with the run directory."""
    file = RUN / "lock"
    while True:
        RUN.mkdir(mode=0o700, parents=True, exist_ok=True)
        with suppress(FileNotFoundError):
            descriptor = os.open(file, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
            fcntl.flock(descriptor, fcntl.LOCK_EX)
            if file.exists() and file.stat().st_ino == os.fstat(descriptor).st_ino:
                break
            os.close(descriptor)  # its last user removed it while we waited
    try:
        yield
    finally:
        os.close(descriptor)


def _answers(address: str) -> bool:
    try:
        connection = libvirt.open(address)
        connection.getVersion()
        connection.close()
    except libvirt.libvirtError:
        return False
    return True


def _has_machines() -> bool:
    """Whether the private daemon has any domain or network, running or defined; if it is dead, whether any runs on."""
    try:
        connection = libvirt.open(uri())
        left = connection.listAllDomains() or connection.listAllNetworks()
        connection.close()
    except libvirt.libvirtError:
        return bool(_machine_pids())
    return bool(left)


def _ensure(home: Path) -> None:
    if _answers(uri()):
        if _home().is_dir() or _has_machines():
            return
        _stop()  # somebody removed its directories under its feet
    elif _machine_pids():
        home = _home()  # it died and its machines live on: the new one must find their state
    else:
        _stop()
    try:
        _start(home)
    except BaseException:
        _stop()
        raise


def _start(home: Path) -> None:
    for program in ("libvirtd", "ip", "mount"):
        if shutil.which(program) is None:
            raise DaemonError(
                Text(f"Le programme {program} n'est pas installé.", f"The program {program} is not installed."),
                do=Text(
                    "Lancez ./epreuve, qui installe ce qui manque.", "Run ./epreuve, which installs what is missing."
                ),
            )
    _lay_out(home)
    if not (Path("/run/netns") / NAMESPACE).exists():
        _run(["ip", "netns", "add", NAMESPACE])
    _run(["ip", "-n", NAMESPACE, "link", "set", "lo", "up"])
    script = ["set -e"]
    script += [f'mount --bind "$1/{name}" {place}' for name, place in _PLACES.items()]
    script += [f"mount --bind {RUN}/run {_HOSTS_RUN}"]
    for program in ("virtlogd", "libvirtd"):
        if shutil.which(program) and _pid(program) is None:
            script += [f"{program} --daemon --config /etc/libvirt/{program}.conf --pid-file /run/libvirt/{program}.pid"]
    # "ip netns exec" gives it a mount namespace of its own, whose mounts the host does not see.
    _run(["ip", "netns", "exec", NAMESPACE, "sh", "-c", "\n".join(script), "libvirtd", str(home)])
    deadline = monotonic() + _START_LIMIT_S
    while not _answers(uri()):
        if monotonic() > deadline:
            raise DaemonError(
                Text("Le libvirtd privé ne répond pas.", "The private libvirtd does not answer."),
                where=str(home / "log" / "libvirtd.log"),
                do=Text("Lisez son journal.", "Read its log."),
            )
        sleep(0.1)


def _home() -> Path:
    """Where the running daemon keeps its state."""
    return Path(_note("home", "/nonexistent"))


def _note(name: str, default: _T) -> _T:
    """What was noted when the daemon was started."""
    try:
        value = json.loads((RUN / "daemon.json").read_text())[name]
    except (OSError, ValueError, KeyError, TypeError):
        return default
    return value if isinstance(value, type(default)) else default


def _lay_out(home: Path) -> None:
    home.parent.mkdir(parents=True, exist_ok=True)
    for name in _PLACES:
        (home / name).mkdir(mode=0o700, parents=True, exist_ok=True)
    home.chmod(0o700)
    (RUN / "run").mkdir(mode=0o700, parents=True, exist_ok=True)
    # What is bound over must exist on the host; what did not is removed again in the end.
    made = [place for place in (*_PLACES.values(), _HOSTS_RUN) if not Path(place).exists()]
    for place in made:
        Path(place).mkdir(parents=True)
    (RUN / "daemon.json").write_text(json.dumps({"home": str(home), "made": made + _note("made", [])}) + "\n")
    stdio = "logd" if shutil.which("virtlogd") else "file"
    (home / "etc" / "qemu.conf").write_text(_QEMU_CONF.format(stdio=stdio))
    (home / "etc" / "virtlogd.conf").write_text(_VIRTLOGD_CONF)
    (home / "etc" / "libvirtd.conf").write_text(_LIBVIRTD_CONF)


def _run(argv: list[str]) -> None:
    try:
        subprocess.run(
            argv, check=True, capture_output=True, text=True, timeout=_START_LIMIT_S, stdin=subprocess.DEVNULL
        )
    except (OSError, subprocess.SubprocessError) as error:
        detail = (getattr(error, "stderr", "") or str(error)).strip()
        raise DaemonError(
            Text(f"Le libvirtd privé n'a pas démarré : {detail}.", f"The private libvirtd did not start: {detail}."),
            where=" ".join(argv[:4]),
            do=Text("Voir « epreuve doctor ».", "See “epreuve doctor”."),
        ) from error


def _stop() -> None:
    """End the daemons and remove their traces; machines that still run keep their namespace and their log daemon."""
    _end("libvirtd")
    if _machine_pids():
        return
    _end("virtlogd")
    subprocess.run(["ip", "netns", "del", NAMESPACE], capture_output=True, check=False, timeout=30)
    made: list[str] = _note("made", [])
    for place in made:
        with suppress(OSError):
            Path(place).rmdir()
    shutil.rmtree(RUN / "run", ignore_errors=True)
    (RUN / "daemon.json").unlink(missing_ok=True)


def _end(program: str) -> None:
    """End a daemon of ours, wherever its pid file went."""
    for pid, name in _namespace_processes().items():
        if name != program:
            continue
        with suppress(ProcessLookupError):
            os.kill(pid, signal.SIGTERM)
        deadline = monotonic() + _STOP_LIMIT_S
        while _comm(pid) == program and monotonic() < deadline:
            sleep(0.02)
        if _comm(pid) == program:
            with suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)


def _machine_pids() -> list[int]:
    """What runs in the namespace beside the daemons themselves: machines."""
    return [pid for pid, name in _namespace_processes().items() if name not in ("libvirtd", "virtlogd")]


def _namespace_processes() -> dict[int, str]:
    """Names of the processes in our namespace, by pid."""
    found = subprocess.run(["ip", "netns", "pids", NAMESPACE], capture_output=True, text=True, check=False, timeout=30)
    names = {int(pid): _comm(int(pid)) for pid in found.stdout.split()}
    return {pid: name for pid, name in names.items() if name}


def _pid(program: str) -> int | None:
    """The pid of a private daemon that runs."""
    try:
        pid = int((RUN / "run" / f"{program}.pid").read_text())
    except (OSError, ValueError):
        return None
    return pid if _comm(pid) == program else None


def _comm(pid: int) -> str:
    """The name of a process; empty when there is none or it is only waiting to be reaped."""
    try:
        name = Path(f"/proc/{pid}/comm").read_text().strip()
        state = Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()[0]
    except (OSError, IndexError):
        return ""
    return "" if state == "Z" else name
