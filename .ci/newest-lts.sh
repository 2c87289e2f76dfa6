#!/usr/bin/env bash
# Runs tests again on the newest LTS of Node, which .nvmrc names: those that depend most on Node itself (native packages,
# threads, HTTP, streams, processes). The others compute the same on every version. `npm run test:coverage` runs first and
# builds the service.
set -euo pipefail
cd "$(dirname "$0")/.."

major=$(cat .nvmrc)
if [ "$(node --print 'process.versions.node.split(".")[0]')" = "$major" ]; then
  echo "this is Node $major"
  exit
fi
# Node's binaries are also npm packages, one per platform; they may lag behind a release.
package=node-$(node --print '`${process.platform}-${process.arch}`')
folder=.tools/node-$major
if [ ! -x "$folder/node_modules/$package/bin/node" ]; then
  npm install --silent --no-save --prefix "$folder" "$package@$major"
fi
export PATH=$PWD/$folder/node_modules/$package/bin:$PATH
echo "Node $(node --version)"
node node_modules/vitest/vitest.mjs run apps bench k6 libs/inference \
  libs/face/src/{face-analyser,image/decode,image/quick-jpeg,image/wasm/heic,runtime/onnx-model}.test.ts \
  test/{calibrate,client,command-line,comparison,bad-input,launcher,logging,one-life,openapi,observability,processes}.test.ts
