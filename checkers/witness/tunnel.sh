#!/bin/sh
# The roaming computer: one end of a WireGuard tunnel in the witness's namespace, three pings through it, and away.
#
#   tunnel.sh ENDPOINT ADDRESS TARGET    with KEY (private) and PEER (public) in the environment
#
# The kernel's WireGuard where there is one, else wireguard-go on a tun device. Prints ready=, handshake=, sent= and
# received=. Nothing stays: neither interface nor process; the key is only ever in a file of the current folder, which is
# private and goes away with the question.
set -u
endpoint=$1 address=$2 target=$3
name="epv$$"
go=

cleanup() {
  ip link del "$name" 2>/dev/null
  [ -n "$go" ] && kill "$go" 2>/dev/null && wait "$go" 2>/dev/null
  rm -f "/var/run/wireguard/$name.sock" "$name.key" "$name.log"
}
trap cleanup EXIT
trap 'exit 1' INT TERM HUP

umask 077
printf '%s\n' "$KEY" >"$name.key"
if ! ip link add "$name" type wireguard 2>/dev/null; then
  WG_PROCESS_FOREGROUND=1 LOG_LEVEL=error wireguard-go -f "$name" >"$name.log" 2>&1 </dev/null &
  go=$!
  i=0
  until wg show "$name" >/dev/null 2>&1; do
    i=$((i + 1))
    [ "$i" -gt 50 ] && { cat "$name.log" >&2; exit 1; }
    sleep 0.1
  done
fi
wg set "$name" private-key "$name.key" peer "$PEER" endpoint "$endpoint" allowed-ips "$target/32" || exit 1
ip addr add "$address/32" dev "$name" && ip link set "$name" mtu 1420 up && ip route add "$target/32" dev "$name" \
  src "$address" || exit 1
echo ready=1
"$PYTHON" -I "$(dirname "$0")/echo.py" "$name" "$target"
h=$(wg show "$name" latest-handshakes | cut -f 2)
echo "handshake=${h:-0}"
