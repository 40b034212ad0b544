"""Find a machine on the wire by its hardware address and try its TCP ports.

    ports.py INTERFACE MAC PORT,PORT…

An ARP request (RFC 826) to every address of the witness's subnet tells where the machine is, wherever its address is
now; then all ports are tried at once, with a ping, and ARP is asked again: a machine that answers ARP before and after
was there all along, so what stayed silent in between was silent by its own doing.

Prints ``{"subnet", "addresses": [...], "alive_after", "ping", "ports": {"22": "open"}}``. A port is ``open``,
``refused`` (the machine says no), ``rejected`` (a firewall says no) or ``silent``.
"""

from __future__ import annotations

import array
import errno
import fcntl
import ipaddress
import json
import os
import selectors
import socket
import struct
import sys
import time

ROUNDS_S = (0.0, 0.6, 1.4)
"""When the ARP requests leave, seconds from the start; no more once the machine has answered."""
SWEEP_S = 2.2
AFTER_FIRST_S = 0.3
"""How long the machine's other addresses may still answer after the first: all were asked together."""
CONNECT_S = 3.3
"""The kernel repeats a SYN after 1 and 3 seconds."""
MAX_HOSTS = 1024
MAX_ADDRESSES = 4
SIOCGIFADDR, SIOCGIFNETMASK, SIOCGIFHWADDR = 0x8915, 0x891B, 0x8927
REFUSED = {errno.ECONNREFUSED, errno.ECONNRESET}
REJECTED = {errno.EHOSTUNREACH, errno.ENETUNREACH, errno.EACCES, errno.EPERM, errno.EPROTO, errno.ENOPROTOOPT}


def card(interface: str) -> tuple[bytes, ipaddress.IPv4Interface]:
    """The witness's hardware address and its address with the subnet."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as sock:

        def ask(request: int) -> bytes:
            return fcntl.ioctl(sock, request, struct.pack("256s", interface.encode()))

        address = socket.inet_ntoa(ask(SIOCGIFADDR)[20:24])
        mask = socket.inet_ntoa(ask(SIOCGIFNETMASK)[20:24])
        return ask(SIOCGIFHWADDR)[18:24], ipaddress.IPv4Interface(f"{address}/{mask}")


def sweep(interface: str, mac: bytes, targets: list[ipaddress.IPv4Address]) -> list[str]:
    """The addresses among the targets for which this hardware address answers ARP."""
    own_mac, own = card(interface)
    found: dict[str, None] = {}
    with socket.socket(socket.AF_PACKET, socket.SOCK_RAW, socket.htons(0x0806)) as sock:
        sock.bind((interface, 0))
        head = b"\xff" * 6 + own_mac + struct.pack("!HHHBBH", 0x0806, 1, 0x0800, 6, 4, 1) + own_mac + own.ip.packed
        start = time.monotonic()
        end = start + SWEEP_S
        rounds = [start + after for after in ROUNDS_S]
        while (now := time.monotonic()) < end:
            if rounds and now >= rounds[0]:
                rounds.pop(0)
                for number, target in enumerate(targets):
                    sock.send(head + b"\0" * 6 + target.packed)
                    if number % 64 == 63:
                        time.sleep(0.005)
            sock.settimeout(max(0.01, (rounds[0] if rounds else end) - time.monotonic()))
            try:
                data = sock.recv(2048)
            except TimeoutError:
                continue
            if len(data) >= 42 and data[20:22] == b"\x00\x02" and data[22:28] == mac:
                found[socket.inet_ntoa(data[28:32])] = None
                if len(found) == len(targets):
                    break
                if len(found) == 1:
                    rounds, end = [], time.monotonic() + AFTER_FIRST_S
    return [str(target) for target in targets if str(target) in found][:MAX_ADDRESSES]


def echo(number: int) -> bytes:
    """An ICMP echo request (RFC 792)."""
    body = struct.pack("!BBHHH", 8, 0, 0, os.getpid() & 0xFFFF, number) + b"epreuve-"
    total = sum(array.array("H", body))
    total = (total & 0xFFFF) + (total >> 16)
    total += total >> 16
    return body[:2] + struct.pack("H", ~total & 0xFFFF) + body[4:]


def attempt(addresses: list[str], ports: list[int]) -> tuple[bool, dict[int, str]]:
    """Whether any address answers a ping, and the best answer of each port over the addresses."""
    order = ("open", "refused", "rejected", "silent")
    states = dict.fromkeys(ports, "silent")
    waiting: dict[socket.socket, int] = {}
    pinged = False
    selector = selectors.DefaultSelector()
    icmp = socket.socket(socket.AF_INET, socket.SOCK_RAW, socket.IPPROTO_ICMP)
    icmp.setblocking(False)
    selector.register(icmp, selectors.EVENT_READ)
    for address in addresses:
        for port in ports:
            sock = socket.socket()
            sock.setblocking(False)
            sock.connect_ex((address, port))
            waiting[sock] = port
            selector.register(sock, selectors.EVENT_WRITE)
    start = time.monotonic()
    echoes = [start, start + 0.7, start + 1.6]
    while time.monotonic() < start + CONNECT_S and (waiting or not pinged):
        if echoes and time.monotonic() >= echoes[0]:
            echoes.pop(0)
            for address in addresses:
                try:
                    icmp.sendto(echo(len(echoes)), (address, 0))
                except OSError:
                    continue
        until = (echoes[0] if echoes else start + CONNECT_S) - time.monotonic()
        for key, _ in selector.select(max(0.0, min(until, 0.5))):
            if key.fileobj is icmp:
                data, (sender, _) = icmp.recvfrom(2048)
                offset = (data[0] & 15) * 4
                ours = data[offset : offset + 1] == b"\0" and data[offset + 4 : offset + 6] == struct.pack(
                    "!H", os.getpid() & 0xFFFF
                )
                pinged = pinged or (ours and sender in addresses)
                continue
            done = key.fileobj
            if not isinstance(done, socket.socket):
                continue
            port = waiting.pop(done)
            error = done.getsockopt(socket.SOL_SOCKET, socket.SO_ERROR)
            state = "open" if error == 0 else "refused" if error in REFUSED else "rejected"
            state = state if error == 0 or error in REFUSED | REJECTED else "silent"
            states[port] = min(states[port], state, key=order.index)
            selector.unregister(done)
            done.close()
    for sock in waiting:
        sock.close()
    icmp.close()
    return pinged, states


def main() -> None:
    """Look, try, look again, and print."""
    interface, mac_text, ports_text = sys.argv[1:4]
    mac = bytes.fromhex(mac_text.replace(":", ""))
    ports = [int(port) for port in ports_text.split(",") if port]
    _, own = card(interface)
    if own.network.num_addresses > MAX_HOSTS:
        raise SystemExit("the witness's subnet is too wide to be swept")
    targets = [address for address in own.network.hosts() if address != own.ip]
    addresses = sweep(interface, mac, targets)
    ping, states = attempt(addresses, ports) if addresses else (False, {})
    after = bool(addresses) and bool(sweep(interface, mac, [ipaddress.IPv4Address(a) for a in addresses]))
    print(
        json.dumps(
            {
                "subnet": str(own.network),
                "addresses": addresses,
                "alive_after": after,
                "ping": ping,
                "ports": {str(port): state for port, state in sorted(states.items())},
            }
        )
    )


if __name__ == "__main__":
    main()
