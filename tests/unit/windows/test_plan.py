"""A Windows image is named by its role and keyed by all that it is made from but its password."""

from __future__ import annotations

import dataclasses
import shutil
import subprocess
from pathlib import Path

import pytest

from vagrant.build import image_names
from vagrant.errors import ImageError
from vagrant.windows import iso, plan
from vagrant.windows.editions import edition
from vagrant.windows.media import Media, WindowsMedia
from vagrant.windows.plan import WindowsPlan
from vagrant.windows.wim import WimImage


def planned(role: str = "server", name: str = "server-2022", *, bypass: bool = False) -> WindowsPlan:
    one = edition(name)
    image = WimImage(2, "W", one.editions[0], one.installation, one.builds[0], "fr-FR", "amd64")
    windows = WindowsMedia(Path("/w.iso"), "W", 5_000_000_000, image)
    return plan.plan(role, one, windows, Media(Path("/v.iso"), "V", 700_000_000), bypass=bypass)


def test_the_name_is_that_of_the_role() -> None:
    assert planned().name == "windows-server"


def test_an_unknown_role_is_refused_with_those_there_are() -> None:
    with pytest.raises(ImageError, match="server-2"):
        planned("../x")


def test_a_role_is_a_computer_name() -> None:
    assert all(len(role) <= 15 and role.replace("-", "").isalnum() for role in plan.ROLES)


def test_a_lab_may_name_them_before_they_are_made() -> None:
    assert set(plan.NAMES) < set(image_names())


def test_a_server_needs_no_bypass() -> None:
    with pytest.raises(ImageError, match="neither TPM"):
        planned(bypass=True)


def test_the_key_follows_the_contents() -> None:
    base = planned()
    image = base.windows.image
    others = [
        planned("server-2"),
        planned(name="server-2025"),
        dataclasses.replace(base, virtio=dataclasses.replace(base.virtio, size=1)),
        dataclasses.replace(
            base, windows=dataclasses.replace(base.windows, image=dataclasses.replace(image, language="en-US"))
        ),
    ]
    assert base.key == planned().key
    assert len({base.key, *(one.key for one in others)}) == 5
    assert planned("client", "windows-11", bypass=True).key != planned("client", "windows-11").key


@pytest.mark.skipif(shutil.which("xorriso") is None, reason="needs xorriso (./epreuve installs it)")
def test_the_disc_has_what_windows_looks_for_and_nobody_else_reads_it(tmp_path: Path) -> None:
    made = plan.write_files(planned(), tmp_path, "Secret2secret2secret")
    assert made.stat().st_mode & 0o777 == 0o600
    assert (tmp_path / "disc").stat().st_mode & 0o777 == 0o700
    assert iso.label(made) == "EPREUVE"
    out = subprocess.run(["7zz", "l", "-slt", "-ba", str(made)], check=True, capture_output=True, text=True).stdout
    names = {line.removeprefix("Path = ") for line in out.splitlines() if line.startswith("Path = ")}
    wanted = {"first-logon.ps1", "winrm.ps1", "SetupComplete.cmd", "oobe.xml"}
    assert names == {"autounattend.xml", "epreuve", *(f"epreuve/{name}" for name in wanted)}
    assert b"Secret2secret2secret" not in made.read_bytes()
    assert b"\r\n" in (tmp_path / "disc/epreuve/SetupComplete.cmd").read_bytes()
