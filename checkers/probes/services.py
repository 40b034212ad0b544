"""Units of systemd: whether one runs now and starts with the machine (systemctl(1), org.freedesktop.systemd1(5))."""

from __future__ import annotations

import shlex
from typing import ClassVar

from checkers.facts import Raw
from checkers.parsers import sections
from checkers.parsers.clean import clip
from checkers.probe import Probe, Unreadable, Value
from labs.text import Text

_PROPERTIES = "Id,LoadState,ActiveState,SubState,UnitFileState,Result,WantedBy,RequiredBy,TriggeredBy"


class Trigger(Value):
    """A socket, timer or path unit that starts the service when needed; an event that does on Windows, of which may be
    ``unknown`` whether it comes (active), and comes at each start (file_state)."""

    id: str
    active: str
    file_state: str

    def not_seen(self) -> frozenset[str]:
        return frozenset(name for name in ("active", "file_state") if getattr(self, name) == "unknown")


class UnitStateValue(Value):
    """State words are systemd's own, or ``unknown``. wanted: something pulls the unit in when the machine starts."""

    id: str
    load: str
    active: str
    sub: str
    file_state: str
    result: str
    wanted: bool
    triggers: tuple[Trigger, ...]

    def not_seen(self) -> frozenset[str]:
        return frozenset({"active", "sub", "result"} if self.active == "unknown" else ())


class UnitState(Probe[UnitStateValue]):
    """The state of one unit and of the units that trigger it."""

    name: ClassVar[str] = "unit-state"
    about: ClassVar[Text] = Text("état d'un service", "state of a service")
    value: ClassVar[type[Value]] = UnitStateValue

    unit: str

    def command(self) -> str:
        unit = shlex.quote(self.unit)
        return (
            f"u=$(systemctl show -p {_PROPERTIES} -- {unit}) || exit; printf '%s\\n' \"$u\"; "
            "t=$(printf '%s\\n' \"$u\" | sed -n 's/^TriggeredBy=//p'); "
            '[ -z "$t" ] || { echo; systemctl show -p Id,ActiveState,UnitFileState -- $t; }'
        )

    def parse(self, raw: Raw) -> UnitStateValue:
        blocks = sections.blocks(raw.stdout)
        if not blocks or not sections.one(blocks[0], "LoadState"):
            raise Unreadable(Text("systemd n'a pas répondu", "systemd did not answer"))
        unit = blocks[0]

        def word(block: dict[str, list[str]], name: str) -> str:
            return clip(sections.one(block, name))

        return UnitStateValue(
            id=word(unit, "Id"),
            load=word(unit, "LoadState"),
            active=word(unit, "ActiveState"),
            sub=word(unit, "SubState"),
            file_state=word(unit, "UnitFileState"),
            result=word(unit, "Result"),
            wanted=bool(word(unit, "WantedBy") or word(unit, "RequiredBy")),
            triggers=tuple(
                Trigger(id=word(b, "Id"), active=word(b, "ActiveState"), file_state=word(b, "UnitFileState"))
                for b in blocks[1:20]
            ),
        )
