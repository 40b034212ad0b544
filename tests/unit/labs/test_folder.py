"""A lab's folder: its hash names its contents, and no path leaves it."""

from __future__ import annotations

import hashlib
import shutil
import subprocess
from pathlib import Path

import pytest

from labs.folder import inside, lab_hash
from tests.unit.labs.conftest import Workbench


def test_the_hash_can_be_computed_without_epreuve(bench: Workbench) -> None:
    command = "find . -type f | LC_ALL=C sort | xargs sha256sum | sha256sum"
    shown = subprocess.run(["sh", "-c", command], cwd=bench.folder, capture_output=True, text=True, check=True).stdout
    assert lab_hash(bench.folder) == shown.split()[0] == bench.load().hash


def test_the_hash_depends_on_contents_and_names_only(bench: Workbench, tmp_path: Path) -> None:
    before = lab_hash(bench.folder)
    copy = tmp_path / "elsewhere"
    shutil.copytree(bench.folder, copy)
    assert lab_hash(copy) == before
    for noise in ("checks/__pycache__/x.pyc", ".git/HEAD", "sujet.md~", ".sujet.md.swp"):
        bench.write(noise, "noise")
    assert lab_hash(bench.folder) == before
    (bench.folder / "sujet.md").rename(bench.folder / "subject.md")
    renamed = lab_hash(bench.folder)
    (bench.folder / "subject.md").rename(bench.folder / "sujet.md")
    bench.write("sujet.md", "changed")
    assert len({before, renamed, lab_hash(bench.folder)}) == 3


def test_an_empty_folder_has_the_hash_of_nothing(tmp_path: Path) -> None:
    assert lab_hash(tmp_path) == hashlib.sha256().hexdigest()


@pytest.mark.parametrize(
    "path", ["", "/etc/passwd", "..", "../x", "a/../../x", "a/../b", "out", "out/passwd", "loop", "a\\b", "x\0y"]
)
def test_no_path_leaves_the_folder(tmp_path: Path, path: str) -> None:
    folder = tmp_path / "lab"
    (folder / "a").mkdir(parents=True)
    (folder / "out").symlink_to("/etc")
    (folder / "loop").symlink_to("loop")
    assert inside(folder, path) is None


def test_paths_inside_are_found(tmp_path: Path) -> None:
    (tmp_path / "a").mkdir()
    (tmp_path / "link").symlink_to("a")
    assert inside(tmp_path, "a/b.yml") == (tmp_path / "a" / "b.yml").resolve()
    assert inside(tmp_path, "link/b.yml") == (tmp_path / "a" / "b.yml").resolve()
