#!/bin/bash
# Makes a release the current one and rolls it over the web servers, one part of
# them after another: storefront-rollout RELEASE.tar.gz [STATIC_FOLDER]
# A roll that fails is taken back by the group; the previous release is put back
# here, so that new servers fetch it again.
set -euo pipefail
archive=${1:?'name the release, a .tar.gz with pub/ and bin/ at its top'}
static=${2:-}
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

take_back() {
  if [[ $had == yes ]]; then aws s3 cp --only-show-errors "$previous" '{{.Release}}'; fi
}
roll=$(aws autoscaling start-instance-refresh --auto-scaling-group-name '{{.Group}}' --strategy Rolling \
  --preferences '{"MinHealthyPercentage": 90, "SkipMatching": false}' --query InstanceRefreshId --output text) ||
  { take_back; exit 1; }
while true; do
  read -r status percent < <(aws autoscaling describe-instance-refreshes --auto-scaling-group-name '{{.Group}}' \
    --instance-refresh-ids "$roll" --query 'InstanceRefreshes[0].[Status,PercentageComplete]' --output text)
  echo "$status $percent %"
  case $status in
    Successful) exit 0 ;;
    Failed | Cancelled | RollbackSuccessful | RollbackFailed) take_back; exit 1 ;;
  esac
  sleep 15
done
