"""By which hardware addresses an OpenWrt device is known on the air, as its page tells them: those of the networks that
it sends. A radio that sends nothing tells none."""

from __future__ import annotations

import re
from typing import Any

from pydantic import BaseModel, Field, TypeAdapter

from checkers.channel import Agent, ChannelError
from checkers.channels.ubus import ANSWERS, ARGV, ASKED, Ask
from checkers.openwrt.http.twin import unread
from checkers.openwrt.http.twins import WIRELESS
from labs.text import Text


class _Info(BaseModel):
    """What iwinfo tells of an interface."""

    mode: str = ""
    bssid: str = ""


class _Interface(BaseModel):
    iwinfo: _Info = _Info()


class _Radio(BaseModel):
    interfaces: list[_Interface] = Field(default=[], max_length=64)

    def addresses(self) -> list[str]:
        """Those of the access points on it: as a station it would tell somebody else's."""
        sent = [one.iwinfo.bssid.lower() for one in self.interfaces if one.iwinfo.mode == "Master"]
        return [one for one in sent if _ADDRESS.fullmatch(one)]


_RADIOS = TypeAdapter(dict[str, _Radio])
_ADDRESS = re.compile(r"(?:[0-9a-f]{2}:){5}[0-9a-f]{2}")
_UNREADABLE = Text("l'appareil ne dit pas quelles radios il a", "the device does not tell which radios it has")
_MUTE = Text(
    "une de ses radios n'émet rien : par HTTPS un appareil ne dit que les adresses des réseaux qu'il émet",
    "one of its radios sends nothing: over HTTPS a device tells only the addresses of the networks that it sends",
)


def addresses_sent(agent: Agent, timeout_s: float) -> list[str]:
    """The addresses that all its radios send with, lower case. Raises ChannelError, also when one of them is mute: a
    list without it would take its networks for a neighbour's."""
    ask = Ask(limit_s=timeout_s, calls=(WIRELESS,))
    said = agent.run(ARGV, stdin=ASKED.dump_json([ask]), timeout_s=timeout_s).stdout
    try:
        ((told,),) = [one.told for one in ANSWERS.validate_json(said)]
        if told.status != 0:
            raise ChannelError(unread(WIRELESS, told.status))
        found = [radio.addresses() for radio in _radios(told.data)]
    except ValueError as error:  # of another form, or given up
        raise ChannelError(_UNREADABLE) from error
    if not all(found):
        raise ChannelError(_MUTE)
    return [address for each in found for address in each]


def _radios(data: dict[str, Any]) -> list[_Radio]:
    """Raises ValidationError."""
    return list(_RADIOS.validate_python(data).values())
