#!/bin/bash
set -euo pipefail
rm -f /etc/php/8.2/fpm/pool.d/www.conf
mkdir -p /srv/storefront
a2dismod -q -f mpm_prefork mpm_worker php8.2 autoindex status 2>/dev/null || true
a2enmod -q mpm_event proxy proxy_fcgi setenvif rewrite headers expires remoteip alias
a2dissite -q 000-default 2>/dev/null || true
a2disconf -q security charset php8.2-fpm serve-cgi-bin other-vhosts-access-log 2>/dev/null || true
a2enconf -q storefront
a2ensite -q storefront
{{- if .DatabaseTLS}}
# The authorities of RDS's certificates, from AWS's own trust store of the region.
curl --fail --silent --show-error --proto '=https' --retry 5 --retry-delay 5 {{if .Proxy}}--proxy '{{.Proxy}}' {{end}}-o /etc/storefront/.database-ca \
  'https://truststore.pki.rds.amazonaws.com/{{.Region}}/{{.Region}}-bundle.pem'
mv /etc/storefront/.database-ca /etc/storefront/database-ca.pem
chmod 0644 /etc/storefront/database-ca.pem
{{- end}}
{{- if .Release}}
/usr/local/sbin/storefront-release
{{- end}}
apache2ctl configtest
php-fpm8.2 --test
