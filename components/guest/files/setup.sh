#!/bin/bash
# Sets the server up, after cloud-init has laid packages and files. Its service
# runs it until it succeeds: a secret may not have its value yet, or a mirror may
# be away. Every step can be run again. It prints no value of any secret.
set -euo pipefail
trap 'echo "storefront-setup: line $LINENO failed; it is tried again in half a minute" >&2' ERR
systemctl daemon-reload
{{- if .Agents}}
# First of all, so that a server whose set-up fails can be reached.
/usr/local/sbin/storefront-aws-agents || echo 'storefront-setup: the agents of AWS are not complete' >&2
{{- end}}
# What cloud-init could not install, or was stopped at.
export DEBIAN_FRONTEND=noninteractive
packages=({{range $i, $p := .Packages}}{{if $i}} {{end}}{{$p}}{{end}})
for package in "${packages[@]}"; do
  if [[ $(dpkg-query -W -f='${db:Status-Status}' "$package" 2>/dev/null) != installed ]]; then
    dpkg --configure -a
    apt-get -q -o DPkg::Lock::Timeout=300 update
    apt-get -q -y -o DPkg::Lock::Timeout=300 --no-install-recommends install "${packages[@]}"
    break
  fi
done
{{- if .DataDisk}}
/usr/local/sbin/storefront-data-disk
{{- end}}
{{- if .SecretsFetched}}
systemctl start storefront-secrets.service
{{- end}}
{{- if .RoleStep}}
/usr/local/sbin/storefront-role
{{- end}}
rm -f /usr/sbin/policy-rc.d
systemctl restart systemd-journald.service
{{- if not .SSH}}
systemctl disable --now ssh.service ssh.socket 2>/dev/null || true
systemctl mask ssh.service ssh.socket 2>/dev/null || true
{{- end}}
for unit in{{range .Start}} {{.}}{{end}}; do
  systemctl enable "$unit" 2>/dev/null || true
  systemctl restart "$unit"
done
mkdir -p /var/lib/storefront
touch /var/lib/storefront/set-up
{{- if .Waited}}
systemctl enable storefront-ready.service
systemctl start --no-block storefront-ready.service
{{- end}}
