#!/bin/bash
# Installs Amazon's agents. A server works without them, so that a failure here
# is told and doesn't stop the set-up.
set -euo pipefail
{{- if .Proxy}}
export https_proxy='{{.Proxy}}' no_proxy='169.254.169.254,.amazonaws.com'
{{- end}}
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

# install NAME URL SHA256
install_deb() {
  if dpkg-query -W -f='${Status}' "$1" 2>/dev/null | grep -q 'ok installed'; then
    return 0
  fi
  curl --fail --silent --show-error --location --proto '=https' --retry 5 --retry-delay 5 -o "$work/$1.deb" "$2"
  if [[ -n $3 ]]; then
    echo "$3  $work/$1.deb" | sha256sum --check --quiet
  fi
  DEBIAN_FRONTEND=noninteractive apt-get -q -y -o DPkg::Lock::Timeout=300 install "$work/$1.deb"
}

install_deb amazon-ssm-agent '{{.SSMAgent.URL}}' '{{.SSMAgent.SHA256}}'
systemctl enable --now amazon-ssm-agent.service
install_deb amazon-cloudwatch-agent '{{.MetricsAgent.URL}}' '{{.MetricsAgent.SHA256}}'
if systemctl is-active --quiet amazon-cloudwatch-agent.service; then
  exit 0
fi
/opt/aws/amazon-cloudwatch-agent/bin/amazon-cloudwatch-agent-ctl -a fetch-config -m ec2 -s \
  -c file:/opt/aws/amazon-cloudwatch-agent/etc/storefront.json
