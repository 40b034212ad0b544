"""Backups that Windows itself makes: Windows Server Backup, and File History of its users."""

from __future__ import annotations

from typing import ClassVar

from checkers.probe import Foreign, Value
from labs.text import Text


class FileHistory(Value):
    """A user's own. user: SID. target: where the copies go. every_s: seconds between two."""

    user: str
    target: str
    every_s: int | None


class BackupPolicyValue(Value):
    """installed: Windows Server Backup is there. scheduled: it has a policy. times: ``HH:MM``, local. volumes, files,
    targets: as Windows names them. age_h: hours since the last backup that succeeded, None for never."""

    installed: bool
    scheduled: bool
    times: tuple[str, ...]
    volumes: tuple[str, ...]
    files: tuple[str, ...]
    targets: tuple[str, ...]
    system_state: bool
    bare_metal: bool
    age_h: int | None
    histories: tuple[FileHistory, ...]


class BackupPolicy(Foreign[BackupPolicyValue]):
    """What Windows backs up by itself, where to, and when it last did."""

    name: ClassVar[str] = "backup-policy"
    about: ClassVar[Text] = Text("sauvegardes de Windows", "backups of Windows")
    value: ClassVar[type[Value]] = BackupPolicyValue
    timeout_s: ClassVar[int] = 40
