#!/bin/bash
# The first boot, after cloud-init has laid packages and files. Every step can
# be run again. It prints no value of any secret.
set -euo pipefail
trap 'echo "storefront-setup: line $LINENO failed; mend it and run /usr/local/sbin/storefront-setup again" >&2' ERR
systemctl daemon-reload
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
{{- if .Agents}}
/usr/local/sbin/storefront-aws-agents || echo 'storefront-setup: the agents of AWS are not complete' >&2
{{- end}}
