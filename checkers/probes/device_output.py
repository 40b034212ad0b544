"""What a network device shows when it is asked at its prompt."""

from __future__ import annotations

from typing import Annotated, ClassVar

from pydantic import StringConstraints

from checkers.probe import Foreign, Value
from labs.text import Text

LIMIT = 64 * 1024
"""Characters of an answer; more are not looked at."""

Show = Annotated[str, StringConstraints(pattern=r"^show( [A-Za-z0-9./:_-]{1,60}){1,12}$", max_length=300)]
"""A command that only shows. What could send its answer elsewhere (``|``) is not among its words."""


class DeviceOutputValue(Value):
    """lines: all that the command shows, without spaces at their ends."""

    lines: tuple[str, ...]


class DeviceOutput(Foreign[DeviceOutputValue]):
    """What a ``show`` command of a switch or router answers."""

    name: ClassVar[str] = "device-output"
    about: ClassVar[Text] = Text("ce que montre un appareil réseau", "what a network device shows")
    value: ClassVar[type[Value]] = DeviceOutputValue
    timeout_s: ClassVar[int] = 20

    show: Show
