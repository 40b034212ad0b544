#!/bin/sh
# Enter a root file system to change it: enter.sh ROOT COMMAND…, run by unshare in namespaces of its own.
# The tree gets the devices that packages expect and nothing of the host's, so a killed build leaves no mount behind.
# EPREUVE_OFFLINE, EPREUVE_HOOKS, EPREUVE_NAME: no network, a directory to show as /run/hooks, a host name; or empty.
set -e
root=$1; shift
mount -t proc proc "$root/proc"
mount -t tmpfs -o mode=755 dev "$root/dev"
for d in null:3 zero:5 full:7 random:8 urandom:9; do mknod -m 666 "$root/dev/${d%:*}" c 1 "${d#*:}"; done
mknod -m 666 "$root/dev/tty" c 5 0
ln -s /proc/self/fd "$root/dev/fd"; ln -s fd/0 "$root/dev/stdin"; ln -s fd/1 "$root/dev/stdout"
ln -s fd/2 "$root/dev/stderr"; mkdir "$root/dev/pts" "$root/dev/shm"
mount -t devpts -o newinstance,ptmxmode=666 devpts "$root/dev/pts"; ln -s pts/ptmx "$root/dev/ptmx"
mount -t tmpfs shm "$root/dev/shm"
mount -t tmpfs -o mode=755 run "$root/run"
mount -t tmpfs -o mode=1777 tmp "$root/tmp"
mkdir -p "$root/run/lock"
[ -z "$EPREUVE_OFFLINE" ] || ip link set lo up
[ -z "$EPREUVE_HOOKS" ] || { mkdir "$root/run/hooks"; mount --bind "$EPREUVE_HOOKS" "$root/run/hooks"; }
[ -z "$EPREUVE_NAME" ] || hostname "$EPREUVE_NAME"
if [ -z "$EPREUVE_OFFLINE" ]; then
    names=$(chroot "$root" readlink -m /etc/resolv.conf)
    case $names in
    /run/*) mkdir -p "$root${names%/*}"; cp /etc/resolv.conf "$root$names" ;; # a link that only a running system fills
    *) [ ! -e "$root$names" ] || mount --bind "$(readlink -f /etc/resolv.conf)" "$root$names" ;;
    esac
fi
exec chroot "$root" /usr/bin/env -i PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin HOME=/root \
    LC_ALL=C.UTF-8 DEBIAN_FRONTEND=noninteractive INITRD=No SYSTEMD_OFFLINE=1 "$@"
