"""How the adapter's witness is asked: the same questions as the radio of a virtual access point, by the same script.

Its script is ``$WITNESS``; what the adapter is and which radios are the device's stands in the environment
(``orchestrator/radio/adapter.sh``).
"""

from __future__ import annotations

from typing import Any, ClassVar

from checkers.channel import ExecResult
from checkers.dialect import ShellDialect, Twin, by_probe
from checkers.facts import Raw
from checkers.probe import Probe, Unreadable, V
from checkers.probes.wifi import Air, Isolation, Station, listening, station
from checkers.radio.troubles import EXIT, told
from labs.text import Text

_WITNESS = 'sh "$WITNESS"'
_LIMIT_S = 80
"""What a station may take. A real one is slower: it listens on every channel, and offers a refused key again."""


class _Heard(Twin[V]):
    """What the adapter's witness says, or why it could not be asked."""

    timeout_s: ClassVar[int | None] = _LIMIT_S + 5

    def parse(self, probe: Any, raw: Raw) -> V:
        if raw.exit_code == EXIT:
            raise Unreadable(told(raw.stdout))
        value: V = probe.parse(raw)
        return value


class AirTwin(_Heard[Any]):
    """Listens until a network of the device's own radios was heard, three times at most."""

    probe: ClassVar[type[Probe[Any]]] = Air

    def command(self, probe: Air) -> str:
        return listening(_WITNESS, probe.ssid, until="*.own=yes*")


class StationTwin(_Heard[Any]):
    """Joins a network of the device's own radios only."""

    probe: ClassVar[type[Probe[Any]]] = Station

    def command(self, probe: Station) -> str:
        return station(_WITNESS, "associate", probe.ssid, probe.secret, f"{probe.more()} --limit {_LIMIT_S}")


class IsolationTwin(_Heard[Any]):
    """Two stations of one adapter."""

    probe: ClassVar[type[Probe[Any]]] = Isolation

    def command(self, probe: Isolation) -> str:
        return station(_WITNESS, "isolation", probe.ssid, probe.secret, f" --limit {_LIMIT_S}")


_TWINS = by_probe((AirTwin(), StationTwin(), IsolationTwin()))


class RadioDialect(ShellDialect):
    """The adapter's witness; it answers nothing but what is asked on the air."""

    name = "radio"
    title = Text("un témoin radio", "a radio witness")

    def twin(self, probe: Probe[Any]) -> Twin[Any] | None:
        return _TWINS.get(type(probe))

    def answers(self, result: ExecResult, count: int) -> dict[int, Raw]:
        if result.exit_code == EXIT:
            said = Raw(stdout=result.stdout[:200].decode("ascii", "replace"), exit_code=EXIT)
            return dict.fromkeys(range(count), said)
        return super().answers(result, count)


RADIO = RadioDialect()
