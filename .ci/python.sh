#!/usr/bin/env bash
# The Python in the repository: ruff, then the tests of test/pyeer and models/convert. Their packages (for the latter
# 6.5 GB on Linux, TensorFlow and torch among them) go into .tools/pyeer and .tools/convert on first use.
#
#   .ci/python.sh [pytest's arguments for models/convert]
set -euo pipefail
cd "$(dirname "$0")/.."
# shellcheck source=.ci/tools.sh
source .ci/tools.sh

"$tools/bin/ruff" check --no-cache .
"$tools/bin/ruff" format --no-cache --check .

# The newest versions for which torch 2.2.2 has wheels (models/convert/requirements.txt).
find_python() {
  local name
  for name in python3.11 python3.12 python3; do
    if "$name" -c 'import sys; sys.exit(sys.version_info[:2] not in ((3, 11), (3, 12)))' 2> /dev/null; then
      echo "$name"
      return
    fi
  done
  echo 'the tests of test/pyeer and models/convert need Python 3.11 or 3.12' >&2
  return 1
}

# install NAME REQUIREMENTS: into .tools/NAME, unless they are there.
install() {
  local environment=$PWD/.tools/$1 requirements=$2 python
  if cmp --silent "$requirements" "$environment/requirements.txt"; then return; fi
  python=$(find_python)
  rm -rf "$environment"
  "$python" -m venv "$environment"
  # uv takes a third of pip's time, but ignores pip's settings, such as a mirror.
  "$tools/bin/uv" pip install --quiet --python "$environment/bin/python" --requirement "$requirements" \
    || "$environment/bin/pip" install --quiet --disable-pip-version-check --requirement "$requirements"
  cp "$requirements" "$environment/requirements.txt"
}

install pyeer test/pyeer/requirements.txt
(cd test/pyeer && ../../.tools/pyeer/bin/python -m pytest -p no:cacheprovider)

install convert models/convert/requirements.txt
cd models/convert
# Threads that wait for each other take minutes when other processes use the same cores.
OMP_NUM_THREADS=1 ../../.tools/convert/bin/python -m pytest -p no:cacheprovider "$@"
