"""Ask the wire for a DHCP lease, as a new device would, and give it back.

    lease.py INTERFACE MAC [--for MAC]

DISCOVER, then every OFFER that comes, REQUEST of the first, ACK, RELEASE (RFC 2131). Frames are written and read raw,
so the interface keeps its own addresses and any hardware address may ask. With ``--for`` the lease is asked on behalf
of another device (its address in ``chaddr``) and only offered, never taken: the real device must not lose it.

Prints ``{"offers": [...], "ack": {...} | null, "nak": bool}``; exits 0 when it could ask, whatever came back.
"""

from __future__ import annotations

import argparse
import json
import os
import socket
import struct
import time
from typing import Any

DISCOVER, OFFER, REQUEST, ACK, NAK, RELEASE = 1, 2, 3, 5, 6, 7
COOKIE = b"\x63\x82\x53\x63"
TRIES_S = (0.0, 1.0, 2.2, 4.0)
"""When a DISCOVER leaves, seconds from the start."""
GIVE_UP_S = 6.5
AFTER_FIRST_S = 1.2
"""How long other servers may still answer after the first offer."""
ACK_S = 3.0
UNSPECIFIED = "0.0.0.0"  # noqa: S104 - "no address yet", nothing is bound to it


def checksum(data: bytes) -> int:
    """Internet checksum (RFC 1071)."""
    data += b"\0" * (len(data) % 2)
    total: int = sum(struct.unpack(f"!{len(data) // 2}H", data))
    while total >> 16:
        total = (total & 0xFFFF) + (total >> 16)
    return ~total & 0xFFFF


def frame(mac: bytes, to_mac: bytes, source: str, target: str, payload: bytes) -> bytes:
    """An Ethernet frame with a UDP datagram from port 68 to port 67 (the UDP checksum is optional in IPv4)."""
    udp = struct.pack("!HHHH", 68, 67, 8 + len(payload), 0) + payload
    head = struct.pack(
        "!BBHHHBBH4s4s", 0x45, 0, 20 + len(udp), 0, 0, 64, 17, 0, socket.inet_aton(source), socket.inet_aton(target)
    )
    head = head[:10] + struct.pack("!H", checksum(head)) + head[12:]
    return to_mac + mac + b"\x08\x00" + head + udp


def message(kind: int, xid: int, chaddr: bytes, options: dict[int, bytes], ciaddr: str = UNSPECIFIED) -> bytes:
    """A BOOTP message; answers are asked for by broadcast, for nobody has the address yet."""
    flags = 0 if kind == RELEASE else 0x8000
    head = struct.pack("!BBBBIHH4s12x16s192x", 1, 1, 6, 0, xid, 0, flags, socket.inet_aton(ciaddr), chaddr)
    body = b"".join(bytes((code, len(value))) + value for code, value in ({53: bytes([kind])} | options).items())
    return (head + COOKIE + body + b"\xff").ljust(300, b"\0")


def read(data: bytes, xid: int, chaddr: bytes) -> dict[str, Any] | None:
    """The DHCP answer to our transaction in a received frame, or None."""
    if len(data) < 14 + 20 + 8 + 240 or data[12:14] != b"\x08\x00" or data[23] != 17:
        return None
    start = 14 + (data[14] & 15) * 4
    if data[start : start + 4] != struct.pack("!HH", 67, 68):
        return None
    bootp = data[start + 8 :]
    if len(bootp) < 240 or bootp[0] != 2 or bootp[4:8] != struct.pack("!I", xid) or bootp[28:34] != chaddr:
        return None
    if bootp[236:240] != COOKIE:
        return None
    options: dict[int, bytes] = {}
    at = 240
    while at + 1 < len(bootp) and bootp[at] != 255:
        if bootp[at] == 0:
            at += 1
            continue
        size = bootp[at + 1]
        options[bootp[at]] = options.get(bootp[at], b"") + bootp[at + 2 : at + 2 + size]
        at += 2 + size
    return {"options": options, "address": socket.inet_ntoa(bootp[16:20]), "from": data[6:12], "ip": data[26:30]}


def quads(value: bytes) -> list[str]:
    """A list of addresses."""
    return [socket.inet_ntoa(value[i : i + 4]) for i in range(0, len(value) - 3, 4)]


