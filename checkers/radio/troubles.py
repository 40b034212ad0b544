"""Why the adapter could not be used, in its script's words (``orchestrator/radio/adapter.sh``) and in ours."""

from __future__ import annotations

import re

from labs.text import Text

EXIT = 42
"""Exit code of the adapter's script when it says why it cannot be used."""

_UNKNOWN = Text("l'adaptateur Wi-Fi n'a pas pu servir ({detail})", "the wireless adapter could not be used ({detail})")
_WHY = {
    "none": Text(
        "aucun adaptateur Wi-Fi pour écouter cet appareil (réglage « radio » : voir « epreuve doctor »)",
        "no wireless adapter to hear this device (setting “radio”: see “epreuve doctor”)",
    ),
    "unnamed": Text(
        "on ne sait pas quelles radios sont celles de cet appareil (session device radios)",
        "it is not known which radios are this device's (session device radios)",
    ),
    "absent": Text("l'adaptateur Wi-Fi {detail} n'est pas branché", "the wireless adapter {detail} is not plugged in"),
    "busy": Text(
        "l'adaptateur Wi-Fi a servi à d'autres tout ce temps ({detail} s)",
        "the wireless adapter was in use for others all this time ({detail} s)",
    ),
    "listening": Text(
        "l'adaptateur Wi-Fi {detail} sert en ce moment à un relevé",
        "the wireless adapter {detail} is in use for an observation now",
    ),
    "blocked-soft": Text(
        "l'adaptateur Wi-Fi {detail} est bloqué : rfkill unblock wifi",
        "the wireless adapter {detail} is blocked: rfkill unblock wifi",
    ),
    "blocked-hard": Text(
        "l'adaptateur Wi-Fi {detail} est bloqué par un interrupteur de la machine",
        "the wireless adapter {detail} is blocked by a switch of the machine",
    ),
    "managed": Text(
        "NetworkManager tient l'adaptateur Wi-Fi {detail} : nmcli device set {detail} managed no",
        "NetworkManager holds the wireless adapter {detail}: nmcli device set {detail} managed no",
    ),
    "used": Text(
        "l'interface {detail} de l'adaptateur Wi-Fi sert déjà sur cette machine : ip link set {detail} down",
        "interface {detail} of the wireless adapter is in use on this machine: ip link set {detail} down",
    ),
    "no-station": Text(
        "l'adaptateur Wi-Fi {detail} ne sait pas être une station",
        "the wireless adapter {detail} cannot be a station",
    ),
    "no-namespace": Text(
        "le pilote de l'adaptateur Wi-Fi {detail} ne permet pas de l'isoler",
        "the driver of the wireless adapter {detail} does not let it be set apart",
    ),
    "refused": Text(
        "l'adaptateur Wi-Fi {detail} n'a pas pu être isolé", "the wireless adapter {detail} could not be set apart"
    ),
    "missing": Text(
        "le programme {detail} manque pour le témoin radio : apt install iw wpasupplicant iputils-arping",
        "program {detail} is missing for the radio witness: apt install iw wpasupplicant iputils-arping",
    ),
}


def told(output: str) -> Text:
    """The trouble in what the script said (``trouble=WHY DETAIL``), for people."""
    found = re.match(r"trouble=([a-z-]{1,20})(?: ([A-Za-z0-9._:/-]{1,60}))?\s*$", output)
    why, detail = (found[1], found[2] or "") if found else ("", "")
    return _WHY.get(why, _UNKNOWN).format(detail=detail or why or "—")
