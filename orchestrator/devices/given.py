"""Where somebody says that a lab's devices are, each with the key that it should show: on the command line and in the
browser alike."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from labs.errors import UsageError
from labs.model import Lab
from labs.problems import one_of
from labs.text import Text
from orchestrator.devices.lists import address
from orchestrator.exam.devices import is_fingerprint


@dataclass(frozen=True)
class Given:
    """A device. key: the fingerprint that it should show; empty: to be compared by somebody."""

    address: str
    key: str


def read_given(lab: Lab, given: Mapping[str, str]) -> dict[str, Given]:
    """By machine, from ``192.168.1.11`` or ``192.168.1.11,SHA256:…``. Raises UsageError for what is no device, no
    address, no fingerprint, and for two at one address."""
    found = {name: _read(lab, name, what) for name, what in given.items()}
    whose: dict[str, str] = {}
    for name, one in found.items():
        if whose.setdefault(one.address, name) != name:
            raise UsageError(
                Text("Deux appareils ne peuvent pas avoir la même adresse.", "Two devices cannot have one address."),
                where=f"{whose[one.address]}, {name}: {one.address}",
            )
    return found


def _read(lab: Lab, name: str, what: str) -> Given:
    if name not in lab.devices:
        raise UsageError(
            Text("Le sujet n'a pas cet appareil réel.", "The lab has no such real device."),
            where=name[:40],
            do=one_of(lab.devices, name) if lab.devices else None,
        )
    where, _, key = (part.strip() for part in what.partition(","))
    if key and not is_fingerprint(key):
        raise UsageError(
            Text("Ce n'est pas l'empreinte d'une clé.", "This is no fingerprint of a key."),
            where=f"{name}: {key[:80]}",
            do=Text(
                "« SHA256:… » pour SSH ; les 64 chiffres du SHA-256 du certificat pour HTTPS.",
                "“SHA256:…” for SSH; the 64 digits of the certificate's SHA-256 for HTTPS.",
            ),
        )
    try:
        return Given(address(where), key)
    except UsageError as error:
        error.where = f"{name}: {error.where}"
        raise
