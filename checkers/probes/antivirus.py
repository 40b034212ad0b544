"""Microsoft Defender: whether it watches, and what it was told to leave out."""

from __future__ import annotations

from typing import ClassVar

from checkers.probe import Foreign, Value
from labs.text import Text


class AntivirusValue(Value):
    """present: it is part of this Windows. running: its service runs; without it nothing else is known, and all is off.

    mode: its own word (``Normal``, ``Passive Mode``…). Ages are in days, None for never. scan_day: 0 every day, 1 to 7
    from Sunday on, 8 never. The rest: what is not looked at.
    """

    present: bool
    running: bool
    mode: str = ""
    real_time: bool = False
    behaviour: bool = False
    tamper_protection: bool = False
    definitions_days: int | None = None
    quick_scan_days: int | None = None
    full_scan_days: int | None = None
    scan_day: int = 8
    paths_left_out: tuple[str, ...] = ()
    extensions_left_out: tuple[str, ...] = ()
    processes_left_out: tuple[str, ...] = ()


class Antivirus(Foreign[AntivirusValue]):
    """The state of Microsoft Defender."""

    name: ClassVar[str] = "antivirus"
    about: ClassVar[Text] = Text("antivirus de Windows (Defender)", "antivirus of Windows (Defender)")
    value: ClassVar[type[Value]] = AntivirusValue
    timeout_s: ClassVar[int] = 40
