#!/bin/sh
# What USER_ can do in FOLDER, and with what AUTHOR (if any) has just made there. Run by root in a mount namespace of its own:
# a layer of RAM lies over the folder, so that nothing is written into it. The answer goes to file descriptor 3.
#
# The layer's root gets the folder's owner, mode and access list: it is what the kernel then asks about.
say() { echo "$@" >&3; }
[ -d "$FOLDER" ] || { say '== no-folder'; exit 0; }
for u in "$USER_" $AUTHOR; do id "$u" >/dev/null 2>&1 || { say '== no-user'; exit 0; }; done
mount -t tmpfs -o size=16m,mode=711,nosuid,nodev trial /mnt && mkdir /mnt/top /mnt/work || exit 98
chown --reference="$FOLDER" /mnt/top && chmod --reference="$FOLDER" /mnt/top || exit 98
getfacl -cpE -- "$FOLDER" | setfacl --set-file=- /mnt/top || exit 98
mount -t overlay -o lowerdir="$FOLDER",upperdir=/mnt/top,workdir=/mnt/work trial "$FOLDER" || exit 98
name=epreuve-$$-$(od -An -N6 -tx1 /dev/urandom | tr -d ' \n').tmp
head="cd /; F='$FOLDER' N='$name'; t() { if eval \"\$2\"; then echo \"\$1 yes\" >&3; else echo \"\$1 no\" >&3; fi; };"
as() { who=$1; shift; timeout 15 runuser -l "$who" -s /bin/sh -c "$head $*" </dev/null; }
say '== trial'
as "$USER_" '
t enters "[ -x \"\$F\" ] || ls \"\$F\""
t reads "[ -r \"\$F\" ] && [ -x \"\$F\" ] && ! find \"\$F\" -maxdepth 3 \( ! -readable -o -type d ! -executable \) | grep -q ."
t reads-some "find \"\$F\" -maxdepth 3 -type f -readable | grep -q ."
t writes "echo essai > \"\$F/\$N\" && [ -s \"\$F/\$N\" ] && rm \"\$F/\$N\""
t changes "! find \"\$F\" -maxdepth 3 ! -writable | grep -q . && [ -w \"\$F\" ]"
t changes-some "[ -w \"\$F\" ] || find \"\$F\" -maxdepth 3 -writable | grep -q ."
'
if [ -n "$AUTHOR" ]; then
  as "$AUTHOR" 't shared "mkdir \"\$F/\$N\" && echo premier > \"\$F/\$N/\$N\" && echo premier > \"\$F/\$N.txt\""'
  as "$USER_" '
t reads-new "grep -q premier \"\$F/\$N/\$N\" && grep -q premier \"\$F/\$N.txt\""
t changes-new "echo suite >> \"\$F/\$N/\$N\" && echo suite >> \"\$F/\$N.txt\" && echo autre > \"\$F/\$N/autre\""
'
fi
say '== end'
