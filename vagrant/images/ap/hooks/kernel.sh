# Of a kernel made for any hardware, keep what a virtual access point can use.
version=$(ls /usr/lib/modules)
cd "/usr/lib/modules/$version/kernel" || exit 1
find . -name '*.ko*' | sed 's|^\./||' | sort > /tmp/all
grep -E \
    -e '^(crypto|lib|mm|arch/x86/crypto)/' \
    -e '^net/(802|8021q|bridge|core|ipv4|ipv6|llc|mac80211|netfilter|packet|rfkill|sched|unix|wireless|wireguard)/' \
    -e '^drivers/net/wireless/virtual/' \
    -e '^drivers/net/(wireguard/|veth|dummy|macvlan|tun|virtio_net|net_failover|ifb)' \
    -e '^drivers/(virtio/|block/virtio_blk|char/virtio_console|char/hw_random/(virtio|rng)|net/phy/)' \
    -e '^fs/(ext4|jbd2|mbcache|autofs|fuse)' \
    /tmp/all > /tmp/keep
comm -23 /tmp/all /tmp/keep | xargs rm -f
find . -type d -empty -delete
depmod "$version"
for module in mac80211_hwsim bridge veth nf_tables wireguard ext4 virtio_net; do
    modprobe --dry-run --set-version "$version" "$module"
done
