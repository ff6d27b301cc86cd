#!/bin/bash
# Streams a copy of this server's data to a server of the cluster that has shown that it knows the key.
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
exec 3>&1 1>&2
mariadb-backup --backup --stream=mbstream --user=root --socket=/run/mysqld/mysqld.sock --datadir='{{.Datadir}}' --target-dir="$work" \
  2> >(tail -n 20 | systemd-cat -t storefront-db-donate) >&3
