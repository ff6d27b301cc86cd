#!/bin/bash
# Tells the Auto Scaling group that this server can work: after its set-up, and
# at each start out of the warm pool. Until then the group sends it nothing.
set -euo pipefail
{{- if .Release}}
# Another release may have become the current one while it was stopped.
before=$(readlink /srv/storefront/current)
/usr/local/sbin/storefront-release
if [[ $(readlink /srv/storefront/current) != "$before" ]]; then
  systemctl restart php8.2-fpm.service
fi
{{- end}}
{{- if .URL}}
curl --fail --silent --show-error --output /dev/null --max-time 10 --retry 5 --retry-delay 5 --retry-all-errors '{{.URL}}'
{{- end}}
imds='http://169.254.169.254/latest'
token=$(curl --fail --silent --show-error --request PUT --header 'X-aws-ec2-metadata-token-ttl-seconds: 300' "$imds/api/token")
id=$(curl --fail --silent --show-error --header "X-aws-ec2-metadata-token: $token" "$imds/meta-data/instance-id")
for _ in 1 2 3 4 5 6; do
  if said=$(aws --region '{{.Region}}' autoscaling complete-lifecycle-action --auto-scaling-group-name '{{.Group}}' \
    --lifecycle-hook-name '{{.Hook}}' --instance-id "$id" --lifecycle-action-result CONTINUE 2>&1); then
    exit 0
  fi
  if [[ $said != *'No active Lifecycle Action'* ]]; then
    echo "$said" >&2
    exit 1
  fi
  # The group may not wait yet, or, at a mere reboot, not at all.
  sleep "${STOREFRONT_READY_PAUSE:-10}"
done
