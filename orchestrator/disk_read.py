"""Carrying out a plan of what is read from a disk (``checkers.disk.plan``), in one session of guestfish.

The disk is a candidate's. Paths are resolved by libguestfs inside the guest's own root, so a link leads nowhere else; a
pipe is told from a file before it is opened; everything has a bound; registry hives are read by a program of their own.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from contextlib import suppress
from pathlib import Path, PurePosixPath
from typing import TypeVar

from checkers.channel import ChannelError
from checkers.disk.hive_logs import LIMIT as LOG_LIMIT
from checkers.disk.hive_logs import is_closed, recovered
from checkers.disk.hives import read_keys
from checkers.disk.plan import FILE_LIMIT, Card, Entry, Found, Key, RegistryKey, Tree, Wanted
from checkers.disk.stores import names
from checkers.disk.trees import TREE_LIMIT, entry_of, read_tree
from checkers.parsers import fstab
from labs.text import Text
from orchestrator.disk_roots import mount_root
from orchestrator.guestfish import Guestfish, quoted

R = TypeVar("R")

_HIVE_LIMIT = 256 * 1024 * 1024
_STORE_LIMIT = 4 * 1024 * 1024
_HIVES = "/Windows/System32/config"


class Unread(Exception):  # noqa: N818 - what one question wanted could not be read: it is told, and no more
    """Why something on the disk could not be read."""


class DiskReader:
    """Reads the root file system of one machine. ``root`` says how it was left. Raises ChannelError when there is none,
    or none that is known to be the one.
    """

    def __init__(self, session: Guestfish, family: str, cards: Sequence[Card]) -> None:
        self._session = session
        self._cards = tuple(cards)
        self._windows = family == "windows"
        self._number = 0
        self._archives: dict[str, Path | None] = {}
        self._hives: dict[str, Path] = {}
        self._elsewhere: list[str] = []
        self.root = mount_root(session, family, lambda path: self._is("file", self._path(path)))
        if not self._windows:
            try:
                self._elsewhere = self._mount_points()
            except Unread as why:  # what they hide would be taken for what is there
                raise ChannelError(
                    Text("ses points de montage sont illisibles", "its mount points cannot be read"), where=str(why)
                ) from why

    def found(self, wanted: Wanted, ended: str) -> Found:
        """What is there of what one question needs. ended: how the machine had been."""
        failed: dict[str, str] = {}

        def each(asked: Sequence[R], path: Callable[[R], str], read: Callable[[R], object]) -> dict[str, object]:
            answers = {}
            for one in asked:
                try:
                    answers[path(one)] = read(one)
                except Unread as why:
                    failed[path(one)] = str(why)
            return answers

        return Found.model_validate(
            {
                "files": each(wanted.files, str, self._file),
                "trees": each(wanted.trees, lambda tree: tree.path, self._tree),
                "stores": each(wanted.stores, str, self._names),
                "keys": self._keys(wanted.keys, failed),
                "cards": self._cards if wanted.cards else (),
                "failed": failed,
                "ended": ended,
            }
        )

    def _mount_points(self) -> list[str]:
        """Folders where a start of the machine puts another file system: what this one holds there counts not."""
        table = self._file("/etc/fstab")
        units = self._tree(Tree(path="/etc/systemd/system", names=(".mount", ".automount"))) or {}
        points = [one.target for one in fstab.table(table.text if table else "") if one.target.startswith("/")]
        points += ["/" + PurePosixPath(path).stem.replace("-", "/") for path in units]
        return [point for point in points if point != "/"]

    # --- reading
    def _path(self, path: str) -> str:
        """A path as it is spelled on the disk: Windows minds no case, its file system does."""
        if not self._windows:
            return path
        (found,) = self._session.ask(f"case-sensitive-path {quoted(path)}")
        return found[0] if found else path

    def _is(self, kind: str, path: str) -> bool:
        (said,) = self._session.ask(f"is-{kind} {quoted(path)} followsymlinks:true")
        return said == ["true"]

    def _there(self, path: str) -> bool:
        (said,) = self._session.ask(f"exists {quoted(path)}")
        if said not in (["true"], ["false"]):
            raise Unread("no answer")
        return said == ["true"]

    def _need_here(self, path: str, *, below: bool = False) -> None:
        """Raises Unread for what is on another file system, or, with ``below``, for a folder that holds one."""
        for point in self._elsewhere:
            inside = PurePosixPath(path).is_relative_to(point)
            if inside or (below and PurePosixPath(point).is_relative_to(path)):
                raise Unread(f"another file system is mounted on {point}")

    def _data(self, path: str, limit: int) -> bytes | None:
        """What a file holds; None when it is longer. Raises Unread."""
        local = self._download(path, limit)
        if local is None:
            return None
        data = local.read_bytes()
        local.unlink()
        return data

    def _download(self, path: str, limit: int) -> Path | None:
        (size,) = self._session.ask(f"filesize {quoted(path)}")
        if not size or not size[0].isdigit():
            raise Unread("no size")
        if int(size[0]) > limit:
            return None
        local = self._local()
        self._session.ask(f"download-offset {quoted(path)} {quoted(str(local))} 0 {max(1, int(size[0]))}")
        if not local.exists() or local.stat().st_size != int(size[0]):
            raise Unread("cut short")
        return local

    def _local(self) -> Path:
        self._number += 1
        return Path(self._session.place.name) / f"{self._number}.part"

    def _file(self, path: str) -> Entry | None:
        self._need_here(path)
        spelled = self._path(path)
        if not self._is("file", spelled):
            return Entry(kind="other") if self._there(spelled) else None
        data = self._data(spelled, FILE_LIMIT)
        return Entry(kind="large") if data is None else entry_of(data, Tree(path=path))

    def _names(self, path: str) -> tuple[str, ...]:
        self._need_here(path)
        if not self._is("file", path):
            if self._there(path):
                raise Unread("not a file")
            return ()
        data = self._data(path, _STORE_LIMIT)
        try:
            return names(path, data or b"")
        except ValueError as error:
            raise Unread(str(error)) from error

    def _tree(self, tree: Tree) -> dict[str, Entry] | None:
        self._need_here(tree.path, below=True)
        spelled = self._path(tree.path)
        if spelled not in self._archives:
            self._archives[spelled] = self._archive(spelled)
        archive = self._archives[spelled]
        if archive is None:
            return None
        try:
            return read_tree(archive, tree)
        except (ValueError, OSError) as error:
            raise Unread(str(error)) from error

    def _archive(self, path: str) -> Path | None:
        """A folder as a tar archive; None when there is none. Kept: several questions look into the same folder."""
        if not self._is("dir", path):
            if self._there(path):
                raise Unread("not a folder")
            return None
        (real,) = self._session.ask(f"realpath {quoted(path)}")  # tar would follow a link outside the guest's root
        local = self._local()
        # The archive goes through a program that ends it at the bound: there are files without end on a forged disk.
        self._session.ask(f"tar-out {quoted(real[0] if real else path)} - | head -c {TREE_LIMIT + 1} > {local}")
        if not local.exists() or local.stat().st_size > TREE_LIMIT:
            raise Unread("too large")
        return local

    def _keys(self, keys: Sequence[Key], failed: dict[str, str]) -> dict[str, RegistryKey | None]:
        found: dict[str, RegistryKey | None] = {}
        for hive in dict.fromkeys(key.hive for key in keys):
            try:
                found.update(self._hive(hive, [key for key in keys if key.hive == hive]))
            except Unread as why:
                failed[hive] = str(why)
        return found

    def _hive(self, hive: str, keys: Sequence[Key]) -> dict[str, RegistryKey | None]:
        if hive not in self._hives:
            self._hives[hive] = self._whole_hive(f"{_HIVES}/{hive}")
        answer = read_keys(str(self._hives[hive]), keys)
        if not isinstance(answer.get("keys"), dict):
            raise Unread(str(answer.get("failed"))[:120])
        return {f"{hive} {path}": told for path, told in answer["keys"].items()}

    def _whole_hive(self, path: str) -> Path:
        """A hive with all that was written to it. Kept: several questions look into the same one."""
        local = self._hive_file(path, _HIVE_LIMIT)
        with local.open("rb") as file:
            if is_closed(file.read(12)):
                return local
        logs = []
        for end in (".LOG1", ".LOG2"):
            with suppress(Unread):
                logs.append(str(self._hive_file(path + end, LOG_LIMIT)))
        whole = recovered(str(local), logs)
        if whole is None:
            raise Unread("not closed, and what is missing is not in its logs")
        local.write_bytes(whole)
        return local

    def _hive_file(self, path: str, limit: int) -> Path:
        spelled = self._path(path)
        if not self._is("file", spelled):
            raise Unread("missing")
        local = self._download(spelled, limit)
        if local is None:
            raise Unread("too large")
        return local
