"""Three pings through one interface (RFC 792). Prints ``sent=`` and ``received=``.

echo.py INTERFACE TARGET
"""

from __future__ import annotations

import os
import socket
import struct
import sys
import time

TRIES = 5
"""At most: a tunnel's first packet waits for the handshake, which may have to be repeated."""
WANTED = 3
WAIT_S = 1.5


def checksum(data: bytes) -> int:
    """Internet checksum (RFC 1071)."""
    total: int = sum(struct.unpack(f"!{len(data) // 2}H", data))
    while total >> 16:
        total = (total & 0xFFFF) + (total >> 16)
    return ~total & 0xFFFF


def request(identifier: int, number: int) -> bytes:
    """An echo request."""
    head = struct.pack("!BBHHH", 8, 0, 0, identifier, number)
    body = b"epreuve-"
    return head[:2] + struct.pack("!H", checksum(head + body)) + head[4:] + body


def main() -> None:
    """Ping until enough answers came or the tries are over."""
    interface, target = sys.argv[1:3]
    identifier = os.getpid() & 0xFFFF
    sent = received = 0
    with socket.socket(socket.AF_INET, socket.SOCK_RAW, socket.IPPROTO_ICMP) as sock:
        sock.setsockopt(socket.SOL_SOCKET, socket.SO_BINDTODEVICE, interface.encode() + b"\0")
        while sent < TRIES and received < WANTED:
            sent += 1
            try:
                sock.sendto(request(identifier, sent), (target, 0))
            except OSError as error:
                print(f"error={error.errno}")
                time.sleep(0.5)
                continue
            received += answered(sock, target, identifier, sent)
    print(f"sent={sent}\nreceived={received}")


def answered(sock: socket.socket, target: str, identifier: int, number: int) -> bool:
    """Whether the answer to this request comes in time."""
    until = time.monotonic() + WAIT_S
    while (left := until - time.monotonic()) > 0:
        sock.settimeout(left)
        try:
            data, (sender, _) = sock.recvfrom(2048)
        except TimeoutError:
            return False
        offset = (data[0] & 15) * 4
        reply = data[offset : offset + 1] + data[offset + 4 : offset + 8]
        if sender == target and reply == b"\0" + struct.pack("!HH", identifier, number):
            return True
    return False


if __name__ == "__main__":
    main()
