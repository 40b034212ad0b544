"""A school's discs are looked into before an hour is spent on them, and each fault is told."""

from __future__ import annotations

import io
import shutil
from pathlib import Path

import pytest

from tests.unit.windows.media import SERVER_2022, WINDOWS_11, disc, virtio_disc, wim, windows_disc
from vagrant.errors import ImageError
from vagrant.windows.editions import edition, editions
from vagrant.windows.media import AGENT, choose, read_virtio, read_windows
from vagrant.windows.wim import images

TOOLS = pytest.mark.skipif(
    not (shutil.which("7zz") and shutil.which("xorriso")), reason="needs 7zip and xorriso (./epreuve installs them)"
)


@TOOLS
def test_a_windows_disc_is_read(tmp_path: Path) -> None:
    media = read_windows(windows_disc(tmp_path / "w.iso"), edition("server-2022"))
    assert (media.label, media.image.index, media.image.language) == ("SSS_X64FREE_FR-FR_DV9", 2, "fr-FR")
    assert media.size == (tmp_path / "w.iso").stat().st_size


@TOOLS
def test_another_windows_is_refused_with_what_is_there(tmp_path: Path) -> None:
    with pytest.raises(ImageError) as caught:
        read_windows(windows_disc(tmp_path / "w.iso", WINDOWS_11), edition("server-2022"))
    assert "EnterpriseEval, 26100" in str(caught.value)


@TOOLS
@pytest.mark.parametrize(
    ("files", "said"),
    [
        ({"readme.txt": b"x"}, "installs no 64-bit Windows"),
        ({"sources/install.wim": wim(SERVER_2022)}, "installs no 64-bit Windows"),
        ({"sources/install.wim": b"x" * 300, "efi/boot/bootx64.efi": b"MZ"}, "damaged"),
        ({"sources/install.wim": wim(SERVER_2022)[:-500], "efi/boot/bootx64.efi": b"MZ"}, "damaged"),
    ],
)
def test_a_disc_that_cannot_install_is_refused(tmp_path: Path, files: dict[str, bytes], said: str) -> None:
    with pytest.raises(ImageError) as caught:
        read_windows(disc(tmp_path / "w.iso", files, "X"), edition("server-2022"))
    assert said in str(caught.value)


def test_what_is_no_iso_is_told(tmp_path: Path) -> None:
    (tmp_path / "w.iso").write_bytes(b"\0" * 40_000)
    with pytest.raises(ImageError, match="not an ISO image"):
        read_windows(tmp_path / "w.iso", edition("server-2022"))
    with pytest.raises(ImageError, match="cannot be read: No such file"):
        read_windows(tmp_path / "gone.iso", edition("server-2022"))


@TOOLS
def test_a_cut_download_is_told(tmp_path: Path) -> None:
    whole = windows_disc(tmp_path / "w.iso").read_bytes()
    (tmp_path / "cut.iso").write_bytes(whole[: len(whole) // 2])
    with pytest.raises(ImageError) as caught:
        read_windows(tmp_path / "cut.iso", edition("server-2022"))
    assert "checksum" in str(caught.value)


@TOOLS
def test_the_drivers_must_be_for_this_windows(tmp_path: Path) -> None:
    old = virtio_disc(tmp_path / "v.iso", ("w11", "2k22"))
    assert read_virtio(old, edition("server-2022")).label == "virtio-win-0.1.271"
    with pytest.raises(ImageError, match="viostor"):
        read_virtio(old, edition("server-2025"))
    with pytest.raises(ImageError, match="qemu-ga"):
        read_virtio(virtio_disc(tmp_path / "w.iso", without=AGENT), edition("server-2022"))


def test_the_best_edition_is_taken_whatever_its_place() -> None:
    rows = ((1, "A", "ServerDatacenterEval", "Server", 20348), (2, "B", "ServerStandardEval", "Server", 20348))
    found = images(io.BytesIO(wim(rows)))
    assert choose(found, edition("server-2022"), Path("x")).index == 2


@pytest.mark.parametrize(("architecture", "installation"), [(0, "Server"), (12, "Server"), (9, "Server Core")])
def test_what_cannot_serve_is_not_taken(architecture: int, installation: str) -> None:
    rows = ((1, "A", "ServerStandardEval", installation, 20348),)
    with pytest.raises(ImageError):
        choose(images(io.BytesIO(wim(rows, architecture=architecture))), edition("server-2022"), Path("x"))


@pytest.mark.parametrize("damage", [b"", b"MSWIM\0\0\0", b"PK\3\4" + b"\0" * 300, b"MSWIM\0\0\0" + b"\xff" * 400])
def test_a_damaged_wim_is_a_value_error(damage: bytes) -> None:
    with pytest.raises(ValueError, match="WIM"):
        images(io.BytesIO(damage))


def test_every_edition_is_sound() -> None:
    assert set(editions()) == {"windows-11", "server-2022", "server-2025"}
    for one in editions().values():
        assert one.builds[0] <= one.builds[1]
        assert one.editions[0].endswith("Eval"), "evaluation media come first: they need no key"
