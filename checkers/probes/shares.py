"""File shares of Samba: their definition, the rights on their folders, and what a user of the network can really do."""

from __future__ import annotations

import base64
import binascii
import re
import shlex
from typing import ClassVar

from pydantic import Field

from checkers.facts import Raw
from checkers.parsers import ldif, posix_acl, sections, security_descriptor, smb_conf
from checkers.parsers.clean import clip, integer
from checkers.probe import Probe, Unreadable, Value
from labs.text import Text

_MAX = 200
_IDENTITY = re.compile(
    r'"DN=@INDEX:XIDNUMBER:([0-9]{1,10})\\00"\n'  # the index of Samba's idmap.ldb, by number
    r'data\([0-9]{1,6}\) = "[^"\n]{0,400}?CN=(S-1-[0-9-]{1,180})\\00"'
)


_COMMAND = r"""
command -v testparm >/dev/null && [ -e /etc/samba/smb.conf ] || { echo '== missing'; exit 0; }
c=$(testparm -s 2>/dev/null) || exit
echo '== folders'
printf '%s\n' "$c" | sed -n 's/^[[:space:]]*path = //p' |
while read -r p; do if [ -d "$p" ]; then printf '%s\n' "$p"; fi; done
echo '== config'; printf '%s\n' "$c"
""".strip()


class Share(Value):
    """One share. Options that testparm leaves out have Samba's default. folder: its path is a folder that exists."""

    name: str
    path: str
    folder: bool
    available: bool
    read_only: bool
    browseable: bool
    guest: bool
    valid_users: tuple[str, ...]
    write_list: tuple[str, ...]


class SharesValue(Value):
    """configured: there is a Samba configuration."""

    configured: bool
    shares: tuple[Share, ...]


class Shares(Probe[SharesValue]):
    """The shares that Samba would serve."""

    name: ClassVar[str] = "shares"
    about: ClassVar[Text] = Text("partages de fichiers (configuration effective)", "file shares (effective settings)")
    value: ClassVar[type[Value]] = SharesValue

    def command(self) -> str:
        return _COMMAND

    def parse(self, raw: Raw) -> SharesValue:
        parts = sections.split(raw.stdout)
        if "missing" in parts:
            return SharesValue(configured=False, shares=())
        if raw.exit_code != 0 or "[global]" not in parts.get("config", "").lower():
            raise Unreadable(
                Text("la configuration de Samba n'a pas pu être lue", "Samba's configuration could not be read")
            )
        whole, found = smb_conf.parse(parts["config"])
        folders = set(parts.get("folders", "").split("\n"))

        def share(section: smb_conf.Section) -> Share:
            def option(name: str) -> str:
                return smb_conf.value(whole, section, name)

            path = option("path")
            return Share(
                name=clip(section.name),
                path=clip(path),
                folder=path in folders,
                available=option("available") == "yes",
                read_only=option("read only") == "yes",
                browseable=option("browseable") == "yes",
                guest=option("guest ok") == "yes",
                valid_users=tuple(clip(name) for name in smb_conf.names(option("valid users"))[:_MAX]),
                write_list=tuple(clip(name) for name in smb_conf.names(option("write list"))[:_MAX]),
            )

        return SharesValue(configured=True, shares=tuple(share(section) for section in found[:_MAX]))


class NtEntry(Value):
    """One entry of a Windows access list; see MS-DTYP 2.4.4."""

    allow: bool
    flags: int
    mask: int
    sid: str


class PosixEntry(Value):
    """One entry of a POSIX access list, with the rights effective under the mask. id: number, None for the owner's."""

    kind: str
    id: int | None
    rights: str


class Identity(Value):
    """Which Windows account a number of the system stands for."""

    sid: str
    number: int


class ShareList(Value):
    """The access list of a share through which a folder is reached."""

    name: str
    nt: tuple[NtEntry, ...]


class FolderRightsValue(Value):
    """Both access lists of a folder. nt: None when it has no Windows list: the POSIX one decides alone.

    ignores_posix: Samba was told to go by the Windows list only (vfs_acl_xattr(8)); on Windows there is no other.
    owner_sid, shares: known on Windows only; shares: those through which the folder is reached, if there are any.
    """

    present: bool
    owner: int = -1
    group: int = -1
    posix: tuple[PosixEntry, ...] = ()
    nt: tuple[NtEntry, ...] | None = None
    ignores_posix: bool = False
    identities: tuple[Identity, ...] = ()
    owner_sid: str = Field(default="", exclude_if=lambda sid: sid == "")
    shares: tuple[ShareList, ...] = Field(default=(), exclude_if=lambda shares: not shares)

    @property
    def of_windows(self) -> bool:
        """Whether the folder is one of Windows itself, where the list is also that of what is made inside."""
        return bool(self.owner_sid)

    def not_seen(self) -> frozenset[str]:
        return frozenset({"owner", "group", "posix", "identities"} if self.of_windows else ())


