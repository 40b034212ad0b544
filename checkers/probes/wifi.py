"""The air: what the witness's radio hears, and what a station can really do. Asked at ``radio:<access point>``."""

from __future__ import annotations

import re
import shlex
from typing import Annotated, ClassVar, Literal

from pydantic import Field, StringConstraints

from checkers.facts import Raw
from checkers.parsers import parts, wifi
from checkers.parsers.clean import clip
from checkers.parsers.wifi import Band, Security
from checkers.probe import Probe, Unreadable, Value, Vantage
from labs.text import Text

WITNESS = "/usr/lib/epreuve/radio-witness"
Ssid = Annotated[str, StringConstraints(min_length=1, max_length=32)]
SecretName = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9_]{0,39}$")]
MAX_HEARD = 64


class Heard(Value):
    """One network on the air. ssid: bytes in hexadecimal; empty when the beacon hides it and it was not asked for.
    own: it comes from a radio of the device that is looked at; in a bench's air there is no other."""

    bssid: str
    ssid: str
    hidden: bool
    band: Band
    channel: int
    security: Security
    own: bool = Field(default=True, exclude_if=lambda own: own)

    @property
    def name(self) -> str:
        """The network's name for people."""
        return wifi.name(bytes.fromhex(self.ssid))


class AirValue(Value):
    """heard: in beacons. asked: answers to a probe request for the name that was looked for. listened: the frequencies
    in MHz that the witness can hear, where that is known."""

    heard: tuple[Heard, ...]
    asked: tuple[Heard, ...] = ()
    listened: tuple[int, ...] = Field(default=(), exclude_if=lambda listened: not listened)


class Air(Probe[AirValue]):
    """The wireless networks that the witness's radio hears, and one that may hide its name."""

    name: ClassVar[str] = "wifi-air"
    about: ClassVar[Text] = Text("réseaux Wi-Fi entendus par le témoin", "wireless networks the witness hears")
    vantage: ClassVar[Vantage] = "radio"
    value: ClassVar[type[Value]] = AirValue
    timeout_s: ClassVar[int] = 40

    ssid: Ssid

    def command(self) -> str:
        # Again where nothing at all was heard: on a busy host a scan misses beacons.
        return listening(WITNESS, self.ssid, until="*.ssid=*")

    def parse(self, raw: Raw) -> AirValue:
        found = parts.parts(raw.stdout)
        if "code 0" not in found or "end" not in found:
            told = re.search(r"^error=(.*)$", raw.stdout, re.MULTILINE)
            raise _idle(told[1] if told else "—")
        listened = re.search(r"^listens=([0-9 ]{4,600})$", found["code 0"], re.MULTILINE)
        return AirValue(
            heard=_heard(found["code 0"]),
            asked=_heard(found.get("asked", "")),
            listened=tuple(int(one) for one in listened[1].split()) if listened else (),
        )


def listening(witness: str, ssid: str, *, until: str) -> str:
    """The command that listens three times at most, until what was heard is as the shell's pattern ``until`` says, with
    the exit code before it; and asks for the name only where a network hides its own: such a one answers only to who
    knows it."""
    return (
        f"{parts.SHELL}\nfor n in 1 2 3; do heard=$({witness} scan); code=$?; "
        f'case $code$heard in [!0]*|{until}) break;; esac; done\ns code $code; printf "%s\\n" "$heard"\n'
        f"case $heard in *hidden=yes*) s asked; {witness} scan --ssid {shlex.quote(ssid)};; esac\ns end"
    )


def _heard(text: str) -> tuple[Heard, ...]:
    networks: dict[str, dict[str, str]] = {}
    for line in text.splitlines()[:2000]:
        key, _, value = line.partition("=")
        bss, dot, field = key.partition(".")
        if dot:
            networks.setdefault(bss, {})[field] = value
    found = []
    for given in list(networks.values())[:MAX_HEARD]:
        band, channel = wifi.channel(int(given["freq"]))
        raw = wifi.ssid(given["ssid"]).strip(b"\0")
        found.append(
            Heard(
                bssid=given["bssid"],
                ssid=raw[:32].hex(),
                hidden=not raw,
                band=band,
                channel=channel,
                security=wifi.security(given["akm"], protected=given["privacy"] == "yes"),
                own=given.get("own", "yes") == "yes",
            )
        )
    return tuple(found)


