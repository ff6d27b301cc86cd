#!/bin/bash
# Streams a copy of this server's data to a server of the cluster that has shown that it knows the key.
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
# Nothing but the copy may reach the receiver: words go to the journal.
exec 3>&1 >/dev/null 2> >(exec systemd-cat -t storefront-db-donate)
mariadb-backup --backup --stream=mbstream --user=root --socket=/run/mysqld/mysqld.sock --datadir='{{.Datadir}}' --target-dir="$work" >&3
