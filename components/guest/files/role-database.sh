#!/bin/bash
set -euo pipefail
datadir='{{.Datadir}}'
install -d -m 0755 /run/storefront
if [[ ! -d $datadir/mysql ]]; then
  install -d -o mysql -g mysql -m 0700 "$datadir"
  # root comes in by the socket alone, and nobody else exists yet.
  mariadb-install-db --datadir="$datadir" --user=mysql --auth-root-authentication-method=socket --skip-test-db --skip-log-bin >/dev/null
fi
chown mysql:mysql "$datadir"
{{- if .Others}}
interface=$(ip -4 -o address show | awk '$4 ~ "^{{.Self.Address}}/" {print $2; exit}')
if [[ -z $interface ]]; then
  echo 'no interface has the address {{.Self.Address}}' >&2
  exit 1
fi
sed "s/@INTERFACE@/$interface/" /usr/local/share/storefront/keepalived.conf >/etc/keepalived/keepalived.conf
{{- end}}
