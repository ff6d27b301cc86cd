#!/bin/bash
set -euo pipefail
release='solr-{{.Release.Version}}'
data='{{.Data}}'
id solr >/dev/null 2>&1 || useradd --system --home-dir "$data" --shell /usr/sbin/nologin solr
if [[ ! -x /opt/$release/bin/solr ]]; then
  work=$(mktemp -d -p /opt)
  trap 'rm -rf "$work"' EXIT
  curl --fail --silent --show-error --location --proto '=https' --retry 5 {{if .Proxy}}--proxy '{{.Proxy}}' {{end}}-o "$work/solr.tgz" '{{.Release.URL}}'
  echo "{{.Release.SHA512}}  $work/solr.tgz" | sha512sum --check --quiet
  tar --extract --gzip --no-same-owner --file "$work/solr.tgz" --directory "$work"
  mv "$work/$release" "/opt/$release"
fi
ln -sfn "$release" /opt/solr
# The index of a predecessor stays; only what is missing is laid.
core="$data/home/{{.Core}}"
install -d -o solr -g solr -m 0750 "$data" "$data/home" "$data/logs" "$core"
if [[ ! -e $data/home/solr.xml ]]; then
  cp /opt/solr/server/solr/solr.xml "$data/home/solr.xml"
fi
if [[ ! -d $core/conf ]]; then
  cp -R /opt/solr/server/solr/configsets/_default/conf "$core/conf.new"
  mv "$core/conf.new" "$core/conf"
fi
# Which of the servers leads is the declaration's to say, at every set-up.
cp /usr/local/share/storefront/configoverlay.json "$core/conf/configoverlay.json"
if [[ ! -e $core/core.properties ]]; then
  printf 'name={{.Core}}\n' >"$core/core.properties"
fi
chown -R solr:solr "$data"
