#!/bin/bash
# Visitor reports of today and yesterday, from what the web servers sent.
# Addresses of visitors are shortened before they reach a report.
set -euo pipefail
shopt -s nullglob
logs='{{.Data}}/logs'
reports='{{.Data}}/reports'

# report NAME FORMAT FILE...
report() {
  local name=$1 format=$2
  shift 2
  if [[ $# -eq 0 ]]; then
    return 0
  fi
  zcat -f -- "$@" | goaccess - --no-global-config --no-progress --anonymize-ip --ignore-crawlers \
    --log-format="$format" --date-format='%d/%b/%Y' --time-format='%T' --html-report-title="$name" -o "$reports/.$name.html" >/dev/null
  mv -f "$reports/.$name.html" "$reports/$name.html"
}

for day in "$(date -d yesterday +%F)" "$(date +%F)"; do
  report "shop-$day" '%h %v %^ %^[%d:%t %^] "%r" %s %b "%R" "%u" %D' "$logs"/*/apache-access-"$day".log{,.gz}
  report "static-$day" '%h %v %^ %^[%d:%t %^] "%r" %s %b "%R" "%u" %T' "$logs"/*/nginx-access-"$day".log{,.gz}
done
