"""The directory of a Windows domain controller, the fine-grained password policies in it, and whom policies are for."""

from __future__ import annotations

import base64
import re
from collections.abc import Mapping, Sequence
from typing import Any, ClassVar

from checkers.parsers import dn, security_descriptor
from checkers.parsers.clean import clip, integer
from checkers.parsers.ldif import Record
from checkers.parsers.security_descriptor import Ace, granted
from checkers.probe import Probe, Unreadable
from checkers.probes.directory import (
    ATTRIBUTES,
    FILTER,
    MAX,
    Computer,
    Directory,
    DirectoryValue,
    FineGrainedPolicy,
    Group,
    PasswordPolicy,
    Policy,
    User,
    held,
    span,
)
from checkers.probes.tokens import EVERYBODY, Tokens
from checkers.windows.twin import WindowsTwin
from labs.text import Text

_VALUE_LIMIT = 8192
_POLICY, _CONTAINER = "msDS-PasswordSettings", "msDS-PasswordSettingsContainer"
_FILTER = f"(|{FILTER}(objectClass={_POLICY})(objectClass={_CONTAINER}))"
_MORE = (
    "distinguishedName msDS-User-Account-Control-Computed msDS-ResultantPSO msDS-PasswordSettingsPrecedence "
    "msDS-MinimumPasswordLength msDS-PasswordHistoryLength msDS-PasswordComplexityEnabled msDS-MaximumPasswordAge "
    "msDS-MinimumPasswordAge msDS-LockoutThreshold msDS-LockoutDuration msDS-LockoutObservationWindow "
    "msDS-PSOAppliesTo gPCWQLFilter"
)
_APPLY = "edacfd8f-ffb3-11d1-b41d-00a0c968f939"
"""The right to apply a policy (MS-ADTS 5.1.3.2.1, Apply-Group-Policy)."""
_READ = 0x10
"""The right to read what an object holds (MS-ADTS 5.1.3.2, RIGHT_DS_READ_PROPERTY)."""
_FROM_OUTSIDE = (*EVERYBODY, "S-1-5-2", "S-1-5-15")
"""What every account of the domain is to a server that it asks: on the network, of this organisation."""
_MOST_COMPUTERS = 200
_WMI = re.compile(r"\{[0-9A-Fa-f-]{36}\}")


class DirectoryTwin(WindowsTwin[DirectoryValue]):
    """The attributes that the Linux probe reads, asked over LDAP on the server itself (MS-ADA1 to MS-ADA3)."""

    probe: ClassVar[type[Probe[Any]]] = Directory
    script: ClassVar[str] = "directory"
    parameters: ClassVar[tuple[str, ...]] = ("Filter", "Attributes", "Most")

    def arguments(self, probe: Directory) -> dict[str, Any]:
        return {"Filter": _FILTER, "Attributes": f"{ATTRIBUTES} {_MORE}", "Most": MAX}

    def read(self, probe: Directory, answer: Any) -> DirectoryValue:
        if answer["present"] is False:
            return DirectoryValue(present=False, member=answer["member"] is True)
        if answer["cut"] or len(answer["records"]) > MAX:
            raise Unreadable(Text("l'annuaire est trop grand pour être lu", "the directory is too large to be read"))
        records = [_record(one) for one in answer["records"]]
        return _with_filtering(_with_fine_grained(held(records, int(answer["now"])), records), records)


def _record(given: Mapping[str, Any]) -> Record:
    values = {str(name).lower(): [str(one)[:_VALUE_LIMIT] for one in many[:MAX]] for name, many in given.items()}
    return Record(values["distinguishedname"][0], values)


def _with_fine_grained(found: DirectoryValue, records: list[Record]) -> DirectoryValue:
    """The directory with what only Windows holds. Who may not see the policies does not see their container either."""
    classes = {id(one): {name.lower() for name in one.all("objectClass")} for one in records}
    if not any(_CONTAINER.lower() in kinds for kinds in classes.values()):
        return found
    entries: list[User | Group] = [*found.users, *found.groups]
    names = {dn.normal(entry.dn): entry.name for entry in entries}
    follows = {one.dn: clip(dn.leaf(one.first("msDS-ResultantPSO"))) for one in records}
    return found.model_copy(
        update={
            "users": tuple(user.model_copy(update={"fine_grained": follows[user.dn]}) for user in found.users),
            "fine_grained": tuple(_policy(one, names) for one in records if _POLICY.lower() in classes[id(one)]),
        }
    )


