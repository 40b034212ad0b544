"""An installation goes on step by step, each wait has an end, and whatever fails leaves neither machine nor image."""

from __future__ import annotations

import json
import shutil
import subprocess
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import pytest

from checkers.channel import ChannelError, ExecResult
from checkers.windows import powershell
from labs.text import Text
from orchestrator.windows_image import build, install
from orchestrator.windows_image.build import build_windows
from orchestrator.windows_image.domain import InstallSpec, install_xml
from orchestrator.windows_image.inspect import evaluation, faults, read_inspected
from tests.unit.windows.test_plan import planned
from vagrant.cache import MANIFEST, SECRETS, find_image
from vagrant.errors import ImageError
from vagrant.windows.editions import edition
from vagrant.windows.plan import script

TOOLS = pytest.mark.skipif(
    not (shutil.which("7zz") and shutil.which("xorriso")), reason="needs 7zip and xorriso (./epreuve installs them)"
)
WINRM = {"thumbprint": "A" * 40, "sha256": "b" * 64, "port": 5986, "host": "EPREUVE-MODELE"}
LICENCE = {"family": "ServerStandardEval", "status": 1, "minutes_left": 259200, "end": ""}


def said(**changes: Any) -> dict[str, Any]:
    """What inspect.ps1 writes on a sound server."""
    return {
        "edition": "ServerStandardEval", "build": 20348, "revision": 2700, "language": "fr-FR",
        "now": "2026-11-26T10:00:00Z", "licences": [LICENCE], "broken_devices": ["ACPI\\QEMU0002\\3"],
        "running": ["QEMU-GA", "WinRM", "W32Time"], "updates_off": 1, "winrm": json.dumps(WINRM), **changes,
    }  # fmt: skip


class Machine:
    """A machine in which time passes with each look at it: the disc is read, then the agent answers."""

    def __init__(
        self, inspected: dict[str, Any] | None = None, states: Sequence[str] = ("", "drivers", "done")
    ) -> None:
        self.inspected = said() if inspected is None else inspected
        self.states = list(states)
        self.keys = 0
        self.on = False
        self.removed = 0
        self.asked: list[str] = []
        self.sealing = True
        self.silent = 0

    def start(self, xml: str) -> None:
        assert "<domain" in xml
        self.on = True

    def press_enter(self) -> None:
        self.keys += 1

    def disc_bytes(self) -> int:
        return 0 if self.keys < 3 else 64 << 20

    def is_on(self) -> bool:
        return self.on

    def agent(self) -> Machine:
        return self

    def pause(self, seconds: float) -> None:
        del seconds

    def remove(self) -> None:
        self.removed += 1
        self.on = False

    def ping(self, timeout_s: float = 5.0) -> bool:
        del timeout_s
        self.silent = max(0, self.silent - 1)
        return self.silent == 0

    def run(self, argv: Sequence[str], *, stdin: bytes = b"", timeout_s: float) -> ExecResult:
        del timeout_s
        if "shutdown" in argv[0]:
            self.silent = 3
            raise ChannelError(Text("parti", "gone"))
        assert list(argv) == powershell.argv()
        name = next(one for one in SCRIPTS if stdin == powershell.stdin(script(one), {}))
        self.asked.append(name)
        answer = ""
        if name == "state":
            step = self.states.pop(0) if len(self.states) > 1 else self.states[0]
            answer = json.dumps({"step": step.partition(":")[0], "failure": step.partition(":")[2]}) if step else ""
        elif name == "inspect":
            answer = json.dumps(self.inspected)
        elif name == "sysprep-log":
            answer = "SYSPRP Package Microsoft.X was installed for a user"
        elif name == "seal" and self.sealing:
            self.on = False
        return ExecResult(0, answer.encode(), b"", False, False, 0.1)


SCRIPTS = ("state", "inspect", "seal", "activate", "sysprep-log")


def quiet(_text: Text) -> None:
    """Say nothing."""


@pytest.fixture(autouse=True)
def _no_disks(monkeypatch: pytest.MonkeyPatch) -> None:
    def touch(*arguments: str) -> None:
        Path(arguments[-1] if arguments[0] == "convert" else arguments[4]).write_bytes(b"qcow2")

    monkeypatch.setattr(build, "_qemu_img", touch)
    monkeypatch.setattr(build, "require_space", lambda *_a: None)


def made(tmp_path: Path, machine: Machine, network: str | None = None) -> Any:
    return build_windows(planned(), cache=tmp_path, machine=machine, accelerator="kvm", network=network, say=quiet)