# The access point's own frequency: the station then need not look for it everywhere, which takes seconds.
_FREQ = "f=$(iw dev wlan0 info | sed -n 's/.*channel [0-9]* (\\([0-9]*\\) MHz.*/\\1/p')"


def station(witness: str, action: str, ssid: str, secret: str | None, more: str = "") -> str:
    """The command by which a witness joins a network. The key is fed to it: it is never an argument."""
    key = "--key-stdin" if secret else "--open"
    feed = f"printf '%s\\n' \"$SECRET_{secret.upper()}\" | " if secret else ""
    return f"{feed}{witness} {action} --ssid {shlex.quote(ssid)} {key} --hidden{more}"


def _own_station(action: str, ssid: str, secret: str | None, more: str = "") -> str:
    return f"{_FREQ}\n{station(WITNESS, action, ssid, secret, f' ${{f:+--freq $f}}{more}')}"


def _idle(why: str) -> Unreadable:
    """What is said when the witness itself cannot work. why: in its own words."""
    return Unreadable(
        Text("le témoin radio n'a pas pu travailler ({why})", "the radio witness could not work ({why})").format(
            why=clip(why, 120)
        )
    )


def _pairs(raw: Raw) -> dict[str, str]:
    given = dict(line.split("=", 1) for line in raw.stdout.splitlines()[:200] if "=" in line)
    if raw.exit_code != 0 or "error" in given:
        raise _idle(given.get("error", f"code {raw.exit_code}"))
    return given


class StationValue(Value):
    """associated: the four-way handshake was completed. why: else, in the witness's words.

    suite: the key management that was agreed. lease: a DHCP lease came; address, router: what it says.
    """

    associated: bool
    why: str = ""
    suite: str = ""
    lease: bool | None = None
    address: str = ""
    router: tuple[str, ...] = ()


class Station(Probe[StationValue]):
    """A station that really joins the network with the key, and asks for an address."""

    name: ClassVar[str] = "wifi-associates"
    about: ClassVar[Text] = Text("association d'une station témoin", "a witness station joining the network")
    vantage: ClassVar[Vantage] = "radio"
    value: ClassVar[type[Value]] = StationValue
    timeout_s: ClassVar[int] = 50

    ssid: Ssid
    secret: SecretName | None
    dhcp: bool = True

    def command(self) -> str:
        return _own_station("associate", self.ssid, self.secret, self.more())

    def more(self) -> str:
        """The options of the witness beside the network's."""
        return " --dhcp" if self.dhcp else ""

    def parse(self, raw: Raw) -> StationValue:
        given = _pairs(raw)
        return StationValue(
            associated=given["associated"] == "yes",
            why=given.get("why", "")[:80],
            suite=given.get("key_mgmt", "")[:40],
            lease=given["lease"] == "yes" if "lease" in given else None,
            address=given.get("ip", "")[:40],
            router=tuple(given.get("router", "").split()[:4]),
        )


class IsolationValue(Value):
    """reach: whether one station reached the other. stations: ``associated``, or why not, in the witness's words."""

    reach: Literal["yes", "no", "unknown"]
    stations: tuple[str, ...] = Field(max_length=2)


class Isolation(Probe[IsolationValue]):
    """Two stations on the network, and whether one can reach the other."""

    name: ClassVar[str] = "wifi-isolation"
    about: ClassVar[Text] = Text("isolation entre deux stations", "isolation between two stations")
    vantage: ClassVar[Vantage] = "radio"
    value: ClassVar[type[Value]] = IsolationValue
    timeout_s: ClassVar[int] = 50

    ssid: Ssid
    secret: SecretName | None

    def command(self) -> str:
        return _own_station("isolation", self.ssid, self.secret)

    def parse(self, raw: Raw) -> IsolationValue:
        given = _pairs(raw)
        return IsolationValue.model_validate(
            {"reach": given["reach"], "stations": (given["station1"][:80], given["station2"][:80])}
        )
