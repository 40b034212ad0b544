"""The adapter in ``epreuve doctor``: there, what it is and can hear, and what keeps it from being used."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from labs.text import Text
from orchestrator.findings import Finding
from orchestrator.radio.adapter import Adapter, look

_HOW = Text(
    "Pour entendre les bornes réelles : EPREUVE_RADIO=wlan1, ou « radio » dans les réglages (docs/devices.md).",
    "To hear real access points: EPREUVE_RADIO=wlan1, or “radio” in the settings (docs/devices.md).",
)


def radio_findings(setting: str | None, *, look: Callable[[str], Adapter | Text] = look) -> Iterator[Finding]:
    """What there is to say of the adapter that the setting names; without one, only how to name it."""
    if setting is None:
        yield Finding("radio", "ok", Text("aucun adaptateur Wi-Fi nommé", "no wireless adapter is named"), _HOW)
        return
    found = look(setting)
    if isinstance(found, Text):
        yield Finding("radio", "warning", found, _HOW)
        return
    bands = ", ".join(found.bands) or "—"
    what = Text(
        f"{found.device} ({found.driver}), {bands} GHz, pays {found.country or 'inconnu'}",
        f"{found.device} ({found.driver}), {bands} GHz, country {found.country or 'unknown'}",
    )
    if found.trouble is not None:
        joined = Text(f"{what.fr} ; {found.trouble.fr}", f"{what.en}; {found.trouble.en}")
        yield Finding("radio", "warning", joined, Text("Voir docs/devices.md.", "See docs/devices.md."))
        return
    limits = list(_limits(found))
    do = Text(" ".join(one.fr for one in limits), " ".join(one.en for one in limits)) if limits else None
    yield Finding("radio", "warning" if limits else "ok", what, do)


def _limits(adapter: Adapter) -> Iterator[Text]:
    """What it cannot do."""
    if "5" not in adapter.bands:
        yield Text("Il n'entend rien à 5 GHz.", "It hears nothing at 5 GHz.")
    if adapter.stations < 2:
        yield Text(
            "Il ne sait pas être deux stations : « wifi-isolation » reste non concluant.",
            "It cannot be two stations: “wifi-isolation” stays inconclusive.",
        )
    if not adapter.country:
        yield Text(
            "Donnez le pays, sinon des canaux restent muets : iw reg set FR.",
            "Give the country, or channels stay mute: iw reg set FR.",
        )
