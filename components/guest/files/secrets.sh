#!/bin/bash
# Fetches the server's secrets with its instance role and writes them where only
# root can read. Values go through pipes and built-ins alone: never into an
# argument, a log, or a file that others can open.
#   storefront-secrets            fetch
#   storefront-secrets --restart  fetch, and restart what reads them if one changed
set -euo pipefail
set +x
umask 077
target=/etc/storefront/secrets.env
work=$(mktemp -d -p /etc/storefront .secrets.XXXXXX)
trap 'rm -rf "$work"' EXIT

# secret ENV ARN KEY REGION appends one line.
secret() {
  local value try
  for try in 1 2 3 4 5; do
    if aws --region "$4" secretsmanager get-secret-value --secret-id "$2" --query SecretString --output text \
      >"$work/answer" 2>"$work/reason"; then
      break
    fi
    if [[ $try -eq 5 ]] && grep -q ResourceNotFoundException "$work/reason"; then
      echo "secret for $1 has no value yet: $2" >&2
      return 1
    elif [[ $try -eq 5 ]]; then
      echo "secret for $1 can't be fetched: $(tail -n 1 "$work/reason")" >&2
      return 1
    fi
    sleep "$((try * 3))"
  done
  if [[ -n $3 ]]; then
    value=$(jq --exit-status --raw-output --arg key "$3" '.[$key] // empty' <"$work/answer") ||
      { echo "secret for $1 has no key $3" >&2; return 1; }
  else
    value=$(<"$work/answer")
  fi
  if [[ -z $value || $value == *$'\n'* ]]; then
    echo "secret for $1 is empty or has more than one line" >&2
    return 1
  fi
  value=${value//\\/\\\\}
  value=${value//\"/\\\"}
  value=${value//\$/\\\$}
  value=${value//\`/\\\`}
  printf '%s="%s"\n' "$1" "$value" >>"$work/secrets.env"
}

: >"$work/secrets.env"
{{- if .Values}}
cat /etc/storefront/secrets.values >>"$work/secrets.env"
{{- end}}
{{- range .Fetched}}
secret '{{.Env}}' '{{.ARN}}' '{{.JSONKey}}' '{{.Region}}'
{{- end}}
if cmp -s "$work/secrets.env" "$target"; then
  exit 0
fi
chmod 0600 "$work/secrets.env"
sync "$work/secrets.env"
mv -f "$work/secrets.env" "$target"
{{- if .Restart}}
if [[ ${1:-} == --restart ]]; then
  systemctl try-restart{{range .Restart}} {{.}}{{end}}
fi
{{- end}}
