"""Which accelerator really runs guests here.

A present ``/dev/kvm`` proves nothing: there are hosts where it opens and guests hang right after the firmware. So a
kernel is booted under KVM with a short deadline, and the answer is remembered for this CPU, kernel and QEMU.
"""

from __future__ import annotations

import hashlib
import json
import os
import platform
import shutil
import subprocess
from contextlib import suppress
from pathlib import Path

from orchestrator.hypervisor.port import Accelerator
from orchestrator.hypervisor.process import bounded_run

EMULATOR = "qemu-system-x86_64"
DEADLINE_S = 15.0
_SIGN_OF_LIFE = b"Linux version"
_DEVICE = Path("/dev/kvm")


def host_key(qemu_version: str) -> str:
    """What the answer depends on."""
    cpu = ""
    with suppress(OSError):
        lines = Path("/proc/cpuinfo").read_text().splitlines()
        cpu = next((line for line in lines if line.startswith("model name")), "")
    facts = [cpu, platform.release(), platform.machine(), qemu_version]
    return hashlib.sha256(json.dumps(facts).encode()).hexdigest()[:16]


def remembered(cache: Path, qemu_version: str) -> Accelerator | None:
    """The accelerator known for this host; TCG at once where there is no ``/dev/kvm``; None when nobody has tried."""
    if not os.access(_DEVICE, os.R_OK | os.W_OK):
        return "tcg"
    with suppress(OSError, ValueError):
        answer = json.loads(_file(cache, qemu_version).read_text())["accelerator"]
        if answer in ("kvm", "tcg"):
            return "kvm" if answer == "kvm" else "tcg"
    return None


def probe(kernel: Path, initrd: Path, cache: Path, qemu_version: str) -> Accelerator:
    """Boot a kernel under KVM (at most 15 s) unless the answer is known; remember it."""
    known = remembered(cache, qemu_version)
    if known is not None:
        return known
    answer: Accelerator = "kvm" if kvm_boots(kernel, initrd) else "tcg"
    cache.mkdir(parents=True, exist_ok=True)
    file = _file(cache, qemu_version)
    temporary = file.with_suffix(f".{os.getpid()}")
    temporary.write_text(json.dumps({"accelerator": answer}) + "\n")
    temporary.replace(file)
    return answer


def kvm_boots(kernel: Path, initrd: Path, deadline_s: float = DEADLINE_S) -> bool:
    """Whether this kernel comes to life under KVM: it has to say its name and then panic for want of an init."""
    emulator = shutil.which(EMULATOR)
    if emulator is None:
        return False
    argv = [emulator, "-nodefaults", "-no-reboot", "-display", "none", "-serial", "stdio", "-m", "512"]
    argv += ["-machine", "pc,accel=kvm", "-cpu", "host", "-kernel", str(kernel), "-initrd", str(initrd)]
    argv += ["-append", "console=ttyS0 panic=-1 rdinit=/none init=/none root=none"]
    try:
        result = bounded_run(argv, timeout_s=deadline_s)
    except (OSError, subprocess.SubprocessError):
        return False
    return not result.timed_out and result.exit_code == 0 and _SIGN_OF_LIFE in result.stdout


def _file(cache: Path, qemu_version: str) -> Path:
    return cache / f"accelerator-{host_key(qemu_version)}.json"
