"""What a network that the witness does not hear may count for: what the device itself says of it decides."""

from __future__ import annotations

from checkers.check import Unseen, View
from checkers.checks._silence import need_awake
from checkers.checks._words import clause, listing, quoted
from checkers.parsers import wifi
from checkers.probes.access_point import AccessPoint, Network
from checkers.probes.wifi import AirValue
from checkers.verdict import Finding, failed
from labs.text import Text

TWICE = Text(
    "le témoin entend deux réseaux de ce nom à la même adresse : l'un n'est pas celui de cette borne",
    "the witness hears two networks of this name with the same address: one is not this access point's",
)


def not_heard(view: View, on: str, ssid: str, found: AirValue | None = None) -> Finding:
    """Failed, when the device itself does not send a network of this name. Else raises Unseen: its word is hardly a
    story, and wins nothing; a scan misses beacons on a busy host, and a real device may be too far away. found: what
    was heard instead, where that was asked."""
    need_awake(view, on)
    device = view.see(on, AccessPoint())
    sent = [one.running for one in device.wireless if one.running is not None]
    mine = next((one for one in sent if one.ssid == ssid.encode().hex()), None)
    names = listing(heard.name or "—" for heard in (found.heard if found else ()) if heard.own)
    words = {"wanted": quoted(ssid), "names": names}
    if mine is None and found is not None:
        return failed(
            clause(
                "le réseau {wanted} n'est pas émis (entendus : {names})",
                "network {wanted} is not on the air (heard: {names})",
                **words,
            )
        )
    if mine is None:
        return failed(clause("le réseau {wanted} n'est pas émis", "network {wanted} is not on the air", **words))
    if found is not None and found.listened and not _is_audible(mine, found):
        raise Unseen(
            clause(
                "la borne émet {wanted} sur le canal {channel}, que l'adaptateur du témoin n'entend pas",
                "the access point sends {wanted} on channel {channel}, which the witness's adapter cannot hear",
                channel=mine.channel,
                **words,
            )
        )
    raise Unseen(
        clause(
            "la borne émet {wanted}, que le témoin n'a pas entendu (entendus : {names})",
            "the access point sends {wanted}, which the witness did not hear (heard: {names})",
            **words,
        )
    )


def _is_audible(network: Network, found: AirValue) -> bool:
    return (network.band, network.channel) in {wifi.channel(one) for one in found.listened}
