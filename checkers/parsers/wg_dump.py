"""WireGuard tunnels as they run: the output of ``wg show all dump``. Source: wg(8), "dump"."""

from __future__ import annotations

from checkers.probe import Value

MAX_TUNNELS = 32
MAX_PEERS = 512
_NONE = ("(none)", "off", "")


class Peer(Value):
    """The other end. endpoint: ``address:port``. handshake: seconds since the epoch, 0 for never. keepalive: seconds
    between signs of life, 0 for none; facts of before it was read have none."""

    public_key: str
    endpoint: str | None = None
    allowed: tuple[str, ...] = ()
    handshake: int = 0
    received: int = 0
    sent: int = 0
    keepalive: int | None = None


class Tunnel(Value):
    """One WireGuard interface that exists now. ``up``: it carries traffic."""

    name: str
    public_key: str
    port: int
    up: bool = False
    addresses: tuple[str, ...] = ()
    peers: tuple[Peer, ...] = ()


def parse(text: str) -> list[Tunnel]:
    """The tunnels, without addresses. Raises ValueError on a line that is neither an interface nor a peer."""
    tunnels: dict[str, Tunnel] = {}
    peers: dict[str, list[Peer]] = {}
    for line in text.splitlines():
        words = line.split("\t")
        if not line.strip():
            continue
        if len(words) == 5:
            tunnels[words[0]] = Tunnel(name=words[0], public_key=words[2], port=int(words[3]))
        elif len(words) == 9 and words[0] in tunnels:
            peers.setdefault(words[0], []).append(
                Peer(
                    public_key=words[1],
                    endpoint=None if words[3] in _NONE else words[3],
                    allowed=() if words[4] in _NONE else tuple(words[4].split(",")[:64]),
                    handshake=int(words[5]),
                    received=int(words[6]),
                    sent=int(words[7]),
                    keepalive=0 if words[8] in _NONE else int(words[8]),
                )
            )
        else:
            raise ValueError("not a line of wg show all dump")
        if len(tunnels) > MAX_TUNNELS or sum(map(len, peers.values())) > MAX_PEERS:
            raise ValueError("too many tunnels or peers")
    return [tunnel.model_copy(update={"peers": tuple(peers.get(name, ()))}) for name, tunnel in tunnels.items()]
