set -eu
getent passwd maiwenn > /dev/null || useradd --create-home --shell /bin/bash --comment 'Maïwenn Cariou' --groups secretariat maiwenn
printf 'maiwenn:%s\n' "$INITIAL" | chpasswd -c SHA512 -s 5000
