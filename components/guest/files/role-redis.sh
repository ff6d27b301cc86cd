#!/bin/bash
# Writes the configuration of this server. Redis and Sentinel change it after a
# failover, so it is written once, and a server that is replaced asks the others
# who leads now before it takes the first of the list.
set -euo pipefail
umask 027
share=/usr/local/share/storefront
sysctl --quiet --load=/etc/sysctl.d/60-storefront.conf || true
systemd-tmpfiles --create /etc/tmpfiles.d/storefront-redis.conf || true
install -d -o redis -g redis -m 0750 '{{.Data}}'
{{- if .TLS}}
chown -R root:redis /etc/redis/tls
chmod 0640 /etc/redis/tls/key.pem
{{- end}}
if [[ -e /etc/redis/.storefront ]]; then
  exit 0
fi
# shellcheck source=/dev/null
. /etc/storefront/secrets.env
password="${{.PasswordEnv}}"
quoted=${password//\\/\\\\}
quoted=${quoted//\"/\\\"}

primary='{{.First}}'
{{- if .Others}}
for other in{{range .Others}} {{.}}{{end}}; do
  answer=$(REDISCLI_AUTH=$password timeout 5 redis-cli --no-auth-warning -h "$other" -p {{.SentinelPort}}{{if .TLS}} --tls --cacert /etc/redis/tls/authority.pem{{end}} \
    SENTINEL get-master-addr-by-name {{.Purpose}} 2>/dev/null | head -n 1) || answer=
  if [[ $answer =~ ^[0-9]+\.[0-9]+\.[0-9]+\.[0-9]+$ ]]; then
    primary=$answer
    break
  fi
done
{{- end}}

work=$(mktemp -d -p /etc/redis)
trap 'rm -rf "$work"' EXIT
{
  cat "$share/redis.conf"
  printf 'requirepass "%s"\nmasterauth "%s"\n' "$quoted" "$quoted"
  if [[ $primary != '{{.Address}}' ]]; then
    printf 'replicaof %s {{.Port}}\n' "$primary"
  fi
} >"$work/redis.conf"
{{- if .Others}}
{
  sed "s/@PRIMARY@/$primary/" "$share/sentinel.conf"
  printf 'requirepass "%s"\nsentinel sentinel-pass "%s"\nsentinel auth-pass {{.Purpose}} "%s"\n' "$quoted" "$quoted" "$quoted"
} >"$work/sentinel.conf"
chown redis:redis "$work/sentinel.conf"
mv -f "$work/sentinel.conf" /etc/redis/sentinel.conf
{{- end}}
chown redis:redis "$work/redis.conf"
mv -f "$work/redis.conf" /etc/redis/redis.conf
touch /etc/redis/.storefront
