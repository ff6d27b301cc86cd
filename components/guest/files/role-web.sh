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
/usr/local/sbin/storefront-database-ca
{{- end}}
{{- if .MediaWritable}}
# A new file system belongs to root alone, and the application writes to it.
systemctl enable --now srv-media.mount
if [[ $(stat --format=%u /srv/media) == 0 ]]; then
  chown www-data:www-data /srv/media
fi
{{- end}}
{{- if .Release}}
/usr/local/sbin/storefront-release
{{- end}}
apache2ctl configtest
php-fpm8.2 --test
