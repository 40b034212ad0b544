"""The access point as a device: its saved settings, what its radio runs with, its address, its administrator."""

from __future__ import annotations

import contextlib
import re
from typing import Any, ClassVar

from pydantic import Field

from checkers.facts import Raw
from checkers.parsers import parts, wifi
from checkers.parsers.loose_json import load
from checkers.parsers.wifi import Band, Security
from checkers.probe import Probe, Unreadable, Value, Vantage
from labs.text import Text

CONFIG = "/etc/netbox/config.json"


class Network(Value):
    """A wireless network as one source tells it. ssid: bytes in hexadecimal. key: redacted when it is a secret."""

    on_air: bool
    ssid: str = Field(max_length=64, pattern=r"^([0-9a-f]{2})*$")
    band: Band
    channel: int
    security: Security
    key: str
    hidden: bool
    isolation: bool

    @property
    def name(self) -> str:
        """The network's name for people."""
        return wifi.name(bytes.fromhex(self.ssid))


class Lan(Value):
    """The device's address (with prefix) and default router; several are possible for what is in service."""

    addresses: tuple[str, ...]
    gateways: tuple[str, ...]


class Wireless(Value):
    """One wireless network. running: as it is on the air; None when it is not. saved: as a restart brings it back."""

    running: Network | None
    saved: Network | None


class AccessPointValue(Value):
    """What the device works with, and what it keeps. running: None when the radio does not work.

    others: its further wireless networks, where it can have several. pending: the parts of its settings in which
    changes wait to be saved.
    """

    running: Network | None
    saved: Network | None
    others: tuple[Wireless, ...] = Field(default=(), exclude_if=lambda others: not others)
    pending: tuple[str, ...] = Field(default=(), exclude_if=lambda pending: not pending)
    lan: Lan
    saved_lan: Lan | None

    @property
    def wireless(self) -> tuple[Wireless, ...]:
        """Every wireless network."""
        return (Wireless(running=self.running, saved=self.saved), *self.others)

    def not_seen(self) -> frozenset[str]:
        return frozenset({"saved", "saved_lan"} if self.saved is None else ())


class AccessPoint(Probe[AccessPointValue]):
    """The settings of the access point, saved and in service. The administrator's password is left out."""

    name: ClassVar[str] = "access-point"
    about: ClassVar[Text] = Text("réglages de la borne", "settings of the access point")
    value: ClassVar[type[Value]] = AccessPointValue

    def command(self) -> str:
        return (
            f"{parts.SHELL}\ns saved; grep -v password_hash {CONFIG}\n"
            "s status; hostapd_cli -p /run/hostapd -i wlan0 status\n"
            "s running; cat /run/netbox/hostapd.conf\n"
            "s address; ip -4 -o address show scope global\ns route; ip -4 route show default\ns end"
        )

    def parse(self, raw: Raw) -> AccessPointValue:
        found = parts.parts(raw.stdout)
        if "end" not in found or not found["saved"]:
            raise Unreadable(Text("les réglages de la borne n'ont pas pu être lus", "the settings were not read"))
        saved: Network | None = None
        saved_lan: Lan | None = None
        with contextlib.suppress(ValueError, LookupError, TypeError, AttributeError):
            stored = load(found["saved"])
            saved, saved_lan = _saved(stored["wifi"]), _saved_lan(stored["lan"])
        running = _running(_pairs(found["running"]), _pairs(found["status"]))
        if running is None and saved is None:
            raise Unreadable(Text("les réglages de la borne sont illisibles", "the settings cannot be understood"))
        lan = Lan(
            addresses=tuple(line.split()[3] for line in found["address"].splitlines()[:16]),
            gateways=tuple(re.findall(r"\bvia (\S+)", found["route"])[:16]),
        )
        return AccessPointValue(running=running, saved=saved, lan=lan, saved_lan=saved_lan)


def _pairs(text: str) -> dict[str, str]:
    return dict(line.split("=", 1) for line in text.splitlines()[:500] if "=" in line and not line.startswith("#"))


def _saved(given: dict[str, Any]) -> Network:
    security: Security = given["security"]
    return Network(
        on_air=bool(given.get("enabled", True)),
        ssid=str(given["ssid"]).encode().hex(),
        band=given["band"],
        channel=int(given["channel"]),
        security=security,
        key=str(given.get("key", "")) if security != "open" else "",
        hidden=bool(given.get("hidden")),
        isolation=bool(given.get("isolation")),
    )


