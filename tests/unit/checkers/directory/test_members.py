"""``domain-member``: several ways of joining are right; a controller that is out of reach is no failure of the join."""

from __future__ import annotations

from typing import Any

import pytest

from checkers.checks.members import IsDomainMember
from checkers.facts import Raw
from checkers.probe import Unreadable
from checkers.probes.directory import DirectoryValue
from checkers.probes.members import Membership
from tests.unit.checkers.directory.sample import computer, domain
from tests.unit.checkers.local.judging import Judged, judged

SMB = "\trealm = KERBRAS.LAN\n\tsecurity = ADS\n\tworkgroup = KERBRAS"
SECRETS = "SECRETS/MACHINE_PASSWORD/KERBRAS\nSECRETS/MACHINE_SEC_CHANNEL_TYPE/KERBRAS"
KEYTAB = "Keytab name: FILE:/etc/krb5.keytab\nKVNO Principal\n---- ----\n   2 POSTE-COMPTA$@KERBRAS.LAN"
WORKS = "checking the trust secret for domain KERBRAS via RPC calls succeeded\nworks"
SILENT = (
    "wbcCheckTrustCredentials(KERBRAS): error code was NT_STATUS_DOMAIN_CONTROLLER_NOT_FOUND (0xc0000233)\n"
    "ads_connect: No logon servers are currently available to service the logon request."
)


def output(
    *, host: str = "poste-compta", smb: str = SMB, secrets: str = SECRETS, keytab: str = "", channel: str = WORKS
) -> str:
    return (
        f"== host\n{host}\n== smb\n{smb}\n== secrets\n{secrets}\n== keytab\n{keytab}\n== sssd\n== channel\n{channel}\n"
    )


def verdict(text: str, found: DirectoryValue | None = None, **changes: Any) -> Judged:
    check = IsDomainMember.model_validate({"on": "client", "domain": "kerbras.lan", "server": "server", **changes})
    return judged(check, {"domain-membership": text, "directory": domain() if found is None else found})


@pytest.mark.parametrize(
    "text",
    [
        output(),
        output(keytab=KEYTAB),
        # winbind is stopped, but "net ads testjoin" agrees.
        output(channel="could not obtain winbind interface details: WBC_ERR_WINBIND_NOT_AVAILABLE\nJoin is OK\nworks"),
        # adcli or realmd with sssd: keys only, no Samba configuration.
        output(smb="", secrets="", keytab=KEYTAB, channel="Sucessfully validated join to domain kerbras.lan\nworks"),
        output(host="POSTE-COMPTA.kerbras.lan"),
        # The NetBIOS name is set apart from the host name.
        output(host="poste", smb=SMB + "\n\tnetbios name = POSTE-COMPTA"),
    ],
)
def test_ways_of_being_a_member(text: str) -> None:
    assert verdict(text).outcome == "PASS"


@pytest.mark.parametrize(
    ("text", "word"),
    [
        (output(smb="\tworkgroup = WORKGROUP", secrets="", channel="none"), "n'est pas jointe"),
        # Configured like a member, never joined.
        (output(secrets="", channel="none"), "n'est pas jointe"),
        # Joined to another domain.
        (output(smb="\trealm = AUTRE.LAN\n\tworkgroup = AUTRE", secrets="SECRETS/MACHINE_PASSWORD/AUTRE"), "AUTRE"),
        (output(smb="", secrets="", keytab=KEYTAB.replace("KERBRAS", "AUTRE")), "AUTRE.LAN"),
        # The computer's password was reset in the directory.
        (output(channel="error code was NT_STATUS_ACCESS_DENIED (0xc0000022)"), "refuse son compte"),
        (output(channel="kinit: Preauthentication failed while getting initial credentials"), "refuse son compte"),
        (output(host="poste-neuf"), "ne connaît pas d'ordinateur « POSTE-NEUF »"),
    ],
)
def test_machines_that_look_like_members(text: str, word: str) -> None:
    result = verdict(text)
    assert (result.outcome, word in result.reason) == ("FAIL", True)


def test_deleted_or_disabled_in_the_directory() -> None:
    assert verdict(output(), domain(computers=[])).outcome == "FAIL"
    # Even when no controller answers: the directory itself was seen.
    assert verdict(output(channel=SILENT), domain(computers=[])).outcome == "FAIL"
    assert verdict(output(), domain(computers=[computer("POSTE-COMPTA", control=4098)])).outcome == "FAIL"


@pytest.mark.parametrize("channel", [SILENT, "", "kinit: Clock skew too great", "quelque chose d'inconnu"])
def test_a_controller_out_of_reach_proves_nothing(channel: str) -> None:
    result = verdict(output(channel=channel))
    assert result.outcome == "INCONCLUSIVE"
    assert "aucun contrôleur" in result.reason


def test_unseen() -> None:
    check = IsDomainMember(on="client", domain="kerbras.lan", server="server")
    assert judged(check, {"domain-membership": None, "directory": domain()}).outcome == "INCONCLUSIVE"
    assert judged(check, {"domain-membership": output(), "directory": None}).outcome == "INCONCLUSIVE"
    # Not joined at all needs no directory.
    alone = output(smb="", secrets="", channel="none")
    assert judged(check, {"domain-membership": alone, "directory": None}).outcome == "FAIL"


@pytest.mark.parametrize("text", ["", "== host\n\n== channel\nnone\n", output().split("== channel")[0]])
def test_unreadable(text: str) -> None:
    with pytest.raises(Unreadable):
        Membership().parse(Raw(stdout=text))


def test_no_secret_leaves_the_machine() -> None:
    assert "grep '^SECRETS/MACHINE_'" in Membership().command()
