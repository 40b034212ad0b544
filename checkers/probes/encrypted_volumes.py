"""Volumes of Windows, as BitLocker encrypts them. No key leaves the machine."""

from __future__ import annotations

from typing import ClassVar, Literal

from checkers.probe import Foreign, Value
from labs.text import Text


class EncryptedVolume(Value):
    """One volume. protection: ``on`` when all of it is encrypted and its key is protected; ``locked`` when nobody has
    opened it, so that the rest cannot be told. percent: how much is encrypted. method: ``xts-aes256``… protectors: what
    opens it (``tpm``, ``recovery-password``, ``passphrase``…)."""

    drive: str
    system: bool
    protection: Literal["on", "off", "locked"]
    percent: int | None
    method: str | None
    protectors: tuple[str, ...]

    def not_seen(self) -> frozenset[str]:
        return frozenset(name for name in ("percent", "method") if getattr(self, name) is None)


class EncryptedVolumesValue(Value):
    """present: BitLocker is part of this Windows."""

    present: bool
    volumes: tuple[EncryptedVolume, ...]


class EncryptedVolumes(Foreign[EncryptedVolumesValue]):
    """What BitLocker does with each volume."""

    name: ClassVar[str] = "encrypted-volumes"
    about: ClassVar[Text] = Text("volumes chiffrés par BitLocker", "volumes encrypted by BitLocker")
    value: ClassVar[type[Value]] = EncryptedVolumesValue
    timeout_s: ClassVar[int] = 30
