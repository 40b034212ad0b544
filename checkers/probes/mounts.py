"""What is mounted in a folder, and on what it rests: a disk, a file, an encrypted volume (LUKS, BitLocker)."""

from __future__ import annotations

import re
import shlex
from typing import ClassVar, Literal

from checkers.facts import Raw
from checkers.parsers import mounts, sections
from checkers.parsers.clean import clip
from checkers.probe import Probe, Unreadable, Value
from labs.text import Text

Encryption = Literal["none", "luks", "bitlocker", "other"]
_LAYER = re.compile(r"(/dev/\S{1,200}) ([a-z0-9-]{1,20})")
_MAX = 20


class MountValue(Value):
    """mounted: a file system of its own is there. encryption: what the volume under it is encrypted and protected with;
    ``other`` without a header that tells the key apart (plain dm-crypt). container: the file or disk at the bottom.
    """

    mounted: bool
    file_system: str = ""
    source: str = ""
    options: tuple[str, ...] = ()
    encryption: Encryption = "none"
    container: str = ""


class MountPoint(Probe[MountValue]):
    """The file system mounted at a path."""

    name: ClassVar[str] = "mount"
    about: ClassVar[Text] = Text("ce qui est monté dans un dossier", "what is mounted in a folder")
    value: ClassVar[type[Value]] = MountValue

    path: str

    def command(self) -> str:
        # The device is asked by its number: a source's name says what somebody typed.
        path = shlex.quote(self.path)
        return f"""p=$(readlink -f -- {path})
echo '== path'; printf '%s\\n' "$p"
echo '== mounts'; cat /proc/self/mountinfo
echo '== layers'; d=/sys/dev/block/$(mountpoint -d -- "$p" 2>/dev/null)
if [ -e "$d/uevent" ]; then
  n=/dev/$(sed -n 's/^DEVNAME=//p' "$d/uevent"); lsblk -snrpo NAME,TYPE "$n"
  echo '== mapped'; for l in $(lsblk -snro KNAME "$n"); do cat "/sys/class/block/$l/dm/uuid"; done 2>/dev/null
  echo '== files'; for l in $(lsblk -snro KNAME "$n"); do cat "/sys/class/block/$l/loop/backing_file"; done 2>/dev/null
fi
echo '== end'"""

    def parse(self, raw: Raw) -> MountValue:
        parts = sections.split(raw.stdout)
        if "end" not in parts or not parts.get("mounts", "").strip():
            raise Unreadable(Text("les montages n'ont pas pu être lus", "the mounts could not be read"))
        path = parts.get("path", "").strip() or self.path
        here = [mount for mount in mounts.parse(parts["mounts"]) if mount.point == path]
        if not here:
            return MountValue(mounted=False)
        mount = here[-1]  # the last one mounted hides the others
        layers = [m for line in parts.get("layers", "").split("\n")[:_MAX] if (m := _LAYER.fullmatch(line.strip()))]
        backing = parts.get("files", "").split("\n")[0].strip()
        return MountValue(
            mounted=True,
            file_system=clip(mount.file_system, 40),
            source=clip(mount.source),
            options=tuple(clip(option, 80) for option in mount.options[:60]),
            encryption=_encryption(parts.get("mapped", "")),
            container=clip(backing or (layers[-1][1] if layers else mount.source)),
        )


def _encryption(uuids: str) -> Encryption:
    """cryptsetup(8) names what it opens: ``CRYPT-LUKS2-…``, ``CRYPT-PLAIN-…``."""
    kinds = [line for line in uuids.split("\n")[:_MAX] if line.startswith("CRYPT-")]
    if any(kind.startswith(("CRYPT-LUKS1-", "CRYPT-LUKS2-")) for kind in kinds):
        return "luks"
    return "other" if kinds else "none"
