#!/bin/bash
# Lays the application's release and makes it the current one.
set -euo pipefail
root=/srv/storefront
mkdir -p "$root/releases"
work=$(mktemp -d -p "$root/releases" .new.XXXXXX)
trap 'rm -rf "$work"' EXIT
{{- if .ReleaseInS3}}
aws --region '{{.Region}}' s3 cp --only-show-errors '{{.Release}}' "$work/release.tar.gz"
{{- else}}
curl --fail --silent --show-error --location --proto '=https' --retry 5 {{if .Proxy}}--proxy '{{.Proxy}}' {{end}}-o "$work/release.tar.gz" '{{.Release}}'
{{- end}}
name=$(sha256sum "$work/release.tar.gz" | cut -c 1-16)
if [[ ! -d $root/releases/$name ]]; then
  mkdir "$work/tree"
  tar --extract --gzip --no-same-owner --file "$work/release.tar.gz" --directory "$work/tree"
  test -f "$work/tree/pub/index.php" || { echo 'the release has no pub/index.php' >&2; exit 1; }
{{- if .MediaMount}}
  rm -rf "$work/tree/pub/media"
  ln -s /srv/media "$work/tree/pub/media"
{{- end}}
  chmod 0755 "$work/tree"
  mkdir -p "$work/tree/var" "$work/tree/generated"
  chown -R www-data:www-data "$work/tree/var" "$work/tree/generated"
  mv "$work/tree" "$root/releases/$name"
fi
ln -sfn "releases/$name" "$root/.current"
mv -fT "$root/.current" "$root/current"
