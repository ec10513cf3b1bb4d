#!/bin/sh
# zstd, measured by itself: `peer.sh OPERATION COUNT DIRECTORY` prints {"operations":…,"seconds":…}. It compresses
# DIRECTORY/rows.ndjson into DIRECTORY/rows.zst, which is on the disk before anybody else's turn; that is not counted.
set -eu
[ "$1" = compress ] || { echo '{}'; exit; }
start=$(date +%s%N)
zstd -q -3 -T2 "$3/rows.ndjson" -o "$3/rows.zst" -f
took=$(($(date +%s%N) - start))
sync "$3/rows.zst"
printf '{"operations":%d,"seconds":%d.%09d}\n' "$2" $((took / 1000000000)) $((took % 1000000000))
