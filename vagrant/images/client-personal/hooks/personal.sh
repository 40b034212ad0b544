# One card, on one network, and no domain: names come from the files and from the DNS that the candidate sets.
rm -f /etc/systemd/network/20-internet.network
sed -i -E 's/^(passwd|group):.*/\1:         files/' /etc/nsswitch.conf

# The base silences what would wake a golden machine up: here the candidate sets updates, so their timers can be used
# again, stopped for now.
rm -f /etc/apt/apt.conf.d/20auto-upgrades /etc/systemd/system/apt-daily.timer /etc/systemd/system/apt-daily-upgrade.timer
systemctl --quiet disable apt-daily.timer apt-daily-upgrade.timer
sed -i '/APT::Periodic/d' /etc/apt/apt.conf.d/90epreuve

# Nothing leads to Debian's mirrors from an exam: what can be installed is laid there by each lab.
: > /etc/apt/sources.list
rm -rf /var/lib/apt/lists/*

# An anonymous machine has the clock's own zone.
ln -sf /usr/share/zoneinfo/Etc/UTC /etc/localtime
echo Etc/UTC > /etc/timezone
