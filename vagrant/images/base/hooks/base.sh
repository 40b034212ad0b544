# Locale, time zone, the candidate's account. No password: each bench sets its own (chpasswd).
localedef -i fr_FR -c -f UTF-8 -A /usr/share/locale/locale.alias fr_FR.UTF-8
echo LANG=fr_FR.UTF-8 > /etc/default/locale
ln -sf /usr/share/zoneinfo/Europe/Paris /etc/localtime
echo Europe/Paris > /etc/timezone

useradd --create-home --shell /bin/bash --comment 'Technicien' --groups sudo,adm technicien
passwd --quiet --lock technicien
passwd --quiet --lock root

# The keymap is compiled now, so that boot only loads it.
setupcon --save-only --force || true

# pam_lastlog2, motd and mail checks slow every login under emulation.
rm -f /etc/update-motd.d/10-uname
: > /etc/motd

# Generators look for encrypted disks, hibernation, TPM and the like at each boot: there are none here.
mkdir -p /etc/systemd/system-generators
for generator in /usr/lib/systemd/system-generators/*; do
    case ${generator##*/} in
    systemd-fstab-generator | systemd-getty-generator) ;;
    *) ln -s /dev/null "/etc/systemd/system-generators/${generator##*/}" ;;
    esac
done
