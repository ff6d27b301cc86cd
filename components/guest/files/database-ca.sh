#!/bin/bash
# Lays the authorities of the database's certificates: RDS's own, from AWS's
# trust store of the region, and those of ACM, which sign for RDS Proxy.
set -euo pipefail
target=/etc/storefront/database-ca.pem
new=$(mktemp -p /etc/storefront .database-ca.XXXXXX)
trap 'rm -f "$new"' EXIT
curl --fail --silent --show-error --proto '=https' --retry 5 --retry-delay 5 {{if .Proxy}}--proxy '{{.Proxy}}' {{end}}-o "$new" \
  'https://truststore.pki.rds.amazonaws.com/{{.Region}}/{{.Region}}-bundle.pem'
# A file that ends without a line break would run into the next.
for authority in /usr/share/ca-certificates/mozilla/Amazon_Root_CA_*.crt; do
  echo
  cat "$authority"
done >>"$new"
chmod 0644 "$new"
mv -f "$new" "$target"
