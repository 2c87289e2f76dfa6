#!/usr/bin/env bash
# The Python in the repository: ruff, then the tests of models/convert. Their packages (6.5 GB on Linux, TensorFlow and
# torch among them) go into .tools/convert on first use.
#
#   .ci/python.sh [pytest's arguments]
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
  echo 'the tests of models/convert need Python 3.11 or 3.12' >&2
  return 1
}

convert=$PWD/.tools/convert
requirements=models/convert/requirements.txt
if ! cmp --silent "$requirements" "$convert/requirements.txt"; then
  python=$(find_python)
  rm -rf "$convert"
  "$python" -m venv "$convert"
  # uv takes a third of pip's time, but ignores pip's settings, such as a mirror.
  "$tools/bin/uv" pip install --quiet --python "$convert/bin/python" --requirement "$requirements" \
    || "$convert/bin/pip" install --quiet --disable-pip-version-check --requirement "$requirements"
  cp "$requirements" "$convert/requirements.txt"
fi

cd models/convert
# Threads that wait for each other take minutes when other processes use the same cores.
OMP_NUM_THREADS=1 "$convert/bin/python" -m pytest -p no:cacheprovider "$@"
