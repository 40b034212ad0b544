"""The wireless adapter of the supervisor's machine as a witness: one candidate's device at a time, for one batch each.

``adapter.sh`` does what is done to the host: it waits for its turn, takes the adapter into a namespace of its own and
gives it back. What is asked on the air is asked by the script of the virtual access point's witness.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import vagrant
from checkers.channel import ChannelError, ExecResult
from checkers.observe import Channel
from checkers.parsers import wifi
from checkers.radio.dialect import RADIO
from checkers.radio.troubles import EXIT, told
from labs.text import Text
from orchestrator.hypervisor.process import bounded_run

SCRIPT = Path(__file__).with_name("adapter.sh")
WITNESS = Path(vagrant.__file__).parent / "images/ap/files/usr/lib/epreuve/radio-witness"

TURN_S = 900
"""How long a turn may be waited for: a minute for each of fifteen candidates."""
_SLACK_S = 20


class Radio:
    """Hears one device with the adapter (an :class:`checkers.channel.Agent`). radios: hardware addresses of the
    device's; empty: not known, and then nothing is asked."""

    def __init__(self, adapter: str | None, radios: Sequence[str], *, turn_s: int = TURN_S) -> None:
        self.adapter = adapter
        self.radios = radios
        self._turn_s = turn_s

    def ping(self, timeout_s: float = 5.0) -> bool:
        """Always: why it cannot be used stands in its answers."""
        return True

    def run(self, argv: Sequence[str], *, stdin: bytes = b"", timeout_s: float) -> ExecResult:
        """Run a shell script in a turn with the adapter. argv: ``/bin/sh`` alone. The wait for the turn is not counted.

        :raises ChannelError: the adapter's script cannot be started.
        """
        missing = "none" if self.adapter is None else "unnamed" if not self.radios else ""
        if self.adapter is None or missing:
            return ExecResult(EXIT, f"trouble={missing}".encode(), b"")
        turn = turn_of(self.adapter, self.radios, wait_s=self._turn_s, limit_s=int(timeout_s))
        try:
            return bounded_run(turn, stdin=stdin, timeout_s=self._turn_s + timeout_s + _SLACK_S)
        except OSError as error:
            raise ChannelError(
                Text("le témoin radio n'a pas pu être lancé", "the radio witness was not started")
            ) from error


def turn_of(
    adapter: str,
    radios: Sequence[str],
    *,
    wait_s: int,
    limit_s: int,
    script: Path = SCRIPT,
    witness: Path = WITNESS,
) -> list[str]:
    """The command of one turn with the adapter; what is to be run in it is read from standard input."""
    environment = [f"WITNESS={witness}", f"WITNESS_OWN={' '.join(radios)}"]
    return ["env", *environment, "sh", str(script), "turn", adapter, str(wait_s), str(limit_s)]


def radio_channel(adapter: str | None, radios: Sequence[str]) -> Channel:
    """The way to the air around a device."""
    return Channel("radio", Radio(adapter, radios), RADIO)


@dataclass(frozen=True)
class Adapter:
    """What an adapter is. frequencies: those it may listen on, in MHz. stations: how many it can be at once. country:
    its regulatory domain; empty when it is not known. trouble: why it cannot be used now."""

    device: str
    driver: str
    frequencies: tuple[int, ...]
    stations: int
    country: str
    trouble: Text | None = None

    @property
    def bands(self) -> list[str]:
        """Its bands in GHz: ``2.4``, ``5``, ``6``."""
        return list(dict.fromkeys(band for one in self.frequencies if (band := wifi.channel(one)[0])))


def look(adapter: str) -> Adapter | Text:
    """What the adapter is; why that cannot be said when it is not there. Takes back what a killed turn has left."""
    result = bounded_run(["sh", str(SCRIPT), "look", adapter], timeout_s=30)
    text = result.stdout.decode("utf-8", "replace")
    lines = text.splitlines()
    trouble = next((told(line) for line in lines if line.startswith("trouble=")), None)
    if trouble is None and result.exit_code != 0:
        trouble = told("")
    said = dict(line.split("=", 1) for line in lines if "=" in line)
    if "device" not in said:
        return trouble or told("")
    return _adapter(said, trouble)


def _adapter(said: Mapping[str, str], trouble: Text | None) -> Adapter:
    return Adapter(
        device=said["device"],
        driver=said.get("driver", ""),
        frequencies=tuple(int(one) for one in said.get("frequencies", "").split()),
        stations=int(said.get("stations") or 1),
        country=said.get("country", ""),
        trouble=trouble,
    )