def told(answer: dict[str, Any]) -> dict[str, Any]:
    """What an answer says, for people and parsers."""
    options: dict[int, bytes] = answer["options"]
    lease = options.get(51, b"")
    return {
        "address": answer["address"],
        "server": (quads(options.get(54, b"")) or [socket.inet_ntoa(answer["ip"])])[0],
        "server_mac": answer["from"].hex(":"),
        "mask": next(iter(quads(options.get(1, b""))), None),
        "routers": quads(options.get(3, b"")),
        "dns": quads(options.get(6, b"")),
        "domain": options[15].rstrip(b"\0").decode("ascii", "replace") if 15 in options else None,
        "lease_seconds": int.from_bytes(lease, "big") if len(lease) == 4 else None,
    }


class Client:
    """A device asking for a lease."""

    def __init__(self, interface: str, mac: bytes, chaddr: bytes) -> None:
        self.mac, self.chaddr = mac, chaddr
        self.xid = int.from_bytes(os.urandom(4), "big")
        self.socket = socket.socket(socket.AF_PACKET, socket.SOCK_RAW, socket.htons(0x0800))
        self.socket.bind((interface, 0))
        index = socket.if_nametoindex(interface)
        # PACKET_ADD_MEMBERSHIP with PACKET_MR_PROMISC: some servers answer to the asking address all the same.
        self.socket.setsockopt(263, 1, struct.pack("iHH8s", index, 1, 0, b""))

    def send(
        self, payload: bytes, to_mac: bytes = b"\xff" * 6, source: str = UNSPECIFIED, target: str = "255.255.255.255"
    ) -> None:
        """Put one message on the wire."""
        self.socket.send(frame(self.mac, to_mac, source, target, payload))

    def receive(self, until: float) -> dict[str, Any] | None:
        """The next answer to this transaction, or None when the time is over."""
        while (left := until - time.monotonic()) > 0:
            self.socket.settimeout(left)
            try:
                answer = read(self.socket.recv(4096), self.xid, self.chaddr)
            except TimeoutError:
                return None
            if answer is not None:
                return answer
        return None

    def discover(self) -> list[dict[str, Any]]:
        """Every offer, first come first."""
        start = time.monotonic()
        offers: list[dict[str, Any]] = []
        end = start + GIVE_UP_S
        times = [start + after for after in TRIES_S]
        while time.monotonic() < end:
            if times and not offers and time.monotonic() >= times[0]:
                times.pop(0)
                self.send(message(DISCOVER, self.xid, self.chaddr, {55: bytes((1, 3, 6, 15, 51, 54, 58, 59))}))
            until = end if offers or not times else min(end, times[0])
            answer = self.receive(until)
            if answer is not None and answer["options"].get(53) == bytes([OFFER]):
                if not offers:
                    end = time.monotonic() + AFTER_FIRST_S
                if all(answer["options"].get(54) != other["options"].get(54) for other in offers):
                    offers.append(answer)
        return offers

    def request(self, offer: dict[str, Any]) -> tuple[dict[str, Any] | None, bool]:
        """Take an offer: the ACK, or whether it was refused."""
        wanted = {50: socket.inet_aton(offer["address"]), 55: bytes((1, 3, 6, 15, 51, 54, 58, 59))}
        if 54 in offer["options"]:
            wanted[54] = offer["options"][54]
        for _ in range(2):
            self.send(message(REQUEST, self.xid, self.chaddr, wanted))
            until = time.monotonic() + ACK_S
            while (answer := self.receive(until)) is not None:
                kind = answer["options"].get(53)
                if kind in (bytes([ACK]), bytes([NAK])):
                    return (answer, False) if kind == bytes([ACK]) else (None, True)
        return None, False

    def release(self, ack: dict[str, Any]) -> None:
        """Give the lease back."""
        server = ack["options"].get(54, ack["ip"])
        self.send(
            message(RELEASE, self.xid, self.chaddr, {54: server}, ciaddr=ack["address"]),
            ack["from"],
            ack["address"],
            socket.inet_ntoa(server[:4]),
        )


def main() -> None:
    """Ask, and print what came."""
    parser = argparse.ArgumentParser()
    parser.add_argument("interface")
    parser.add_argument("mac", type=lambda text: bytes.fromhex(text.replace(":", "")))
    parser.add_argument("--for", dest="device", type=lambda text: bytes.fromhex(text.replace(":", "")))
    given = parser.parse_args()
    client = Client(given.interface, given.mac, given.device or given.mac)
    offers = client.discover()
    ack, nak = None, False
    if offers and given.device is None:
        ack, nak = client.request(offers[0])
        if ack is not None:
            client.release(ack)
    print(json.dumps({"offers": [told(o) for o in offers], "ack": told(ack) if ack else None, "nak": nak}))


if __name__ == "__main__":
    main()
