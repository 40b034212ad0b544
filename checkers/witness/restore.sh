#!/bin/sh
# A trial restore: the newest backup in PLACE is restored into a RAM disk and compared with SOURCE, but for the folders in
# OUT; KEY is the file with a repository's password. Run by root in a mount namespace of its own, which takes all of it away;
# the answer goes to file descriptor 3.
#
# Times are those of the inode (ctime): rsync and tar set the others to what they were at the source. Names with a line feed
# are left out of every list, so that no name can stand for another line.
export LC_ALL=C TMPDIR=/mnt HOME=/mnt PATH=/usr/sbin:/usr/bin:/sbin:/bin
say() { echo "$@" >&3; }
[ -d "$SOURCE" ] && [ -d "$PLACE" ] || { say '== none'; exit 0; }
ulimit -f unlimited # the RAM disk is the bound here
mount -t tmpfs -o size=64m,nr_inodes=20000,mode=700,nosuid,nodev,noexec trial /mnt || exit 98
for f in "$SOURCE" "$PLACE"; do mount --bind "$f" "$f" && mount -o remount,bind,ro "$f" || exit 98; done
cd /mnt || exit 98
[ "$(du -sm "$SOURCE" | cut -f1)" -le 40 ] || { say '== large'; exit 0; }
L='*
*'
LINK=$(printf '%064d' 0)
# files FOLDER: what it holds, one line for each file or link. rights FOLDER: owner, group, mode and access list of each.
prune() { for n in $OUT; do printf ' -path ./%s -prune -o' "$n"; done; }
files() {
  (cd "$1" || exit
   find . $(prune) -name "$L" -prune -o -type f -print0 | xargs -0 -r sha256sum
   find . $(prune) -name "$L" -prune -o -type l -printf "$LINK  %p -> %l\n") | sort
}
rights() {
  (cd "$1" && find . -mindepth 1 $(prune) -name "$L" -prune -o \( -type f -o -type d \) -print0 | xargs -0 -r getfacl -np -- |
   awk -v RS= '{ gsub(/\n/, "\t"); print }') | sort
}
find "$SOURCE" -mindepth 1 -maxdepth 1 ! -name "$L" -printf '%f\n' >tops
all=$(wc -l <tops)
[ "$all" -gt 0 ] || { say '== none'; exit 0; }
holds() {
  n=0
  while read -r e; do [ ! -e "$1/$e" ] || n=$((n + 1)); done <tops
  [ $((n * 2)) -ge "$all" ]
}
# copies FOLDER DEPTH: folders in which at least half of the source's own entries stand, newest first.
copies() {
  find "$1" -xdev -maxdepth "$2" -type d ! -name "$L" -printf '%C@ %p\n' 2>/dev/null | sort -rn | head -n 400 |
    while read -r t d; do if holds "$d"; then echo "$t $d"; fi; done
}
{
  find "$PLACE" -xdev -maxdepth 3 -type f ! -name "$L" -regextype posix-extended \
    -iregex '.*\.(tar|tgz|tbz2?|txz|tzst|tar\.(gz|bz2|xz|zst))' -printf '%C@ tar %p\n'
  copies "$PLACE" 6 | sed 's/ / copy /'
  find "$PLACE" -xdev -maxdepth 3 -name config -type f ! -path "$L" -printf '%h\n' | while read -r d; do
    kind=
    if [ -d "$d/snapshots" ] && [ -d "$d/keys" ]; then kind=restic
    elif grep -qs 'Borg Backup' "$d/README"; then kind=borg; fi
    [ -z "$kind" ] || echo "$(find "$d" -maxdepth 2 -type f -printf '%C@\n' | sort -rn | head -n 1) $kind $d"
  done
} | sort -rn >points
others=$(find "$PLACE" -xdev -type f | head -n 1)
if [ ! -s points ]; then if [ -n "$others" ]; then say '== unknown'; else say '== none'; fi; exit 0; fi
read -r made kind latest <points
points=$(grep -c "^[^ ]* $kind " points)
mkdir out && exec 4>trouble
case $kind in
tar) timeout 40 tar -C out --numeric-owner --same-permissions --acls -xf "$latest" >&4 2>&4 || say "== broken" ;;
restic)
  key="--password-file $KEY"
  [ -s "$KEY" ] || key=--insecure-no-password
  points=$(restic -r "$latest" --no-lock --no-cache $key snapshots --json 2>&4 | grep -o '"short_id"' | wc -l)
  restic -q -r "$latest" --no-lock --no-cache $key restore latest --target out >&4 2>&4 || { say '== locked'; exit 0; } ;;
borg)
  export BORG_BASE_DIR=/mnt/borg BORG_PASSCOMMAND="cat $KEY" BORG_RELOCATED_REPO_ACCESS_IS_OK=yes
  export BORG_UNKNOWN_UNENCRYPTED_REPO_ACCESS_IS_OK=yes
  borg --bypass-lock list --short "$latest" >list 2>&4 || { say '== locked'; exit 0; }
  points=$(wc -l <list)
  (cd out && borg --bypass-lock extract --numeric-ids "$latest::$(tail -n 1 ../list)" >&4 2>&4) || say '== broken' ;;
esac
[ "$(df --output=avail /mnt | tail -n 1)" -gt 8192 ] || { say '== large'; exit 0; }
files "$SOURCE" >source
rights "$SOURCE" >source.rights
[ -s source.rights ] || exit 98
# An archive holds one copy; where there are several copies, the best of the newest is the backup.
if [ "$kind" = copy ]; then grep ' copy ' points | head -n 3 | cut -d' ' -f3- >roots
else copies out 7 | cut -d' ' -f2- | awk '{ print length, $0 }' | sort -n | head -n 1 | cut -d' ' -f2- >roots; fi
best= least=
while read -r d; do
  files "$d" >found
  missing=$(comm -23 source found | wc -l)
  if [ -z "$best" ] || [ "$missing" -lt "$least" ]; then best=$d least=$missing; mv found restored; fi
done <roots
say '== tried'
say "$kind"
say "${made%.*}"
say "$points"
say "$(wc -l <source)"
[ "$kind" = copy ] && say "${best:-$latest}" || say "$latest"
say '== absent'
if [ -z "$best" ]; then head -n 40 source | cut -c67-300 >&3
else
  comm -23 source restored | head -n 40 | cut -c67-300 >&3
  say '== rights'
  rights "$best" >restored.rights
  awk -F'\t' 'NR == FNR { there[$1] = 1; next } $1 in there' restored.rights source.rights |
    comm -23 - restored.rights | cut -f1 | head -n 40 | cut -c1-300 >&3
  say '== left-in'
  for n in $OUT; do (cd "$best" && find "./$n" -type f ! -name "$L" 2>/dev/null); done | head -n 40 | cut -c1-300 >&3
  say '== here'
  cut -c67-300 restored >names
  comm -23 source restored | head -n 40 | cut -c67-300 | grep -Fxf names >&3
fi
say '== trouble'
tail -c 300 trouble >&3
say '== end'
