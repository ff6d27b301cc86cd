#!/bin/bash
set -euo pipefail
{{- range .Exports}}
if [[ ! -d {{$.Root}}/{{.Name}} ]]; then
  install -d -o www-data -g www-data -m 0755 '{{$.Root}}/{{.Name}}'
fi
{{- end}}
# Only NFS 4 is spoken, which needs no port mapper.
systemctl mask --now rpcbind.service rpcbind.socket 2>/dev/null || true
