#!/bin/sh
# Le deuxième disque de la grappe des données tombe en panne : il ne répond plus.
set -eu
if mdadm --detail /dev/md0 | grep -q 'active sync.*/dev/sdb'; then
  mdadm --quiet /dev/md0 --fail /dev/sdb
fi
echo offline > /sys/block/sdb/device/state
sync
grep -A1 '^md0' /proc/mdstat | grep -q '\[U_\]'
