#!/usr/bin/env bash
# Starts the built service like `npm start`, and sends it photographs with curl as in the README.
set -euo pipefail
cd "$(dirname "$0")/.."

port=$(node --eval '
  const server = require("net").createServer();
  server.listen(0, "127.0.0.1", () => { console.log(server.address().port); server.close(); });')
HOST=127.0.0.1 PORT=$port LOG_LEVEL=warn node dist/apps/api/src/launch.js &
service=$!
trap 'kill $service; wait $service || true' EXIT
curl --silent --show-error --fail --output /dev/null --retry 60 --retry-delay 1 --retry-connrefused \
  "http://127.0.0.1:$port/health/ready"

# path, two photographs, expected part of the response
expect() {
  local answer
  answer=$(curl --silent --show-error -F "image1=@test/photographs/$2" -F "image2=@test/photographs/$3" \
    "http://127.0.0.1:$port$1")
  if [[ $answer != *"$4"* ]]; then
    echo "$1 with $2 and $3: expected $4 in $answer" >&2
    exit 1
  fi
  echo "$1 with $2 and $3: $4"
}
for path in /compare /mediapipe; do
  expect $path obama.jpg obama2.jpg '"match":true'
  expect $path obama.jpg biden.jpg '"match":false'
  expect $path obama.jpg cat.png '"code":"NO_FACE"'
done