def _saved_lan(given: dict[str, Any]) -> Lan:
    gateway = str(given.get("gateway") or "")
    return Lan(addresses=(f"{given['address']}/{given['prefix']}"[:40],), gateways=(gateway[:40],) if gateway else ())


def _running(conf: dict[str, str], status: dict[str, str]) -> Network | None:
    if status.get("state") != "ENABLED" or not conf:
        return None
    band, channel = wifi.channel(int(status.get("freq", "0")))
    wpa = conf.get("wpa", "0")
    security = wifi.security(conf.get("wpa_key_mgmt", ""), protected="wep_key0" in conf)
    if security == "wpa2" and wpa != "2":
        security = "wpa"
    return Network(
        on_air=True,
        ssid=_ssid(conf),
        band=band,
        channel=channel,
        security=security if wpa != "0" else "open",
        key=conf.get("sae_password", conf.get("wpa_passphrase", "")) if wpa != "0" else "",
        hidden=conf.get("ignore_broadcast_ssid", "0") != "0",
        isolation=conf.get("ap_isolate", "0") == "1",
    )


def _ssid(conf: dict[str, str]) -> str:
    """Bytes in hexadecimal of ``ssid2`` (``"text"``, ``P"printf"`` or hexadecimal) or ``ssid``."""
    given = conf.get("ssid2", "")
    if given.startswith('P"'):
        return wifi.ssid(given[2:].rstrip('"')).hex()
    if given.startswith('"'):
        return given.strip('"').encode().hex()
    return given.lower() if given else conf.get("ssid", "").encode().hex()


class AdminValue(Value):
    """Whether the administrator's password is the factory's and the expected one, on the page and at the console."""

    page_default: bool
    page_expected: bool | None
    console_default: bool
    console_expected: bool | None


# perl, not python: it starts twenty times faster under emulation. Hashes and passwords stay inside.
_ADMIN = r"""
my ($page) = do { local $/; open my $f, "<", "%s" or exit 3; <$f> } =~ /"password_hash"\s*:\s*"([^"]+)"/;
my ($console) = map { (split /:/)[1] } grep { /^admin:/ } do { open my $f, "<", "/etc/shadow" or exit 3; <$f> };
for (["page", $page], ["console", $console]) {
  my ($where, $hash) = @$_; exit 3 unless defined $hash;
  for (["default", "admin"], ["expected", $ENV{WANTED}]) {
    my ($what, $password) = @$_; next if $password eq "";
    my $made = $hash =~ /^\$/ ? crypt($password, $hash) : "";
    print "$where.$what=", (defined $made && $made eq $hash ? "yes" : "no"), "\n";
  }
}
"""


class AccessPointAdmin(Probe[AdminValue]):
    """Whether the administrator's password is still the factory's, and whether it is the expected one."""

    name: ClassVar[str] = "ap-admin"
    about: ClassVar[Text] = Text("mot de passe administrateur de la borne", "administrator's password of the device")
    vantage: ClassVar[Vantage] = "radio"
    value: ClassVar[type[Value]] = AdminValue

    secret: str | None = Field(default=None, pattern=r"^[a-z][a-z0-9_]{0,39}$")

    def command(self) -> str:
        wanted = f"${{SECRET_{self.secret.upper()}}}" if self.secret else ""
        program = (_ADMIN % CONFIG).replace("'", "'\\''")
        return f"WANTED=\"{wanted}\" perl -e '{program}'"

    def parse(self, raw: Raw) -> AdminValue:
        given = _pairs(raw.stdout)
        if raw.exit_code != 0 or not {"page.default", "console.default"} <= set(given):
            raise Unreadable(
                Text(
                    "le mot de passe de la borne n'a pas pu être vérifié",
                    "the access point's password could not be checked",
                )
            )

        def said(key: str) -> bool | None:
            return given[key] == "yes" if key in given else None

        return AdminValue(
            page_default=bool(said("page.default")),
            page_expected=said("page.expected"),
            console_default=bool(said("console.default")),
            console_expected=said("console.expected"),
        )
