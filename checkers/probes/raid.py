"""Software RAID: the arrays as they are, where they are mounted, and what of it comes back after a restart."""

from __future__ import annotations

from typing import Annotated, ClassVar, Literal

from pydantic import Field

from checkers.facts import Raw
from checkers.parsers import fstab, mdadm, sections
from checkers.parsers.clean import clip
from checkers.probe import Probe, Unreadable, Value
from labs.text import Text

Count = Annotated[int, Field(ge=0, le=2**31)]

# The listing of mount units is asked only where somebody wrote one: it is the slow part.
_COMMAND = r"""
echo '== mdstat'; if [ -e /proc/mdstat ]; then cat /proc/mdstat; else echo 'no md'; fi
echo '== details'
for d in /sys/block/md*; do [ -e "$d/md/level" ] && echo "MD=${d##*/}" && mdadm --detail --export "/dev/${d##*/}"; done
echo '== links'; for l in /dev/md/*; do [ -L "$l" ] && echo "$l $(readlink -f "$l")"; done
echo '== mounts'; cat /proc/self/mounts
echo '== filesystems'; for d in /dev/md[0-9]*; do [ -b "$d" ] && blkid -p -s UUID -s LABEL -s TYPE "$d"; done
echo '== conf'; cat /etc/mdadm/mdadm.conf /etc/mdadm.conf 2>/dev/null; cat /etc/mdadm/mdadm.conf.d/*.conf 2>/dev/null
echo '== fstab'; cat /etc/fstab
echo '== units'
set -- /etc/systemd/system/*.mount
[ -e "$1" ] && systemctl show -p Id,What,Where,Type,UnitFileState -- $(basename -a -- "$@")
echo '== end'
""".strip()

MemberState = Literal["active", "spare", "failed", "rebuilding", "unknown"]


class Member(Value):
    """One disk of an array. device: ``/dev/sda``."""

    device: str
    state: MemberState


class Array(Value):
    """One array. devices: every name it has. wanted, working: disks it should have, disks in use. action: what it is
    busy with (``recovery``, ``resync``…), empty when nothing. filesystem: type of what it holds, empty when unknown."""

    name: str
    devices: tuple[str, ...]
    level: str
    active: bool
    wanted: Count
    working: Count
    action: str
    members: tuple[Member, ...]
    mounted: tuple[str, ...]
    read_only: bool
    filesystem: str


class Return(Value):
    """How a mount of fstab(5) or a mount unit finds its array after a restart.

    array: the array's name, empty when the source is none of the arrays there are now. by: ``identity`` (UUID or label
    of the file system), ``device`` (a name that mdadm.conf gives to this array), ``loose`` (a name that it does not).
    """

    target: str
    source: str
    automatic: bool
    array: str
    by: Literal["identity", "device", "loose", ""]


class RaidValue(Value):
    """present: the kernel has software RAID loaded. declared: names of the arrays that mdadm.conf names rightly.

    others: arrays that mdadm.conf does not name are put together at boot as well. mail, program: whom the watch tells.
    """

    present: bool
    arrays: tuple[Array, ...]
    returns: tuple[Return, ...]
    declared: tuple[str, ...]
    others: bool
    mail: str
    program: str


