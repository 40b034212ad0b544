"""Take a radio of mac80211_hwsim away, as when an adapter is unplugged: ``unplug.py NUMBER``. Runs in a machine, in the
namespace that the radio is in.

Generic netlink by hand: HWSIM_CMD_DEL_RADIO with HWSIM_ATTR_RADIO_ID (drivers/net/wireless/virtual/mac80211_hwsim.h).
"""

from __future__ import annotations

import socket
import struct
import sys

GENL_ID_CTRL, CTRL_CMD_GETFAMILY, CTRL_ATTR_FAMILY_ID, CTRL_ATTR_FAMILY_NAME = 16, 3, 1, 2
HWSIM_CMD_DEL_RADIO, HWSIM_ATTR_RADIO_ID = 5, 10
HEADS = 16 + 4  # of netlink and of generic netlink


def attribute(kind: int, data: bytes) -> bytes:
    return struct.pack("HH", 4 + len(data), kind) + data + b"\0" * (-len(data) % 4)


def ask(family: int, command: int, attributes: bytes) -> bytes:
    body = struct.pack("BBH", command, 1, 0) + attributes
    with socket.socket(socket.AF_NETLINK, socket.SOCK_RAW, 16) as netlink:
        netlink.bind((0, 0))
        netlink.send(struct.pack("IHHII", 16 + len(body), family, 5, 1, 0) + body)
        return netlink.recv(65536)


def family() -> int:
    answer = ask(GENL_ID_CTRL, CTRL_CMD_GETFAMILY, attribute(CTRL_ATTR_FAMILY_NAME, b"MAC80211_HWSIM\0"))
    at = HEADS
    while True:
        length, kind = struct.unpack_from("HH", answer, at)
        if kind == CTRL_ATTR_FAMILY_ID:
            return int(struct.unpack_from("H", answer, at + 4)[0])
        at += (length + 3) & ~3


answered = ask(family(), HWSIM_CMD_DEL_RADIO, attribute(HWSIM_ATTR_RADIO_ID, struct.pack("I", int(sys.argv[1]))))
sys.exit(-struct.unpack_from("i", answered, 16)[0])
