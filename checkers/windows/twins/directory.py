"""The directory of a Windows domain controller, and the fine-grained password policies in it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, ClassVar

from checkers.parsers import dn
from checkers.parsers.clean import clip, integer
from checkers.parsers.ldif import Record
from checkers.probe import Probe, Unreadable
from checkers.probes.directory import (
    ATTRIBUTES,
    FILTER,
    MAX,
    Directory,
    DirectoryValue,
    FineGrainedPolicy,
    Group,
    PasswordPolicy,
    User,
    held,
    span,
)
from checkers.windows.twin import WindowsTwin
from labs.text import Text

_VALUE_LIMIT = 8192
_POLICY, _CONTAINER = "msDS-PasswordSettings", "msDS-PasswordSettingsContainer"
_FILTER = f"(|{FILTER}(objectClass={_POLICY})(objectClass={_CONTAINER}))"
_MORE = (
    "distinguishedName msDS-User-Account-Control-Computed msDS-ResultantPSO msDS-PasswordSettingsPrecedence "
    "msDS-MinimumPasswordLength msDS-PasswordHistoryLength msDS-PasswordComplexityEnabled msDS-MaximumPasswordAge "
    "msDS-MinimumPasswordAge msDS-LockoutThreshold msDS-LockoutDuration msDS-LockoutObservationWindow msDS-PSOAppliesTo"
)


class DirectoryTwin(WindowsTwin[DirectoryValue]):
    """The attributes that the Linux probe reads, asked over LDAP on the server itself (MS-ADA1 to MS-ADA3)."""

    probe: ClassVar[type[Probe[Any]]] = Directory
    script: ClassVar[str] = "directory"
    parameters: ClassVar[tuple[str, ...]] = ("Filter", "Attributes", "Most")

    def arguments(self, probe: Directory) -> dict[str, Any]:
        return {"Filter": _FILTER, "Attributes": f"{ATTRIBUTES} {_MORE}", "Most": MAX}

    def read(self, probe: Directory, answer: Any) -> DirectoryValue:
        if answer["present"] is False:
            return DirectoryValue(present=False)
        if answer["cut"] or len(answer["records"]) > MAX:
            raise Unreadable(Text("l'annuaire est trop grand pour être lu", "the directory is too large to be read"))
        records = [_record(one) for one in answer["records"]]
        return _with_fine_grained(held(records, int(answer["now"])), records)


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