class Raid(Probe[RaidValue]):
    """Every array of the machine."""

    name: ClassVar[str] = "raid"
    about: ClassVar[Text] = Text("grappes RAID logicielles", "software RAID arrays")
    value: ClassVar[type[Value]] = RaidValue
    timeout_s: ClassVar[int] = 20

    def command(self) -> str:
        return _COMMAND

    def parse(self, raw: Raw) -> RaidValue:
        parts = sections.split(raw.stdout)
        if "end" not in parts or not parts.get("mdstat", "").startswith(("Personalities", "no md")):
            raise Unreadable(Text("les grappes RAID n'ont pas pu être lues", "the RAID arrays could not be read"))
        details = {block["MD"]: block for block in mdadm.exports(parts["details"])}
        links = [line.split(" ") for line in parts["links"].split("\n")[:200] if line.count(" ") == 1]
        known = fstab.filesystems(parts["filesystems"])
        mounts = fstab.table(parts["mounts"])
        arrays = []
        for name, stat in list(mdadm.mdstat(parts["mdstat"]).items()):
            names = (f"/dev/{name}", *(link for link, target in links if target == f"/dev/{name}"))
            mine = [mount for mount in mounts if mount.source in names]
            members = _members(stat, details.get(name, {}))
            if not stat.wanted:  # without redundancy the kernel counts nothing: all are needed, and all are there
                stat.wanted = stat.working = len(members)
            arrays.append(
                Array(
                    name=clip(name, 80),
                    devices=tuple(clip(device) for device in names)[:20],
                    level=clip(details.get(name, {}).get("MD_LEVEL", stat.level), 40),
                    active=stat.active,
                    wanted=stat.wanted,
                    working=stat.working,
                    action=stat.action,
                    members=members,
                    mounted=tuple(clip(mount.target) for mount in mine)[:20],
                    read_only=any("ro" in mount.options for mount in mine),
                    filesystem=clip(known.get(f"/dev/{name}", {}).get("TYPE", ""), 40),
                )
            )
        conf = mdadm.conf(parts["conf"])
        identities = {
            name: (mdadm.uuid(block.get("MD_UUID", "")), block.get("MD_NAME", "")) for name, block in details.items()
        }
        said = {name: [entry for entry in conf.arrays if _is_of(entry, *identities[name])] for name in identities}
        written = [*fstab.table(parts["fstab"]), *fstab.units(parts["units"])]
        return RaidValue(
            present=not parts["mdstat"].startswith("no md"),
            arrays=tuple(arrays),
            returns=tuple(_return(mount, arrays, said, known) for mount in written)[:100],
            declared=tuple(sorted(clip(name, 80) for name, entries in said.items() if entries)),
            others=conf.others,
            mail=clip(conf.mail),
            program=clip(conf.program),
        )


def _members(stat: mdadm.Stat, detail: dict[str, str]) -> tuple[Member, ...]:
    roles = {
        value: detail.get(key.removesuffix("_DEV") + "_ROLE", "")
        for key, value in detail.items()
        if key.startswith("MD_DEVICE_") and key.endswith("_DEV")
    }
    found = []
    for device, marks in stat.members.items():
        role = roles.get(f"/dev/{device}", "")
        state: MemberState = "unknown"
        if "F" in marks:
            state = "failed"
        elif "S" in marks:
            state = "spare"
        elif role.isdigit():
            state = "active"
        elif role == "spare":  # in the place of a missing one, not yet filled
            state = "rebuilding"
        found.append(Member(device=clip(f"/dev/{device}", 100), state=state))
    return tuple(found)[:100]


def _is_of(entry: mdadm.Declared, uuid: str, name: str) -> bool:
    """Whether an ARRAY line means this array: what it says must all be so, and it must say something."""
    if not entry.uuid and not entry.name:
        return False
    plain = name.rsplit(":", 1)[-1]
    return (not entry.uuid or entry.uuid == uuid) and (not entry.name or entry.name in (name, plain))


def _return(
    mount: fstab.Mount,
    arrays: list[Array],
    said: dict[str, list[mdadm.Declared]],
    known: dict[str, dict[str, str]],
) -> Return:
    array = ""
    by: Literal["identity", "device", "loose", ""] = ""
    for one in arrays:
        given = {_device(entry.device) for entry in said.get(one.name, ()) if entry.device}
        if fstab.names(mount.source, known.get(f"/dev/{one.name}", {})):
            array, by = one.name, "identity"
        elif _device(mount.source) in given:
            array, by = one.name, "device"
        elif mount.source in one.devices:
            array, by = one.name, "loose"
    return Return(
        target=clip(mount.target),
        source=clip(mount.source),
        automatic="noauto" not in mount.options,
        array=array,
        by=by,
    )


def _device(name: str) -> str:
    """``/dev/md0``, ``/dev/md/0`` and ``md0`` are one name to mdadm."""
    bare = name.removeprefix("/dev/").removeprefix("md/")
    return bare.removeprefix("md") if bare.removeprefix("md").isdigit() else bare
