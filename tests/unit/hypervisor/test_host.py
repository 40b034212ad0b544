"""What is said of a host, and libvirt's errors in words that help."""

from __future__ import annotations

from pathlib import Path

import libvirt
import pytest

from labs.text import Text
from orchestrator.hypervisor import accelerator, connection, host
from orchestrator.hypervisor.errors import DaemonError, HypervisorError, NoSuchDomain


@pytest.mark.parametrize(
    ("uri", "local"),
    [
        ("qemu:///system", True),
        ("qemu+unix:///system?socket=/run/x", True),
        ("qemu+ssh://root@host/system", False),
        ("qemu+tls://host/system", False),
        ("qemu+ssh:///system", False),
        ("test:///default", False),
    ],
)
def test_only_this_hosts_socket_is_local(uri: str, local: bool) -> None:
    assert host.is_local(uri) is local


def _error(code: int, message: str, domain: int = libvirt.VIR_FROM_QEMU) -> libvirt.libvirtError:
    error = libvirt.libvirtError("call failed")
    error.err = (code, domain, message, 2, None, None, None, -1, -1)
    return error


@pytest.mark.parametrize(
    ("code", "domain", "message", "kind", "advice"),
    [
        (libvirt.VIR_ERR_NO_DOMAIN, libvirt.VIR_FROM_QEMU, "Domain not found", NoSuchDomain, "bench list"),
        (libvirt.VIR_ERR_RPC, libvirt.VIR_FROM_RPC, "Cannot write data: Broken pipe", DaemonError, "libvirtd"),
        (libvirt.VIR_ERR_INTERNAL_ERROR, libvirt.VIR_FROM_RPC, "client socket is closed", DaemonError, "libvirtd"),
        (libvirt.VIR_ERR_SYSTEM_ERROR, libvirt.VIR_FROM_QEMU, "x: No space left on device", HypervisorError, "space"),
        (libvirt.VIR_ERR_INTERNAL_ERROR, libvirt.VIR_FROM_QEMU, "Cannot allocate memory", HypervisorError, "memory"),
        (libvirt.VIR_ERR_SYSTEM_ERROR, libvirt.VIR_FROM_QEMU, "x: Permission denied", HypervisorError, "QEMU's user"),
        (libvirt.VIR_ERR_INTERNAL_ERROR, libvirt.VIR_FROM_QEMU, "surprise", HypervisorError, "log"),
    ],
)
def test_each_error_of_libvirt_says_what_where_and_what_to_do(
    code: int, domain: int, message: str, kind: type[HypervisorError], advice: str
) -> None:
    found = connection.explain(_error(code, message, domain), Text("Non démarrée", "Not started"), "ep-a-b-server")
    assert type(found) is kind
    assert found.what.en == f"Not started: {message}."
    assert found.where == "ep-a-b-server"
    assert found.do is not None
    assert advice in found.do.en


def test_a_uri_that_leads_nowhere_is_a_clear_error(tmp_path: Path) -> None:
    nowhere = connection.Connection(f"qemu+unix:///system?socket={tmp_path}/none")
    with pytest.raises(DaemonError) as caught:
        nowhere.get()
    assert str(tmp_path) in caught.value.where
    assert caught.value.do is not None
    nowhere.close()
    with pytest.raises(DaemonError):
        nowhere.get()


def test_a_condition_is_waited_for_and_given_up_in_time() -> None:
    link = connection.Connection("test:///default")
    assert link.get() is link.get()
    answers = iter([False, True])
    assert link.wait_until(lambda: next(answers), 5)
    assert not link.wait_until(lambda: False, 0.05)
    link.close()


def test_no_device_means_tcg_and_a_known_answer_is_not_tried_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(accelerator, "_DEVICE", tmp_path / "kvm")
    assert accelerator.probe(tmp_path, tmp_path, tmp_path / "cache", "10.0.2") == "tcg"
    (tmp_path / "kvm").touch()
    tried = []

    def boots(*_args: object) -> bool:
        tried.append(1)
        return True

    monkeypatch.setattr(accelerator, "kvm_boots", boots)
    assert accelerator.remembered(tmp_path / "cache", "10.0.2") is None
    assert accelerator.probe(tmp_path, tmp_path, tmp_path / "cache", "10.0.2") == "kvm"
    assert accelerator.probe(tmp_path, tmp_path, tmp_path / "cache", "10.0.2") == "kvm"
    assert len(tried) == 1
    assert accelerator.probe(tmp_path, tmp_path, tmp_path / "cache", "11.0.0") == "kvm"
    assert len(tried) == 2


@pytest.mark.parametrize(
    ("script", "limit_s", "boots"),
    [
        ("echo 'Linux version 6.12'", 60, True),
        ("echo 'Probing EDD (edd=off to disable)... ok'", 60, False),
        ("echo 'Linux version 6.12'; exit 1", 60, False),
        ("echo 'Linux version 6.12'; sleep 60", 0.5, False),
    ],
)
def test_a_kernel_boots_when_it_speaks_and_ends_in_time(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, script: str, limit_s: float, boots: bool
) -> None:
    emulator = tmp_path / accelerator.EMULATOR
    emulator.write_text(f"#!/bin/sh\n{script}\n")
    emulator.chmod(0o755)
    monkeypatch.setenv("PATH", f"{tmp_path}:/usr/bin:/bin")
    assert accelerator.kvm_boots(tmp_path, tmp_path, deadline_s=limit_s) is boots


@pytest.mark.parametrize(("share", "promised"), [(100, 1536), (50, 512), (25, 0)])
def test_what_running_machines_were_promised_is_not_free(share: int, promised: int) -> None:
    class Host:
        def getMemoryStats(self, _cell: int) -> dict[str, int]:  # noqa: N802 - libvirt's name
            return {"free": 4 << 20, "cached": 3 << 20, "buffers": 1 << 20, "total": 99 << 20}

        def getAllDomainStats(self, _kind: int, _flags: int) -> list[tuple[str, dict[str, int]]]:  # noqa: N802
            return [
                ("young", {"balloon.current": 2 << 20, "balloon.rss": 512 << 10}),
                ("grown", {"balloon.current": 1 << 20, "balloon.rss": 2 << 20}),
                ("unknown", {}),
            ]

    facts = host.HostFacts("qemu+ssh://h/system", "10.0.2", "11.3.0", "cpu", 2, 99, False, True, False)
    assert host.read_info(Host(), facts, None, share).free_memory_mib == (8 << 10) - promised
