"""``--device NAME=ADDRESS``: where the real devices of a lab are, for a bench that is no exam's."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any, TypeVar

from labs.model import Lab
from labs.text import Text, tr
from orchestrator.cli.common import pair_option
from orchestrator.cli.voice import Voice
from orchestrator.devices.known import know_devices
from orchestrator.devices.net import DeviceNet
from orchestrator.devices.reach import Devices
from orchestrator.exam.devices import fingerprint
from orchestrator.exam.model import DeviceAt

F = TypeVar("F", bound=Callable[..., Any])


def device_option(function: F) -> F:
    """``--device NAME=ADDRESS[,FINGERPRINT]``; ``devices`` is then a mapping of texts."""
    return pair_option(
        "--device",
        "devices",
        metavar=tr("NOM=ADRESSE", "NAME=ADDRESS"),
        needs=Text("--device demande un nom et une adresse.", "--device needs a name and an address."),
        example=Text("Par exemple --device ap=192.168.1.11.", "For example --device ap=192.168.1.11."),
        help_=tr(
            "où est cet appareil réel du sujet ; se répète. Sa clé se compare, ou se donne : ap=192.0.2.11,SHA256:…",
            "where this real device is; repeatable. Its key is to be compared, or given: ap=192.0.2.11,SHA256:…",
        ),
    )(function)


def told_devices(session: Path, lab: Lab, given: Mapping[str, str], net: DeviceNet) -> Devices:
    """The devices of a session with those given; each new key is shown to be compared. Raises EpreuveError."""

    def confirm(name: str, found: DeviceAt) -> None:
        shown = fingerprint(found.host_key)
        question = tr(
            f"{name}, {found.address} montre {shown}. Est-ce bien cet appareil ?",
            f"{name}, {found.address} shows {shown}. Is it this device?",
        )
        Voice(simulated=False).confirm(question, yes=False)

    return know_devices(session, lab, given, net, confirm)
