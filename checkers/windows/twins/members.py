"""Whether a Windows computer is a member of a domain, and whether the domain still takes its account."""

from __future__ import annotations

from typing import Any, ClassVar

from checkers.parsers.clean import clip
from checkers.probe import Probe
from checkers.probes.members import Channel, Membership, MembershipValue
from checkers.windows.twin import WindowsTwin

_REFUSED = {
    5: "ERROR_ACCESS_DENIED",
    86: "ERROR_INVALID_PASSWORD",
    1210: "ERROR_INVALID_COMPUTERNAME",
    1317: "ERROR_NO_SUCH_USER",
    1326: "ERROR_LOGON_FAILURE",
    1331: "ERROR_ACCOUNT_DISABLED",
    1786: "ERROR_NO_TRUST_LSA_SECRET",
    1787: "ERROR_NO_TRUST_SAM_ACCOUNT",
    1788: "ERROR_TRUSTED_DOMAIN_FAILURE",
    1789: "ERROR_TRUSTED_RELATIONSHIP_FAILURE",
    1793: "ERROR_ACCOUNT_EXPIRED",
    1810: "ERROR_DOMAIN_TRUST_INCONSISTENT",
}
"""What a controller that was reached says when it does not take the account (MS-ERREF 2.2)."""
_MET = {
    53: "ERROR_BAD_NETPATH",
    1311: "ERROR_NO_LOGON_SERVERS",
    1355: "ERROR_NO_SUCH_DOMAIN",
    1722: "RPC_S_SERVER_UNAVAILABLE",
}
_CONTROLLER = 4


class MembershipTwin(WindowsTwin[MembershipValue]):
    """A join leaves the name of the domain and an account, whose principal it is (``NAME$@REALM``)."""

    probe: ClassVar[type[Probe[Any]]] = Membership
    script: ClassVar[str] = "domain-membership"

    def read(self, probe: Membership, answer: Any) -> MembershipValue:
        joined, domain = answer["joined"] is True, clip(str(answer["domain"]))
        # The account may already have the name that the computer gets at its next start.
        names = dict.fromkeys(clip(str(answer[key])).upper() for key in ("name", "pending"))
        channel, detail = _channel(answer) if joined else ("absent", "")
        return MembershipValue(
            computer=next(iter(names)),
            realm=domain if joined else "",
            workgroup="" if joined else domain.upper(),
            security="ADS" if joined else "USER",
            secrets=(),
            principals=tuple(f"{name}$@{domain.upper()}" for name in names) if joined else (),
            sssd=(),
            channel=channel,
            detail=detail,
        )


def _channel(answer: Any) -> tuple[Channel, str]:
    if int(answer["role"]) >= _CONTROLLER:
        return "works", "domain controller"
    status = answer["status"]
    if not isinstance(status, int):
        return "unknown", clip(str(answer["trouble"]), 400)
    if status == 0:
        return "works", "0"
    name = _REFUSED.get(status) or _MET.get(status) or ""
    return "refused" if status in _REFUSED else "unreachable", f"{status} {name}".strip()