@TOOLS
def test_an_image_comes_out_whole(tmp_path: Path) -> None:
    machine = Machine()
    image = made(tmp_path, machine)
    assert machine.keys == 3, "no key is pressed once Setup is being loaded"
    assert machine.asked == ["state", "state", "state", "inspect", "seal"]
    assert machine.removed == 1
    assert image.kernel is None
    assert image.evaluation is not None
    assert image.evaluation.activated
    assert find_image(tmp_path, "windows-server", planned().key) == image
    folder = image.disk.parent
    assert (folder / SECRETS).stat().st_mode & 0o777 == 0o400
    password = json.loads((folder / SECRETS).read_text())["password"]
    assert password not in (folder / MANIFEST).read_text()
    assert not list((tmp_path / ".windows").iterdir()), "the answers with the password are gone"
    again = Machine()
    assert made(tmp_path, again) == image
    assert again.asked == [], "what is in the cache is not installed again"


@TOOLS
def test_an_evaluation_is_activated_where_there_is_a_network(tmp_path: Path) -> None:
    machine = Machine()
    made(tmp_path, machine, "default")
    assert machine.asked[-3:] == ["activate", "inspect", "seal"]


@TOOLS
@pytest.mark.parametrize(
    ("machine", "expected"),
    [
        (lambda: Machine(states=("", "failed:no disc has guest-agent")), "no disc has guest-agent"),
        (lambda: Machine(said(running=["WinRM", "W32Time"])), "QEMU-GA"),
        (lambda: Machine(said(build=17763)), "10.0.17763"),
        (lambda: Machine(said(edition="ServerStandardCore")), "ServerStandardCore"),
        (lambda: Machine(said(broken_devices=["PCI\\VEN_1AF4&DEV_1041"])), "VEN_1AF4"),
        (lambda: Machine(said(updates_off=0)), "updates"),
        (lambda: Machine(said(licences=[{**LICENCE, "minutes_left": 0}])), "when its evaluation ends"),
        (lambda: Machine(said(winrm="{}")), "does not say what it is"),
        (lambda: Machine({}), "does not say what it is"),
    ],
)
def test_what_is_wrong_is_told_and_nothing_stays(tmp_path: Path, machine: Callable[[], Machine], expected: str) -> None:
    one = machine()
    with pytest.raises(ImageError) as caught:
        made(tmp_path, one)
    assert expected in str(caught.value)
    assert one.removed == 1
    assert "seal" not in one.asked
    assert find_image(tmp_path, "windows-server", planned().key) is None
    assert not list((tmp_path / ".windows").iterdir())


def test_a_disc_that_does_not_start_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(install, "DISC_LIMIT_S", -1.0)
    machine = Machine()
    machine.on = True
    with pytest.raises(ImageError, match="does not start from the ISO"):
        install.start_from_disc(machine, quiet)


def test_a_machine_that_goes_off_is_not_waited_for() -> None:
    with pytest.raises(ImageError, match="powered itself off"):
        install.wait_installed(Machine(), quiet)


def test_an_installation_that_stands_still_ends(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(install, "INSTALL_LIMIT_S", -1.0)
    with pytest.raises(ImageError, match="nothing happens"):
        install.wait_installed(Machine(), quiet)


def test_sysprep_that_refuses_is_quoted(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(install, "SEAL_LIMIT_S", -1.0)
    machine = Machine()
    machine.on, machine.sealing = True, False
    with pytest.raises(ImageError, match="Package Microsoft"):
        install.seal(machine, quiet)


def test_what_windows_says_is_read() -> None:
    found = read_inspected(
        b"noise\r\n" + json.dumps(said(licences=[{**LICENCE, "end": "2027-01-01T00:00:00Z"}])).encode()
    )
    assert found.version == "10.0.20348.2700"
    assert faults(found, edition("server-2022")) == []
    ends = evaluation(found)
    assert ends is not None
    assert ends.ends_at == 1798761600.0, "the earlier of the two ends"


@pytest.mark.parametrize("secure", [True, False])
@pytest.mark.parametrize("network", [None, "default"])
def test_libvirt_knows_the_machine(tmp_path: Path, secure: bool, network: str | None) -> None:

    spec = InstallSpec(
        "ep-install-windows-client",
        6144,
        2,
        tmp_path / "d.qcow2",
        (Path("/w"), Path("/v"), Path("/a")),
        secure,
        network,
    )
    file = tmp_path / "domain.xml"
    for accelerator in ("kvm", "tcg"):
        text = install_xml(spec, accelerator)
        file.write_text(text)
        done = subprocess.run(["virt-xml-validate", str(file), "domain"], capture_output=True, text=True, check=False)
        assert done.returncode == 0, done.stdout + done.stderr
        assert ("<tpm" in text) == secure
        assert ("<interface" in text) == (network is not None)
