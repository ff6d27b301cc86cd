#!/bin/bash
# Keeps logs for {{.RetentionDays}} days, packed from the second day on. While the disk is
# over nine tenths full the oldest go first, and that is told.
set -euo pipefail
data='{{.Data}}'
find "$data/logs" -type f -name '*.log' -mtime +0 -exec nice gzip -f {} +
find "$data/logs" "$data/reports" -type f -mtime +{{.RetentionDays}} -delete
find "$data/logs" -mindepth 1 -type d -empty -delete
while [[ $(df --output=pcent "$data" | tr -dc '0-9') -gt 90 ]]; do
  oldest=$(find "$data/logs" -type f -name '*.gz' -printf '%T@ %p\n' | sort -n | head -n 1 | cut -d ' ' -f 2-)
  if [[ -z $oldest ]]; then
    echo 'the data disk is over nine tenths full, and no packed log is left to remove' >&2
    exit 1
  fi
  echo "the data disk is over nine tenths full: removing $oldest before its time" >&2
  rm -f -- "$oldest"
done
