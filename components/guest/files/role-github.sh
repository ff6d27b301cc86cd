#!/bin/bash
set -euo pipefail
home=/opt/actions-runner
id actions-runner >/dev/null 2>&1 || useradd --create-home --shell /bin/bash actions-runner
install -d -o actions-runner -g actions-runner "$home"
if [[ ! -x $home/config.sh ]]; then
  archive=$(mktemp)
  trap 'rm -f "$archive"' EXIT
  curl --fail --silent --show-error --location --proto '=https' --retry 5 {{if .Proxy}}--proxy '{{.Proxy}}' {{end}}-o "$archive" '{{.Runner.URL}}'
  echo "{{.Runner.SHA256}}  $archive" | sha256sum --check --quiet
  tar --extract --gzip --file "$archive" --directory "$home"
  chown -R actions-runner:actions-runner "$home"
  "$home/bin/installdependencies.sh"
fi
if [[ ! -e $home/.runner ]]; then
  # The token goes by the environment: an argument could be seen by every user.
  (
    # shellcheck source=/dev/null
    . /etc/storefront/secrets.env
    # With a personal access token the runner asks for its own registration
    # token, so that a replaced server registers again at any time.
    case ${{.TokenEnv}} in
      ghp_* | github_pat_*) export ACTIONS_RUNNER_INPUT_PAT="${{.TokenEnv}}" ;;
      *) export ACTIONS_RUNNER_INPUT_TOKEN="${{.TokenEnv}}" ;;
    esac
    cd "$home"
    exec setpriv --reuid=actions-runner --regid=actions-runner --init-groups ./config.sh --unattended --replace \
      --url '{{.URL}}'{{if .Labels}} --labels '{{.Labels}}'{{end}}
  )
fi
