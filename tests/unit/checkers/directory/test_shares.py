"""``smb-share`` and ``share-access``."""

from __future__ import annotations

import os
import subprocess
from pathlib import Path
from typing import Any

import pytest

from checkers.checks.shares import ShareGives, ShareIs
from checkers.facts import Raw
from checkers.probe import Unreadable
from checkers.probes.shares import Shares
from checkers.probes.smb_access import SmbAccess
from tests.unit.checkers.local.judging import LINKED, Judged, judged

CONF = """\
== folders
/srv/partages/compta
== config
# Global parameters
[global]
\trealm = KERBRAS.LAN
{whole}

[Compta]
\tpath = {path}
{options}
"""


def conf(options: str = "\tread only = No", path: str = "/srv/partages/compta", whole: str = "") -> str:
    return CONF.format(options=options, path=path, whole=whole)


def share(text: str, **changes: Any) -> Judged:
    asked = {"on": "server", "share": "compta", "path": "/srv/partages/compta", "read_only": False, "guest": False}
    return judged(ShareIs.model_validate({**asked, **changes}), {"shares": text})


@pytest.mark.parametrize(
    "text",
    [
        conf(),
        conf("\twriteable = yes\n\tvalid users = @DL-Compta"),
        conf("\tread only = Yes\n\twrite list = @DL-Compta"),
        conf("", whole="\tread only = no"),
    ],
)
def test_shares(text: str) -> None:
    assert share(text).outcome == "PASS"


@pytest.mark.parametrize(
    ("text", "outcome", "word"),
    [
        (conf(""), "PART", "lecture seule : oui, attendu non"),
        (conf("\tread only = No\n\tguest ok = Yes"), "PART", "accès anonyme : oui"),
        (conf("\tread only = No", whole="\tguest ok = yes"), "PART", "accès anonyme : oui"),
        (conf("\tread only = No\n\tavailable = No"), "FAIL", "désactivé"),
        (conf(path="/srv/partages/Compta"), "FAIL", "dossier partagé"),
        (conf(path="/srv/partages"), "FAIL", "attendu « /srv/partages/compta »"),
        (conf().replace("/srv/partages/compta\n==", "/autre\n=="), "FAIL", "n'existe pas"),
        (conf().replace("[Compta]", "[comptabilite]"), "FAIL", "(partages : comptabilite)"),
        ("== missing\n", "FAIL", "introuvable"),
    ],
)
def test_shares_that_look_right(text: str, outcome: str, word: str) -> None:
    result = share(text)
    assert (result.outcome, word in result.reason) == (outcome, True)


def test_hidden_share() -> None:
    assert share(conf("\tread only = no\n\tbrowseable = No"), browseable=False).outcome == "PASS"
    assert share(conf(), browseable=False).outcome == "PART"


@pytest.mark.parametrize(
    "raw", [Raw(stdout=""), Raw(stdout="== folders\n== config\n"), Raw(stdout=conf(), exit_code=1)]
)
def test_samba_unreadable(raw: Raw) -> None:
    with pytest.raises(Unreadable):
        Shares().parse(raw)


LISTING = "  .   D  0  Sat Nov 21 21:47:26 2026\n\n\t\t4095712 blocks of size 1024. 3534940 blocks available\n"
PUT = "putting file probe as \\essai.tmp (0.2 kb/s) (average 0.2 kb/s)\n"
WRITES = LISTING + PUT
READS = LISTING + (
    "NT_STATUS_ACCESS_DENIED opening remote file \\essai.tmp\nNT_STATUS_NO_SUCH_FILE listing \\essai.tmp\n"
)
DENIED = (
    "NT_STATUS_ACCESS_DENIED listing \\*\nNT_STATUS_ACCESS_DENIED opening remote file \\essai.tmp\n"
    "NT_STATUS_ACCESS_DENIED listing \\essai.tmp\n"
)
TREE = "tree connect failed: NT_STATUS_{}\n"
SESSION = "session setup failed: NT_STATUS_{}\n"
CONNECT = "do_connect: Connection to 192.168.50.10 failed (Error NT_STATUS_{})\n"
SLOW = "protocol negotiation failed: NT_STATUS_IO_TIMEOUT\n"
NEWER = (
    "Protocol negotiation to server 192.168.50.10 (for a protocol between SMB2_02 and SMB3) failed: "
    "NT_STATUS_IO_TIMEOUT\n"
)
KEEPS = WRITES + "NT_STATUS_ACCESS_DENIED deleting remote file \\essai.tmp\n"


def access(answer: str, expect: str, links: Any = LINKED) -> Judged:
    check = ShareGives.model_validate(
        {
            "network": "lan",
            "server": "server",
            "server_address": "192.168.50.10",
            "share": "compta",
            "user": "nolwenn.riou",
            "password_secret": "initial",
            "expect": expect,
        }
    )
    return judged(check, {"smb-access": f"== smbclient\n{answer}exit 1\n"}, links)


@pytest.mark.parametrize(
    ("answer", "level"),
    [
        (WRITES, "write"),
        (READS, "read"),
        (DENIED, "denied"),
        # Kept out by "valid users", by the rights of the folder, or by those of the folder above.
        (TREE.format("ACCESS_DENIED"), "denied"),
    ],
)
def test_what_a_user_can_do(answer: str, level: str) -> None:
    for expect in ("write", "read", "denied"):
        assert access(answer, expect).outcome == ("PASS" if expect == level else "FAIL")


