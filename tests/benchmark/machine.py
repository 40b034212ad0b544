"""On what machine and with what software a measure was taken."""

from __future__ import annotations

import os
import platform
import re
from contextlib import suppress
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Any

from orchestrator.hypervisor.port import Hypervisor
from orchestrator.version import version as epreuve_version

_PACKAGES = ("pytest", "pytest-testinfra", "paramiko", "pydantic", "libvirt-python")


def describe(hypervisor: Hypervisor) -> dict[str, Any]:
    """The host, as far as it explains figures."""
    info = hypervisor.info()
    return {
        "cpu": _cpu_model() or info.cpu,
        "cores": info.cores,
        "memory_mib": _memory_mib() or info.memory_mib,
        "kernel": platform.release(),
        "system": _system(),
        "qemu": info.qemu,
        "libvirt": info.libvirt,
        "accelerator": info.accelerator,
    }


def versions() -> dict[str, str]:
    """Of Épreuve, Python and the libraries that the measures run through."""
    found = {"épreuve": epreuve_version(), "python": platform.python_version()}
    for package in _PACKAGES:
        with suppress(PackageNotFoundError):
            found[package] = version(package)
    return found


def load() -> float:
    """The host's load over the last minute: figures from a busy host are worth less."""
    return round(os.getloadavg()[0], 2)


def _cpu_model() -> str:
    with suppress(OSError):
        found = re.search(r"^model name\s*: (.+)$", Path("/proc/cpuinfo").read_text(), re.MULTILINE)
        if found:
            return found[1].strip()
    return ""


def _memory_mib() -> int:
    with suppress(OSError):
        found = re.search(r"^MemTotal:\s+([0-9]+) kB", Path("/proc/meminfo").read_text(), re.MULTILINE)
        if found:
            return int(found[1]) // 1024
    return 0


def _system() -> str:
    with suppress(OSError):
        found = re.search(r'^PRETTY_NAME="?([^"\n]+)', Path("/etc/os-release").read_text(), re.MULTILINE)
        if found:
            return found[1]
    return platform.system()
