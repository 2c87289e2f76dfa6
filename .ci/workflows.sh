#!/usr/bin/env bash
# The workflows of .github (actionlint) and the shell scripts (shellcheck).
set -euo pipefail
cd "$(dirname "$0")/.."
# shellcheck source=.ci/tools.sh
source .ci/tools.sh

version=v1.7.12
actionlint=.tools/actionlint-$version/actionlint
if [ ! -x "$actionlint" ]; then
  GOBIN=$PWD/$(dirname "$actionlint") go install "github.com/rhysd/actionlint/cmd/actionlint@$version"
fi

# actionlint hands the scripts inside the workflows to shellcheck.
"$actionlint" -shellcheck "$tools/bin/shellcheck"
"$tools/bin/shellcheck" --external-sources --severity=warning .ci/run .ci/*.sh docker/*.sh
echo 'workflows and scripts: no complaints'
