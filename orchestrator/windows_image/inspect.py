"""What an installed Windows says of itself (``inspect.ps1``), and why it may not be sealed."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from typing import Annotated, Any

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, ValidationError

from labs.text import Text
from vagrant.errors import ImageError
from vagrant.evaluation import Evaluation, Licence, evaluation_of
from vagrant.windows.editions import Edition

SERVICES = ("QEMU-GA", "WinRM", "W32Time")
_VIRTIO = "VEN_1AF4"
"""Red Hat's number: devices that our machines have. Windows has no driver for some others, and needs none."""


def _moment(value: Any) -> float | None:
    """``2026-11-26T10:00:00Z`` as seconds since 1970."""
    if not value:
        return None
    return datetime.strptime(str(value), "%Y-%m-%dT%H:%M:%SZ").replace(tzinfo=UTC).timestamp()


class _Licence(Licence):
    end: Annotated[float | None, BeforeValidator(_moment)] = None


class Certificate(BaseModel):
    """That of WinRM. sha256: of the certificate itself, in hexadecimal: what a client pins."""

    model_config = ConfigDict(frozen=True)

    thumbprint: str = Field(pattern=r"^[0-9A-F]{40}$")
    sha256: str = Field(pattern=r"^[0-9a-f]{64}$")
    port: int = Field(ge=1, le=65535)
    host: str = Field(pattern=r"^[A-Za-z0-9-]{1,63}$")


class Inspected(BaseModel):
    """An installed Windows. build, revision: 20348 and 2700 of 10.0.20348.2700."""

    model_config = ConfigDict(frozen=True)

    edition: str
    build: int
    revision: int
    language: str
    now: Annotated[float, BeforeValidator(_moment)]
    licences: tuple[_Licence, ...]
    broken_devices: tuple[str, ...]
    running: tuple[str, ...]
    updates_off: int
    winrm: Certificate

    @property
    def version(self) -> str:
        return f"10.0.{self.build}.{self.revision}"


def read_inspected(output: bytes) -> Inspected:
    """What the script said. Raises ImageError when it cannot be read."""
    try:
        said = json.loads(output.decode("utf-8", "replace").strip().splitlines()[-1])
        return Inspected.model_validate({**said, "winrm": json.loads(said["winrm"])})
    except (IndexError, ValueError, TypeError, KeyError, ValidationError) as error:
        raise ImageError(
            Text("Windows ne dit pas ce qu'il est.", "Windows does not say what it is."),
            where=str(error)[:300],
            do=Text("Recommencez ; voyez docs/windows.md, « Doubts ».", "Try again; see docs/windows.md, “Doubts”."),
        ) from error


def faults(found: Inspected, wanted: Edition) -> list[Text]:
    """Why this Windows may not be sealed."""
    reasons: list[Text] = []
    first, last = wanted.builds
    if not first <= found.build <= last or found.edition not in wanted.editions:
        reasons.append(
            Text(f"c'est {found.edition} {found.version}", f"it is {found.edition} {found.version}"),
        )
    reasons += [
        Text(f"le service {name} ne tourne pas", f"the service {name} does not run")
        for name in SERVICES
        if name not in found.running
    ]
    reasons += [
        Text(f"le périphérique {device[:80]} n'a pas de pilote", f"the device {device[:80]} has no driver")
        for device in found.broken_devices
        if _VIRTIO in device.upper()
    ]
    if found.updates_off != 1:
        reasons.append(Text("les mises à jour ne sont pas arrêtées", "updates are not stopped"))
    return reasons


def evaluation(found: Inspected) -> Evaluation | None:
    """Until when it serves, by its own clock set right. Raises ImageError when an evaluation does not say."""
    try:
        return evaluation_of(found.edition, found.licences, found.now)
    except ValueError as error:
        raise ImageError(
            Text(
                "Windows ne dit pas quand son évaluation se termine.", "Windows does not say when its evaluation ends."
            ),
            where=found.edition,
            do=Text("Elle est peut-être déjà terminée : prenez un ISO récent.", "It may be over: take a recent ISO."),
        ) from error
