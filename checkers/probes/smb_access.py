"""What a user can really do in a share, tried from the wire with smbclient(1)."""

from __future__ import annotations

import re
import shlex
from typing import ClassVar, Literal

from checkers.facts import Raw
from checkers.parsers.clean import clip
from checkers.probe import Probe, Unreadable, Value, Vantage
from labs.text import Text

_FAILED = re.compile(
    r"(?P<connect>(?:do_connect: )?Connection to \S{1,200} failed \(Error )?"
    r"(?P<stage>tree connect failed: |session setup failed: )?(?P<pushing>cli_push returned )?"
    r"(?P<status>NT_STATUS_[A-Z0-9_]{2,60})"
    r"(?P<listing> listing \\\*)?(?P<opening> (?:opening|closing|writing|cli_push) )?(?P<deleting> deleting )?"
)

Stage = Literal["silent", "refused", "logon", "share", "inside"]


class SmbAccessValue(Value):
    """How far a user went. stage: the server was silent or refused; the logon, then the share was refused; or inside.

    status: the server's own word for the first refusal. read, write, delete: what worked inside.
    """

    stage: Stage
    status: str = ""
    read: bool = False
    write: bool = False
    delete: bool = False


# One logon only: every wrong password counts towards the lockout of a candidate's account. Agreeing on a protocol comes
# before it, and smbclient waits for 20 s at each step of getting in whatever -t says: a server that was too slow for
# several connections at once is asked again, by one trial at a time.
# The password goes from the environment into a file of the private folder; printf is built into the shell.
_SCRIPT = """
command -v smbclient >/dev/null || exit 127
export HOME="$PWD"
printf '[global]\\nclient use kerberos = off\\nname resolve order = host\\n' > smb.conf
printf 'username = %s\\npassword = %s\\ndomain = %s\\n' {user} "${secret}" {domain} > identity
printf 'Essai du jury : fichier efface aussitot.\\n' > probe
name=epreuve-$$-$(od -An -N6 -tx1 /dev/urandom | tr -d ' \\n').tmp
try() {{
  $1 smbclient {target} -s smb.conf -A identity -m SMB3 -p 445 -t 40 -c "ls; put probe $name; del $name" >answer 2>&1
  status=$?
}}
try
for again in 1 2; do
  IFS= read -r said <answer
  case $said in [Pp]'rotocol negotiation '*failed:*NT_STATUS_IO_TIMEOUT) ;; *) break ;; esac
  echo '== too slow, asked again'
  try 'flock -w 60 ../smb-access.turn'
done
echo '== smbclient'
cat answer
echo "exit $status"
rm -f smb.conf identity probe answer
""".strip()


class SmbAccess(Probe[SmbAccessValue]):
    """A user logs on to a share, lists it, writes a file there and deletes it. user may be ``DOMAIN\\user``."""

    name: ClassVar[str] = "smb-access"
    about: ClassVar[Text] = Text("accès réel à un partage, depuis le réseau", "real access to a share, from the wire")
    vantage: ClassVar[Vantage] = "wire"
    value: ClassVar[type[Value]] = SmbAccessValue
    timeout_s: ClassVar[int] = 105

    server_address: str
    share: str
    user: str
    password_secret: str

    def command(self) -> str:
        domain, _, user = self.user.rpartition("\\")
        return _SCRIPT.format(
            user=shlex.quote(user),
            domain=shlex.quote(domain),
            secret="SECRET_" + self.password_secret.upper(),
            target=shlex.quote(f"//{self.server_address}/{self.share}"),
        )

    def parse(self, raw: Raw) -> SmbAccessValue:
        _, started, text = raw.stdout.partition("== smbclient\n")
        if not started or "exit " not in text:
            raise Unreadable(Text("smbclient n'a pas pu être lancé", "smbclient could not be run"))
        failures = list(_FAILED.finditer(text[:65536]))
        status = clip(failures[0]["status"]) if failures else ""
        for failure in failures:
            if failure["connect"]:
                refused = status in ("NT_STATUS_CONNECTION_REFUSED", "NT_STATUS_CONNECTION_RESET")
                return SmbAccessValue(stage="refused" if refused else "silent", status=status)
            if failure["stage"] == "tree connect failed: ":
                return _unless_cut("share", status)
            if failure["stage"]:
                return _unless_cut("logon", status)
        if any(_is_cut(failure["status"]) for failure in failures):
            raise _CUT
        if "blocks available" not in text and not any(failure["listing"] for failure in failures):
            raise Unreadable(
                Text(
                    f"la réponse de smbclient n'est pas comprise : {clip(text, 120)}",
                    f"smbclient's answer is not understood: {clip(text, 120)}",
                )
            )
        unwritten = any(failure["opening"] or failure["pushing"] for failure in failures)
        written = "putting file " in text and not unwritten  # it says so of a file that found no room, too
        return SmbAccessValue(
            stage="inside",
            status=status,
            read=not any(failure["listing"] for failure in failures),
            write=written,
            delete=written and not failures,
        )


_CUT = Unreadable(
    Text(
        "la connexion au partage a été coupée en cours d'essai", "the connection to the share was cut during the trial"
    )
)


def _is_cut(status: str) -> bool:
    """Words of a transport that gave way, not of a server that refuses."""
    return status in (
        "NT_STATUS_IO_TIMEOUT",
        "NT_STATUS_CONNECTION_DISCONNECTED",
        "NT_STATUS_CONNECTION_RESET",
        "NT_STATUS_INVALID_NETWORK_RESPONSE",
        "NT_STATUS_NO_LOGON_SERVERS",
        "NT_STATUS_INSUFFICIENT_RESOURCES",
    )


def _unless_cut(stage: Stage, status: str) -> SmbAccessValue:
    if _is_cut(status):
        raise _CUT
    return SmbAccessValue(stage=stage, status=status)