@pytest.mark.parametrize(
    ("answer", "word"),
    [
        # None of these says anything of the share's rights: they pass no expectation, "denied" included.
        (TREE.format("BAD_NETWORK_NAME"), "n'existe pas"),
        (SESSION.format("LOGON_FAILURE"), "ouverture de session"),
        (SESSION.format("ACCOUNT_LOCKED_OUT"), "NT_STATUS_ACCOUNT_LOCKED_OUT"),
        (SESSION.format("ACCOUNT_DISABLED"), "est refusée"),
        (CONNECT.format("CONNECTION_REFUSED"), "ne tourne pas"),
        (CONNECT.format("IO_TIMEOUT"), "ne répond pas"),
        (CONNECT.format("HOST_UNREACHABLE"), "ne répond pas"),
    ],
)
def test_denials_that_prove_nothing(answer: str, word: str) -> None:
    for expect in ("write", "read", "denied"):
        result = access(answer, expect)
        assert (result.outcome, word in result.reason) == ("FAIL", True)


def test_writing_without_deleting() -> None:
    result = access(KEEPS, "write")
    assert (result.outcome, "sans pouvoir supprimer" in result.reason) == ("FAIL", True)


def test_a_silence_needs_a_link() -> None:
    assert access(CONNECT.format("IO_TIMEOUT"), "write", {"server": {"lan": False}}).outcome == "INCONCLUSIVE"
    assert access(CONNECT.format("HOST_UNREACHABLE"), "denied", {}).outcome == "INCONCLUSIVE"


@pytest.mark.parametrize(
    "answer",
    [
        SESSION.format("IO_TIMEOUT"),
        SESSION.format("PASSWORD_MUST_CHANGE"),
        TREE.format("IO_TIMEOUT"),
        LISTING + "NT_STATUS_CONNECTION_DISCONNECTED opening remote file \\x\n",
        SLOW,
        NEWER,
        "Can't load smb.conf\n",
        "",
    ],
)
def test_faults_of_the_trial_are_no_verdict(answer: str) -> None:
    for expect in ("write", "read", "denied"):
        assert access(answer, expect).outcome == "INCONCLUSIVE"


def test_smbclient_missing() -> None:
    probe = SmbAccess(server_address="192.168.50.10", share="compta", user="a", password_secret="initial")
    for raw in (Raw(stdout="", exit_code=127), Raw(stdout="== smbclient\n"), Raw(stdout="sh: 1: not found")):
        with pytest.raises(Unreadable):
            probe.parse(raw)


def trial(folder: Path, *answers: str) -> tuple[Raw, int]:
    """What the script says where smbclient answers this, time after time, and how often it was run."""
    (folder / "0.d").mkdir()
    stub = folder / "bin" / "smbclient"
    stub.parent.mkdir()
    stub.write_text(
        f"#!/bin/sh\necho >>{folder}/runs; shift $(($(wc -l <{folder}/runs) - 1)); cat {folder}/$1; exit 1\n"
    )
    stub.chmod(0o755)
    for number, answer in enumerate(answers):
        (folder / str(number)).write_text(answer)
    names = " ".join(str(number) for number in range(len(answers)))
    command = PROBE.command().replace("smbclient //192.168.50.10/compta", f"smbclient {names}")
    found = subprocess.run(
        ["sh", "-c", command],
        cwd=folder / "0.d",
        env={"PATH": f"{stub.parent}:{os.environ['PATH']}", "SECRET_INITIAL": "Kerbras!2026"},
        capture_output=True,
        text=True,
        check=False,
    )
    return Raw(stdout=found.stdout, stderr=found.stderr, exit_code=found.returncode), len(
        (folder / "runs").read_text().splitlines()
    )


PROBE = SmbAccess(server_address="192.168.50.10", share="compta", user="nolwenn.riou", password_secret="initial")


@pytest.mark.parametrize("slow", [(SLOW,), (SLOW, SLOW), (NEWER,)])
def test_a_server_that_was_too_slow_is_asked_again(tmp_path: Path, slow: tuple[str, ...]) -> None:
    raw, runs = trial(tmp_path, *slow, WRITES)
    assert (PROBE.parse(raw).write, runs) == (True, len(slow) + 1)


def test_a_server_that_stays_too_slow_is_given_up(tmp_path: Path) -> None:
    raw, runs = trial(tmp_path, SLOW, SLOW, SLOW, WRITES)
    assert runs == 3
    with pytest.raises(Unreadable):
        PROBE.parse(raw)


@pytest.mark.parametrize(
    "answer",
    [
        SESSION.format("IO_TIMEOUT"),
        SESSION.format("LOGON_FAILURE"),
        CONNECT.format("IO_TIMEOUT"),
        "  protocol negotiation failed: NT_STATUS_IO_TIMEOUT   N   0  Sat Nov 21 21:47:26 2026\n" + WRITES,
    ],
)
def test_one_logon_at_most(tmp_path: Path, answer: str) -> None:
    """Every wrong password counts towards a lockout."""
    assert trial(tmp_path, answer, WRITES)[1] == 1


def test_no_password_in_the_command() -> None:
    """A command is kept as evidence."""
    probe = SmbAccess(server_address="192.168.50.10", share="a b", user="KERBRAS\\x'y", password_secret="initial")
    command = probe.command()
    assert '"$SECRET_INITIAL"' in command
    assert "-U" not in command
