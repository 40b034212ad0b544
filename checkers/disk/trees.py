"""A folder of a guest in a tar archive, as entries by their path; the archive holds whatever a candidate has made."""

from __future__ import annotations

import base64
import re
import tarfile
from pathlib import Path, PurePosixPath

from checkers.disk.plan import FILE_LIMIT, Entry, Tree

TREE_LIMIT = 32 * 1024 * 1024
"""Bytes of an archive that are read; one that is longer is not read at all."""
_MEMBERS = 20_000
_KEY = re.compile(r"(?:key|psk|password|passphrase)[a-z0-9-]*[ =]", re.IGNORECASE)
"""Lines that may hold a key of a Wi-Fi or VPN connection."""


def read_tree(archive: Path, tree: Tree) -> dict[str, Entry]:
    """What of a folder a question needs. Raises ValueError when the archive is cut, too long or garbled."""
    found: dict[str, Entry] = {}
    try:
        with tarfile.open(archive, "r:") as opened:
            for number, member in enumerate(opened):
                if number >= _MEMBERS:
                    raise ValueError("too many files")
                path = str(PurePosixPath(member.name))
                if member.isdir() or not _wanted(tree, path, member.linkname if member.issym() else ""):
                    continue
                found[path] = _entry(opened, member, tree)
    except (tarfile.TarError, OSError, EOFError, UnicodeError) as error:
        raise ValueError(type(error).__name__) from error
    return found


def entry_of(data: bytes, tree: Tree) -> Entry:
    """A file, as the question wants what it holds."""
    if tree.binary:
        return Entry(kind="file", text=base64.b64encode(data).decode("ascii"))
    text = data.decode("utf-8", "replace").replace("\0", "�")
    if tree.discreet:
        text = "\n".join(line for line in text.split("\n") if not _KEY.search(line))
    return Entry(kind="file", text=text)


def _wanted(tree: Tree, path: str, target: str) -> bool:
    return any(path.lower().endswith(end) or (target and target.lower().endswith(end)) for end in tree.names)


def _entry(opened: tarfile.TarFile, member: tarfile.TarInfo, tree: Tree) -> Entry:
    if member.issym():
        return Entry(kind="link", text=member.linkname[:4096])
    if not (member.isfile() or member.islnk()):
        return Entry(kind="other")
    if member.size > FILE_LIMIT:
        return Entry(kind="large")
    content = opened.extractfile(member)  # of another name of a file, its first one's
    if content is None:
        return Entry(kind="other")
    data = content.read(FILE_LIMIT + 1)
    return Entry(kind="large") if len(data) > FILE_LIMIT else entry_of(data, tree)
