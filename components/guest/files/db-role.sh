#!/bin/bash
# Succeeds when the controller said within the last ten seconds that this server has one of the roles.
set -euo pipefail
file=${STOREFRONT_DB_ROLE:-/run/storefront/db-role}
[[ $(($(date +%s) - $(stat -c %Y "$file"))) -le 10 ]] || exit 1
role=$(<"$file")
for wanted in "$@"; do
  [[ $role == "$wanted" ]] && exit 0
done
exit 1