def _policy(record: Record, names: Mapping[dn.Dn, str]) -> FineGrainedPolicy:
    def number(name: str) -> int:
        return integer(record.first(f"msDS-{name}"), 0)

    return FineGrainedPolicy(
        name=clip(dn.leaf(record.dn)),
        precedence=number("PasswordSettingsPrecedence"),
        applies_to=tuple(
            names.get(dn.normal(target), clip(dn.leaf(target))) for target in record.all("msDS-PSOAppliesTo")
        ),
        passwords=PasswordPolicy(
            min_length=number("MinimumPasswordLength"),
            history=number("PasswordHistoryLength"),
            complexity=record.first("msDS-PasswordComplexityEnabled").lower() == "true",
            max_age_s=span(number("MaximumPasswordAge")),
            min_age_s=span(number("MinimumPasswordAge")),
            lockout_threshold=number("LockoutThreshold"),
            lockout_s=span(number("LockoutDuration")),
            lockout_window_s=span(number("LockoutObservationWindow")),
        ),
    )


def _with_filtering(found: DirectoryValue, records: list[Record]) -> DirectoryValue:
    """The directory with whom its policies are for (MS-GPOL 3.2.5.1.6)."""
    entries: list[User | Group | Computer] = [*found.users, *found.groups, *found.computers]
    # A group may be called S-1-5-11, and is not everybody for that.
    names = {entry.sid: entry.name for entry in entries if not entry.name.upper().startswith("S-1-")}
    by_guid = {clip(one.first("name") or dn.leaf(one.dn)).upper(): one for one in records}
    readers = _Readers(found)
    policies = [_filtered(policy, by_guid.get(policy.guid), names, readers) for policy in found.policies]
    return found.model_copy(update={"policies": tuple(policies)})


class _Readers:
    """The computers that have joined a domain, and who each of them is to a server."""

    def __init__(self, found: DirectoryValue) -> None:
        members = [computer for computer in found.computers if computer.is_member]
        tokens = Tokens(found)
        self._tokens = {
            one.name: {*_FROM_OUTSIDE, *(group.sid for group in tokens.carried(one))}
            for one in members[:_MOST_COMPUTERS]
        }

    def without(self, entries: Sequence[Ace]) -> tuple[str, ...]:
        """Those that may read nothing of an object. Who may read a part of it is taken to read it."""
        whole = [one for one in entries if one.allow or not one.object]
        return tuple(name for name, token in self._tokens.items() if not granted(whole, token) & _READ)


def _filtered(policy: Policy, record: Record | None, names: Mapping[str, str], readers: _Readers) -> Policy:
    packed = record.first("nTSecurityDescriptor") if record is not None else ""
    if record is None or not packed:
        return policy
    try:
        dacl = security_descriptor.parse(base64.b64decode(packed, validate=True)).dacl
    except ValueError:  # binascii.Error too; whom the policy is for is then not seen
        return policy
    who: dict[bool, list[str]] = {True: [] if dacl is not None else [EVERYBODY[0]], False: []}
    for one in dacl or ():
        if one.flags & security_descriptor.INHERIT_ONLY:
            continue
        if one.mask & security_descriptor.CONTROL_ACCESS and one.object in ("", _APPLY):
            who[one.allow].append(names.get(one.sid, one.sid))
    wmi = _WMI.search(record.first("gPCWQLFilter"))
    return policy.model_copy(
        update={
            "applies_to": tuple(dict.fromkeys(who[True])),
            "denied": tuple(dict.fromkeys(who[False])),
            "hidden_from": () if dacl is None else readers.without(dacl),
            "wmi_filter": wmi[0].upper() if wmi else "",
        }
    )