class FolderRights(Probe[FolderRightsValue]):
    """The rights on a shared folder, as numbers and security identifiers: no name service is needed to read them."""

    name: ClassVar[str] = "folder-rights"
    about: ClassVar[Text] = Text("droits Windows et POSIX d'un dossier", "Windows and POSIX rights of a folder")
    value: ClassVar[type[Value]] = FolderRightsValue

    timeout_s: ClassVar[int] = 25

    path: str

    def command(self) -> str:
        path = shlex.quote(self.path)
        return f"""
[ -d {path} ] || {{ echo '== absent'; exit 0; }}
echo '== posix'; getfacl -np -- {path}
echo '== nt'; getfattr -n security.NTACL -e base64 --absolute-names -- {path} 2>&1
echo '== option'; grep -iE '^[[:space:]]*acl_xattr:ignore system acls' /etc/samba/smb.conf
echo '== ids'; db=/var/lib/samba/private/idmap.ldb
tdbdump $db 2>/dev/null | grep -A1 '"DN=@INDEX:XIDNUMBER:' || ldbsearch -H $db '(xidNumber=*)' cn xidNumber 2>/dev/null
true
""".strip()

    def parse(self, raw: Raw) -> FolderRightsValue:
        parts = sections.split(raw.stdout)
        if "absent" in parts:
            return FolderRightsValue(present=False)
        listed = posix_acl.parse(parts.get("posix", ""))
        attribute = re.search(r"^security\.NTACL=0s(\S+)$", parts.get("nt", ""), re.MULTILINE)
        identities = _identities(parts.get("ids", ""))
        if not listed or not identities or (attribute is None and "No such attribute" not in parts.get("nt", "")):
            raise Unreadable(
                Text("les droits de {path} n'ont pas pu être lus", "the rights of {path} could not be read").format(
                    path=self.path
                )
            )
        return FolderRightsValue(
            present=True,
            owner=_header(parts["posix"], "owner"),
            group=_header(parts["posix"], "group"),
            posix=tuple(
                PosixEntry(
                    kind=entry.kind,
                    id=integer(entry.who, -1) if entry.who else None,
                    rights=posix_acl.effective(listed, entry),
                )
                for entry in listed
                if not entry.default and entry.kind != "mask"
            ),
            nt=_nt(attribute[1]) if attribute is not None else None,
            ignores_posix=bool(re.search(r"=\s*(yes|true|1)\s*$", parts.get("option", "").strip(), re.IGNORECASE)),
            identities=identities[:3000],
        )


def _identities(text: str) -> tuple[Identity, ...]:
    """Who the numbers of a controller stand for: from a dump of its index, else from a search."""
    found = [Identity(sid=match[2], number=int(match[1])) for match in _IDENTITY.finditer(text)]
    if not found:
        found = [
            Identity(sid=clip(record.first("cn")), number=integer(record.first("xidNumber"), -1))
            for record in ldif.parse(text)
            if record.first("cn").startswith("S-1-")
        ]
    return tuple(found)


def _header(text: str, name: str) -> int:
    match = re.search(rf"^# {name}: ([0-9]{{1,10}})$", text, re.MULTILINE)
    return int(match[1]) if match is not None else -1


def _nt(encoded: str) -> tuple[NtEntry, ...]:
    try:
        descriptor = security_descriptor.from_xattr(base64.b64decode(encoded, validate=True))
    except (binascii.Error, ValueError) as error:
        raise Unreadable(
            Text("la liste de contrôle d'accès Windows est illisible", "the Windows access list cannot be read")
        ) from error
    return entries(descriptor)


def entries(descriptor: security_descriptor.Descriptor) -> tuple[NtEntry, ...]:
    """The entries of an access list; without a list, everyone may do everything (MS-DTYP 2.5.3.2)."""
    if descriptor.dacl is None:
        return (NtEntry(allow=True, flags=3, mask=security_descriptor.FULL, sid="S-1-1-0"),)
    return tuple(NtEntry(allow=a.allow, flags=a.flags, mask=a.mask, sid=a.sid) for a in descriptor.dacl)
