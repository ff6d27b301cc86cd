#!/bin/bash
set -euo pipefail
install -d -o root -g adm -m 0750 '{{.Data}}/logs'
install -d -o root -g root -m 0755 '{{.Data}}/reports'
