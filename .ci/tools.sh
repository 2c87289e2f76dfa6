# shellcheck shell=bash
# Sourced: the linters of requirements.txt, installed into .tools/ci on first use.
tools=$PWD/.tools/ci
if ! cmp --silent .ci/requirements.txt "$tools/requirements.txt"; then
  rm -rf "$tools"
  python3 -m venv "$tools"
  "$tools/bin/pip" install --quiet --disable-pip-version-check --requirement .ci/requirements.txt
  cp .ci/requirements.txt "$tools/requirements.txt"
fi
