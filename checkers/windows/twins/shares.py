"""File shares of Windows, and the rights on folders."""

from __future__ import annotations

import base64
import binascii
from collections.abc import Sequence
from typing import Any, ClassVar

from checkers.parsers import security_descriptor
from checkers.parsers.clean import clip
from checkers.parsers.security_descriptor import ADD, Descriptor
from checkers.probe import Probe, Unreadable
from checkers.probes.shares import (
    FolderRights,
    FolderRightsValue,
    Share,
    ShareList,
    Shares,
    SharesValue,
    entries,
)
from checkers.windows.twin import WindowsTwin
from labs.text import Text

_MAX = 200
_ONLINE = 1
_EVERYONE, _GUESTS = "S-1-1-0", ("S-1-5-7", "S-1-5-32-546")
_KEEPERS = ("S-1-5-18", "S-1-3-0", "S-1-5-32-544", "S-1-5-32-549", "S-1-5-32-551")
"""The system, the owner, administrators, operators: that they may write makes no share writable."""


class SharesTwin(WindowsTwin[SharesValue]):
    """What a share's own access list says; the rights of the folder come on top of it (``folder-rights``)."""

    probe: ClassVar[type[Probe[Any]]] = Shares
    script: ClassVar[str] = "shares"

    def read(self, probe: Shares, answer: Any) -> SharesValue:
        guest = answer["guest"] is True
        return SharesValue(configured=True, shares=tuple(_share(one, guest) for one in answer["shares"][:_MAX]))


def _share(given: Any, guest: bool) -> Share:
    listed = entries(descriptor(given["rights"]))
    denied = {entry.sid: entry.mask for entry in listed if not entry.allow}
    people = {
        entry.sid: entry.mask & ~denied.get(entry.sid, 0) & ~denied.get(_EVERYONE, 0)
        for entry in listed
        if entry.allow and entry.sid not in _KEEPERS and not entry.sid.endswith(("-500", "-512"))
    }
    return Share(
        name=clip(str(given["name"])),
        path=clip(str(given["path"])),
        folder=given["folder"] is True,
        available=given["state"] == _ONLINE,
        read_only=not any(mask & ADD for mask in people.values()),
        browseable=not str(given["name"]).endswith("$"),
        guest=guest and any(people.get(sid) for sid in (_EVERYONE, *_GUESTS)),
        valid_users=tuple(sid for sid, mask in people.items() if mask),
        write_list=(),
    )


class FolderRightsTwin(WindowsTwin[FolderRightsValue]):
    """The folder's own list decides together with that of a share through which it is reached; nothing else does."""

    probe: ClassVar[type[Probe[Any]]] = FolderRights
    script: ClassVar[str] = "folder-rights"
    parameters: ClassVar[tuple[str, ...]] = ("Path",)

    def arguments(self, probe: FolderRights) -> dict[str, Any]:
        return {"Path": probe.path}

    def read(self, probe: FolderRights, answer: Any) -> FolderRightsValue:
        if answer["present"] is False:
            return FolderRightsValue(present=False)
        found = descriptor(answer["rights"])
        return FolderRightsValue(
            present=True,
            nt=entries(found),
            ignores_posix=True,
            owner_sid=found.owner,
            shares=_lists(answer["shares"]),
        )


def _lists(given: Sequence[Any] | None) -> tuple[ShareList, ...]:
    return tuple(
        ShareList(name=clip(str(one["name"])), nt=entries(descriptor(one["rights"]))) for one in (given or ())[:_MAX]
    )


def descriptor(encoded: str) -> Descriptor:
    """A security descriptor as our scripts return it. Raises Unreadable."""
    try:
        return security_descriptor.parse(base64.b64decode(encoded, validate=True))
    except (binascii.Error, ValueError) as error:
        raise Unreadable(
            Text("la liste de contrôle d'accès Windows est illisible", "the Windows access list cannot be read")
        ) from error
