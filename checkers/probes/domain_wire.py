"""What a domain controller tells others on the wire: its directory over LDAP, its group policies over SMB.

The values are those that the machine's own look has (``directory``, ``published-policies``), so that they can be
compared: a machine may be made to say anything, its clients get what the server serves. Whatever the server is.
"""

from __future__ import annotations

import json
import re
from datetime import UTC, datetime
from typing import Annotated, Any, ClassVar, Literal

from pydantic import Field, StringConstraints

from checkers.facts import Raw
from checkers.parsers import ldif
from checkers.probe import Probe, Unreadable, V, Value, Vantage
from checkers.probes.directory import ATTRIBUTES, FILTER, DirectoryValue, held
from checkers.probes.sysvol import TOO_LARGE, PublishedPolicy, published
from checkers.witness import program
from labs.text import Text

Stage = Literal["silent", "refused", "tls", "logon", "share", "cut", "inside"]
Word = Annotated[str, StringConstraints(max_length=200)]
_POLICY = re.compile(r"/policies/(\{[0-9a-f-]{36}\})", re.IGNORECASE)
_COMPUTED = "msDS-User-Account-Control-Computed"

_NO_WITNESS = Unreadable(Text("le témoin n'a pas pu interroger le domaine", "the witness could not ask the domain"))
_CUT = Unreadable(Text("ce que le serveur a montré est incomplet", "what the server showed is incomplete"))


class DirectoryOnWireValue(Value):
    """stage: how far the witness got: nobody answers, refuses, speaks no TLS; the logon is refused; cut on the way;
    inside. status: the server's word. directory: what it told, None before one is inside."""

    stage: Stage
    status: Word = ""
    directory: DirectoryValue | None = None


class PoliciesOnWireValue(Value):
    """stage: as for the directory; share: SYSVOL is not there or not shown. policies: those that it holds. hidden:
    those of which the witness's account may not read everything."""

    stage: Stage
    status: Word = ""
    policies: tuple[PublishedPolicy, ...] = Field(default=(), max_length=2000)
    hidden: tuple[str, ...] = Field(default=(), max_length=2000, exclude_if=lambda guids: not guids)


class _AsMember(Probe[V]):
    """A controller, and the account that asks it as a member of the domain does."""

    vantage: ClassVar[Vantage] = "wire"
    timeout_s: ClassVar[int] = 75

    server_address: str
    domain: str
    user: str
    password_secret: str

    def _program(self, name: str, *more: str) -> str:
        secret = "SECRET_" + self.password_secret.upper()
        return program(name, self.server_address, self.domain, self.user, secret, *more)


class DirectoryOnWire(_AsMember[DirectoryOnWireValue]):
    """The directory as a member of the domain reads it (LDAP over TLS, else a signed session)."""

    name: ClassVar[str] = "directory-on-wire"
    about: ClassVar[Text] = Text("annuaire lu depuis le réseau (LDAP)", "directory read from the wire (LDAP)")
    value: ClassVar[type[Value]] = DirectoryOnWireValue

    def command(self) -> str:
        return self._program("ldap", FILTER, *ATTRIBUTES.split(), _COMPUTED)

    def parse(self, raw: Raw) -> DirectoryOnWireValue:
        first = raw.stdout.partition("\n")[0]
        said = _said(raw, first.removeprefix("# "))
        given = {"stage": said.get("stage"), "status": str(said.get("status", ""))[:200]}
        if said.get("stage") != "inside":
            return DirectoryOnWireValue.model_validate(given)
        if not ldif.is_complete(raw.stdout):
            raise _CUT
        return DirectoryOnWireValue.model_validate(
            {**given, "directory": held(ldif.parse(raw.stdout), _moment(said.get("time")))}
        )


class PoliciesOnWire(_AsMember[PoliciesOnWireValue]):
    """The files of the group policies as a member of the domain reads them (SYSVOL, over SMB)."""

    name: ClassVar[str] = "policies-on-wire"
    about: ClassVar[Text] = Text(
        "stratégies de groupe lues depuis le réseau (SYSVOL)", "group policies read from the wire (SYSVOL)"
    )
    value: ClassVar[type[Value]] = PoliciesOnWireValue

    def command(self) -> str:
        return self._program("sysvol")

    def parse(self, raw: Raw) -> PoliciesOnWireValue:
        said = _said(raw, raw.stdout)
        if said.get("stage") == "inside" and said.get("whole") is not True:
            raise Unreadable(TOO_LARGE)
        files = said.get("files") if said.get("stage") == "inside" else {}
        if not isinstance(files, dict) or not all(isinstance(one, str | None) for one in files.values()):
            raise _NO_WITNESS
        hidden = [str(path)[:1000] for path in said.get("hidden", [])]
        return PoliciesOnWireValue.model_validate(
            {
                "stage": said.get("stage"),
                "status": str(said.get("status", ""))[:200],
                "policies": published(files.items()).policies,
                "hidden": sorted({match[1].upper() for match in map(_POLICY.search, hidden) if match}),
            }
        )


def _said(raw: Raw, text: str) -> dict[str, Any]:
    if raw.exit_code != 0:
        raise _NO_WITNESS
    said = json.loads(text)
    if not isinstance(said, dict):
        raise _NO_WITNESS
    return said


def _moment(time: Any) -> int:
    """A GeneralizedTime (RFC 4517 3.3.13) in seconds since 1970; what ldap3 made of it is read too; 0: none."""
    digits = "".join(c for c in str(time)[:19] if c.isdigit())
    try:
        return int(datetime.strptime(digits[:14], "%Y%m%d%H%M%S").replace(tzinfo=UTC).timestamp())
    except ValueError:
        return 0
