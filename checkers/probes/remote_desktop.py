"""Remote desktop of Windows, as the machine has it set; whether one comes in from outside is what ``ports`` tells."""

from __future__ import annotations

from typing import ClassVar

from checkers.probe import Foreign, Value
from labs.text import Text


class RemoteDesktopValue(Value):
    """enabled, nla: in force, a policy before the setting. policy: a policy says whether it is on. listening: something
    waits on the port now; None where that was not seen. service: the service can run."""

    enabled: bool
    nla: bool
    policy: bool
    port: int
    listening: bool | None
    service: bool

    def not_seen(self) -> frozenset[str]:
        return frozenset({"listening"} if self.listening is None else ())


class RemoteDesktop(Foreign[RemoteDesktopValue]):
    """Whether remote desktop is on, and wants its users to authenticate first."""

    name: ClassVar[str] = "remote-desktop"
    about: ClassVar[Text] = Text("bureau à distance de Windows", "remote desktop of Windows")
    value: ClassVar[type[Value]] = RemoteDesktopValue
