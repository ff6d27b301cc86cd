#!/bin/bash
# Makes a release the current one and rolls it over the servers that run it, the
# back office with its cron among them: storefront-rollout RELEASE.tar.gz [STATIC_FOLDER]
# Where a roll fails, the previous release becomes the current one again and is
# rolled over all of them, so that no two releases stay in service.
set -euo pipefail
archive=${1:?'name the release, a .tar.gz with pub/ and bin/ at its top'}
static=${2:-}
groups=({{range $i, $g := .Groups}}{{if $i}} {{end}}'{{$g}}'{{end}})
aws() { command aws --region '{{.Region}}' "$@"; }

tar --list --gzip --file "$archive" | grep -qE '^(\./)?pub/index\.php$' ||
  { echo "$archive has no pub/index.php: that is no release" >&2; exit 1; }

previous=$(mktemp)
trap 'rm -f "$previous"' EXIT
had=no
if aws s3 cp --only-show-errors '{{.Release}}' "$previous" 2>/dev/null; then had=yes; fi
{{- if .StaticBucket}}
# Static files of the new release go first: pages of either release find theirs.
if [[ -n $static ]]; then
  aws s3 sync --only-show-errors "$static" 's3://{{.StaticBucket}}/static'
fi
{{- end}}
aws s3 cp --only-show-errors "$archive" '{{.Release}}'

declare -A rolls
# status GROUP prints a roll's state and its progress.
status() {
  aws autoscaling describe-instance-refreshes --auto-scaling-group-name "$1" --instance-refresh-ids "${rolls[$1]}" \
    --query 'InstanceRefreshes[0].[Status,PercentageComplete]' --output text
}
# start begins a roll over every group.
start() {
  local group
  for group in "${groups[@]}"; do
    rolls[$group]=$(aws autoscaling start-instance-refresh --auto-scaling-group-name "$group" --strategy Rolling \
      --preferences '{"SkipMatching": false}' --query InstanceRefreshId --output text) || return 1
  done
}
# settle waits until every roll has ended; it fails where one did not succeed.
settle() {
  local group state percent good=yes
  for group in "${!rolls[@]}"; do
    while true; do
      read -r state percent < <(status "$group")
      echo "$group: $state $percent %"
      case $state in
        Successful) break ;;
        Failed | Cancelled | RollbackSuccessful | RollbackFailed) good=no; break ;;
      esac
      sleep "${STOREFRONT_ROLLOUT_PAUSE:-15}"
    done
  done
  [[ $good == yes ]]
}

if start && settle; then
  exit 0
fi
if [[ $had == no ]]; then
  echo 'the release did not reach every server, and there is no previous one to go back to' >&2
  exit 1
fi
echo 'the release did not reach every server: the previous one is put back' >&2
aws s3 cp --only-show-errors "$previous" '{{.Release}}'
for group in "${!rolls[@]}"; do
  aws autoscaling cancel-instance-refresh --auto-scaling-group-name "$group" >/dev/null 2>&1 || true
done
settle || true
rolls=()
if start && settle; then
  echo 'every server has the previous release' >&2
else
  echo 'the previous release did not reach every server either: look at the groups' >&2
fi
exit 1
