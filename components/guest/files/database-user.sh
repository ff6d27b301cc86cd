#!/bin/bash
# Keeps the shop's own user in the database: the master's password changes every
# week by itself, and is nobody's but this server's to read.
#   storefront-database-user           make the user, and put its secret where it has no value
#   storefront-database-user --rotate  move the shop to the other of its two users, with a new password
# Both can be run again at any time. Values go through pipes, built-ins and files
# in memory alone: never into an argument, a log or onto a disk.
set -euo pipefail
set +x
umask 077
region='{{.Region}}'
master='{{.MasterARN}}'
shop='{{.ShopARN}}'
declare -A pooled=({{range $i, $arn := .PooledARNs}}{{if $i}} {{end}}[{{if $i}}shop_b{{else}}shop_a{{end}}]='{{$arn}}'{{end}})
# Servers read their secrets anew within 20 minutes; none may know an older one.
settled=3600

fail() { echo "storefront-database-user: $*" >&2; exit 1; }

mkdir -p /run/storefront
exec 9>/run/storefront/database-user.lock
flock 9
work=$(mktemp -d -p /run/storefront .database-user.XXXXXX)
trap 'rm -rf "$work"' EXIT

# fetch ARN FILE reads a secret; one without a value leaves an empty file.
fetch() {
  if aws --region "$region" secretsmanager get-secret-value --secret-id "$1" --query SecretString --output text >"$2" 2>"$work/reason"; then
    return
  fi
  : >"$2"
  grep -q ResourceNotFoundException "$work/reason" || fail "secret $1 can't be read: $(tail -n 1 "$work/reason")"
}

# put ARN USER PASSWORD gives a secret its value.
put() {
  printf '{"username":"%s","password":"%s","host":"%s","port":%d,"dbname":"%s","changed":%d}' \
    "$2" "$3" '{{.ShopHost}}' '{{.ShopPort}}' '{{.Schema}}' "$EPOCHSECONDS" >"$work/value"
  aws --region "$region" secretsmanager put-secret-value --secret-id "$1" --secret-string "file://$work/value" --query VersionId --output text \
    >/dev/null 2>"$work/reason" || fail "secret $1 can't be written: $(tail -n 1 "$work/reason")"
}

# draw prints a new password of letters and digits.
draw() {
  local password
  password=$(aws --region "$region" secretsmanager get-random-password --password-length 40 --exclude-punctuation \
    --require-each-included-type --query RandomPassword --output text 2>"$work/reason") || fail "no password was drawn: $(tail -n 1 "$work/reason")"
  [[ $password =~ ^[A-Za-z0-9]{40}$ ]] || fail "what was drawn is no password of letters and digits"
  printf '%s' "$password"
}

# field FILE KEY prints a field of a secret, nothing where the secret has no value.
field() {
  [[ -s $1 ]] || return 0
  jq --raw-output --arg key "$2" '.[$key] // empty' <"$1" 2>/dev/null || fail "a secret is no JSON object"
}

# as HOST PORT USER PASSWORD runs the SQL that comes in, over TLS, by the host's own certificate.
as() {
  local password=${4//\\/\\\\}
  password=${password//\"/\\\"}
  printf '[client]\nprotocol=tcp\nhost=%s\nport=%s\nuser=%s\npassword="%s"\nssl-ca=%s\nssl-verify-server-cert\nconnect-timeout=10\n' \
    "$1" "$2" "$3" "$password" /etc/storefront/database-ca.pem >"$work/client.cnf"
  mariadb --defaults-file="$work/client.cnf" --batch --skip-column-names
}

# user NAME PASSWORD makes a user, or gives it the password. The rights are what
# the application needs to install, upgrade and sell, and end with its schema. Of
# a failure only the number is told: the rest may quote the statement.
user() {
  printf '%s\n' \
    "CREATE USER IF NOT EXISTS '$1'@'%' IDENTIFIED BY '$2' REQUIRE SSL;" \
    "ALTER USER '$1'@'%' IDENTIFIED BY '$2' REQUIRE SSL;" \
    'GRANT SELECT, INSERT, UPDATE, DELETE, CREATE, DROP, ALTER, INDEX, REFERENCES, TRIGGER, CREATE VIEW, SHOW VIEW, EXECUTE,' \
    "  CREATE TEMPORARY TABLES, LOCK TABLES ON \`{{.Grantable}}\`.* TO '$1'@'%';" |
    as '{{.Host}}' '{{.Port}}' "$master_user" "$master_password" 2>"$work/reason" ||
    fail "user $1 can't be made: $(grep -Eo '^ERROR [0-9]+ \([0-9A-Z]+\)' "$work/reason" || echo 'no reason given')"
}

# try NAME PASSWORD logs in as the shop will; a pool of connections takes a while to read a new secret.
try() {
  for _ in {1..30}; do
    echo 'SELECT 1;' | as '{{.ShopHost}}' '{{.ShopPort}}' "$1" "$2" >/dev/null 2>"$work/reason" && return
    sleep 10
  done
  fail "user $1 can't log in: $(tail -n 1 "$work/reason")"
}

# keep NAME PASSWORD makes the user, and tells the pool of connections where there is one.
keep() {
  user "$1" "$2"
  [[ -n ${pooled[$1]:-} ]] || return 0
  fetch "${pooled[$1]}" "$work/pooled"
  [[ $(field "$work/pooled" password) == "$2" ]] || put "${pooled[$1]}" "$1" "$2"
}

[[ -s /etc/storefront/database-ca.pem ]] || /usr/local/sbin/storefront-database-ca
fetch "$master" "$work/master"
master_user=$(field "$work/master" username)
master_password=$(field "$work/master" password)
rm -f "$work/master"
[[ -n $master_user && -n $master_password ]] || fail "the master's secret has no value"
fetch "$shop" "$work/shop"
name=$(field "$work/shop" username)
password=$(field "$work/shop" password)

if [[ ${1:-} == --rotate ]]; then
  [[ -n $name ]] || fail "there is no user to rotate yet"
  changed=$(field "$work/shop" changed)
  age=$((EPOCHSECONDS - ${changed:-0}))
  ((age >= settled)) || fail "the last change is $age s ago; wait until it is $settled, so that every server knows it"
  if [[ $name == shop_a ]]; then name=shop_b; else name=shop_a; fi
  password=$(draw)
  keep "$name" "$password"
  try "$name" "$password"
  put "$shop" "$name" "$password"
  echo "the shop moves to user $name within 20 minutes"
  exit 0
fi

for each in "${!pooled[@]}"; do
  [[ $each != "${name:-shop_a}" ]] || continue
  fetch "${pooled[$each]}" "$work/pooled"
  spare=$(field "$work/pooled" password)
  [[ -n $spare ]] || spare=$(draw)
  keep "$each" "$spare"
done
if [[ -n $name ]]; then
  keep "$name" "$password"
  exit 0
fi
password=$(draw)
keep shop_a "$password"
try shop_a "$password"
put "$shop" shop_a "$password"
