"""A question to an OpenWrt device as calls of its ``ubus``, and the reading of what they bring.

An ordinary account of the device's page may call what LuCI's access lists name, and nothing else: no file of
``/etc/config`` is read, no program run. What is saved comes from ``uci get``, which knows nothing of what another
session has changed and not applied.
"""

from __future__ import annotations

import json
from abc import abstractmethod
from collections.abc import Sequence
from typing import Any

from checkers.channels.ubus import NO_PERMISSION, REFUSED, Call, Told
from checkers.dialect import Twin
from checkers.facts import Raw
from checkers.openwrt import uci
from checkers.parsers.loose_json import load
from checkers.probe import Unreadable, V
from labs.text import Text


class UbusTwin(Twin[V]):
    """Calls, and the value in what they bring."""

    @abstractmethod
    def calls(self, probe: Any) -> tuple[Call, ...]:
        """What is called, in order. It changes nothing. ``${NAME}`` stands for a secret, or for a word of nobody's."""

    @abstractmethod
    def value(self, probe: Any, told: Sequence[Told]) -> V:
        """The value in what was brought. Pure. Raises Unreadable, or what reading other shapes raises."""

    def command(self, probe: Any) -> str:
        return "\n".join(_line(call) for call in self.calls(probe))

    def parse(self, probe: Any, raw: Raw) -> V:
        calls = self.calls(probe)
        told = [
            Told.model_validate(load(line)) for line in raw.stdout.split("\n")
        ]  # a name may hold other ends of line
        for call, one in zip(calls, told, strict=True):
            if one.status != 0 and not call.is_login:
                raise Unreadable(unread(call, one.status))
        return self.value(probe, told)


def _line(call: Call) -> str:
    return f"ubus call {call.object} {call.method} '{json.dumps(call.args, ensure_ascii=False)}'"


def unread(call: Call, status: int) -> Text:
    """Why nothing was read of what a call brought with this status."""
    name = f"{call.object} {call.method}"
    if status in (NO_PERMISSION, REFUSED):
        return Text(
            f"le compte de l'appareil n'a pas le droit d'y lire « {name} »",
            f"the device's account may not read “{name}” there",
        )
    return Text(f"l'appareil ne dit rien de « {name} » ({status})", f"the device says nothing of “{name}” ({status})")


def sections(values: dict[str, Any]) -> list[uci.Section]:
    """The sections in the ``values`` of a ``uci get``, in order; a name that uci made up is none."""
    given = sorted(values.values(), key=lambda one: int(one[".index"]))
    if len(given) > uci.MAX_SECTIONS:
        raise ValueError("too many sections")
    return [
        uci.Section(
            str(one[".type"]),
            "" if one[".anonymous"] else str(one[".name"]),
            {key: _text(value) for key, value in one.items() if not key.startswith(".")},
        )
        for one in given
    ]


def _text(value: Any) -> str:
    return " ".join(str(one) for one in value) if isinstance(value, list) else str(value)


def get(config: str, **more: Any) -> Call:
    """What is saved in a file of ``/etc/config``."""
    return Call(object="uci", method="get", args={"config": config, **more})
