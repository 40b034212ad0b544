#!/bin/sh
# The wireless adapter of this host, lent to the witness: to one at a time, in a namespace of its own, and given back.
#
#   adapter.sh look ADAPTER               what it is: key=value lines; changes nothing but to take back what is left over
#   adapter.sh turn ADAPTER WAIT LIMIT    waits WAIT seconds for its turn, then runs the script on standard input for
#                                         LIMIT seconds at most, with WITNESS_SPACE, WITNESS_DEVICE and WITNESS_COUNTRY
#   adapter.sh back                       gives back what a killed turn has left
#
# ADAPTER: an interface (wlan1), a phy (phy1) or a hardware address. Exit code 42: it cannot be used, and standard output
# says why: trouble=WHY DETAIL.
#
# A turn that is killed leaves the namespace. The next one, "look" and "back" find it there, end what runs in it and take
# the adapter back; a namespace that is deleted with a phy in it gives that back to the host's first namespace by itself.
set -u
PATH=/usr/local/sbin:/usr/sbin:/usr/bin:/sbin:/bin:$PATH
export PATH LC_ALL=C
umask 077
run=/run/epreuve-radio space=epreuve-radio

trouble() { echo "trouble=$*"; exit 42; }
phys() { ip netns exec "$space" iw phy 2> /dev/null | awk '$1 == "Wiphy" { print $2 }'; }

give_back() { # whatever is in the namespace
    rm -rf "$run/work"
    [ -e "/run/netns/$space" ] || return 0
    for pid in $(ip netns pids "$space"); do kill -9 "$pid" 2> /dev/null; done
    ip netns exec "$space" iw dev epreuve1 del 2> /dev/null
    for one in $(phys); do
        for device in $(ip netns exec "$space" sh -c 'ls /sys/class/net'); do
            ip -n "$space" address flush dev "$device" 2> /dev/null
            ip -n "$space" link set "$device" down 2> /dev/null
        done
        ip netns exec "$space" iw phy "$one" set netns $$ 2> /dev/null
    done
    ip netns delete "$space"
}

find_adapter() { # into phy and device; fails when it is not there
    phy='' device=''
    for one in /sys/class/net/*; do
        [ -e "$one/phy80211/name" ] || continue
        read -r name < "$one/phy80211/name"
        read -r address < "$one/address"
        read -r own < "$one/phy80211/macaddress"
        case $1 in "${one##*/}" | "$name" | "$address" | "$own") ;; *) continue ;; esac
        phy=$name device=${one##*/}
        return 0
    done
    return 1
}

usable() { # else says why not
    blocked=''
    for switch in "/sys/class/ieee80211/$phy"/rfkill*; do
        [ -e "$switch" ] || continue
        case $(cat "$switch/hard") in 1) blocked=hard ;; esac
        case $blocked$(cat "$switch/soft") in 1) blocked=soft ;; esac
    done
    [ -z "$blocked" ] || trouble "blocked-$blocked $device"
    case $(nmcli -g GENERAL.STATE device show "$device" 2> /dev/null) in '' | 10*) ;; *) trouble "managed $device" ;; esac
    for one in /sys/class/net/*; do
        [ -e "$one/phy80211/name" ] || continue
        read -r name < "$one/phy80211/name"
        [ "$name" = "$phy" ] || continue
        [ $(($(cat "$one/flags") & 1)) = 0 ] || trouble "used ${one##*/}"
    done
    grep -q '^[[:space:]]*\* managed$' "$run/phy" || trouble "no-station $device"
    grep -q 'set_wiphy_netns' "$run/phy" || trouble "no-namespace $device"
    case $(iw dev "$device" info) in *"type managed"*) ;; *) trouble "used $device" ;; esac
}

country() { iw reg get 2> /dev/null | awk '$1 == "country" { print substr($2, 1, 2); exit }' | grep -v 00; }
frequencies() { # on which it may listen
    awk '$1 == "*" && $3 == "MHz" && !/disabled/ { printf "%s%d", sep, $2; sep = " " }' "$run/phy"
}

for program in ip iw wpa_supplicant wpa_cli arping busybox flock; do
    command -v $program > /dev/null || trouble "missing $program"
done
mkdir -p "$run" && exec 9> "$run/lock" || trouble "no-run $run"
command=$1 adapter=${2:-}
case $command in
turn) flock -w "$3" 9 || trouble "busy $3" ;;
*) flock -n 9 || trouble "listening $adapter" ;;
esac
trap give_back EXIT
trap 'exit 143' TERM INT HUP
give_back
[ "$command" != back ] || exit 0
find_adapter "$adapter" || trouble "absent $adapter"
iw phy "$phy" info > "$run/phy" 2> /dev/null || trouble "absent $adapter"
case $command in
look)
    echo "phy=$phy"
    echo "device=$device"
    echo "driver=$(basename "$(readlink -f "/sys/class/net/$device/device/driver")")"
    echo "frequencies=$(frequencies)"
    echo "country=$(country)"
    echo "stations=$(awk '/#\{[^}]*managed[^}]*\} <= / { line = $0
        while (match(line, /#\{[^}]*\} <= [0-9]+/)) {
            one = substr(line, RSTART, RLENGTH); line = substr(line, RSTART + RLENGTH)
            if (one ~ /managed/ && (n = one) && sub(/.*<= /, "", n) && n + 0 > most) most = n + 0
        } } END { print most + 0 ? most : 1 }' "$run/phy")"
    usable
    ;;
turn)
    usable
    ip netns add "$space" && ip -n "$space" link set lo up || trouble "refused $device"
    iw phy "$phy" set netns name "$space" 2> /dev/null || trouble "refused $device"
    WITNESS_SPACE=$space WITNESS_DEVICE=$device WITNESS_COUNTRY=$(country) WITNESS_LISTENS=$(frequencies)
    export WITNESS_SPACE WITNESS_DEVICE WITNESS_COUNTRY WITNESS_LISTENS
    # What is started here ends with this, however this ends.
    setpriv --pdeathsig KILL unshare --pid --fork --kill-child --mount-proc timeout -k 5 "$4" /bin/sh 9>&-
    ;;
*) echo "look, turn or back" >&2; exit 2 ;;
esac
