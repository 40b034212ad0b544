set -eu
mdadm --quiet /dev/md0 --add /dev/sdc
mdadm --wait /dev/md0 || true
