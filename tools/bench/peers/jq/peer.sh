#!/bin/sh
# jq, measured by itself: `peer.sh OPERATION COUNT DIRECTORY` prints {"operations":…,"seconds":…}. It reads
# DIRECTORY/rows.ndjson and writes DIRECTORY/out.ndjson, which is on the disk before anybody else's turn; that is not counted.
# `evaluate` keeps those rows that the program in DIRECTORY/condition selects.
set -eu
case $1 in
    export-all) program=. ;;
    evaluate) program=$(cat "$3/condition") ;;
    *) echo '{}'; exit ;;
esac
start=$(date +%s%N)
jq -c "$program" "$3/rows.ndjson" >"$3/out.ndjson"
took=$(($(date +%s%N) - start))
sync "$3/out.ndjson"
printf '{"operations":%d,"seconds":%d.%09d}\n' "$2" $((took / 1000000000)) $((took % 1000000000))
