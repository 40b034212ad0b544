set -eu
nft delete table inet essais 2>/dev/null || ! nft list table inet essais >/dev/null 2>&1
