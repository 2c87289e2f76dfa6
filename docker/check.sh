#!/usr/bin/env bash
# Checks the deployment files in docker/ without a Docker engine or a cluster: Dockerfiles (hadolint, checkov), the compose
# file (its schema), the Helm chart (helm, kubernetes-validate, checkov), Prometheus, Grafana and the proxy (their own
# parsers). It needs python3, go, node and, for the last three, Debian's packages. The tools are fetched once.
#
#   docker/check.sh            TOOLS=folder (default .tools/check)
set -euo pipefail
cd "$(dirname "$0")"

tools=${TOOLS:-$PWD/../.tools/check}
mkdir -p "$tools"
tools=$(cd "$tools" && pwd)
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
chart=helm/face-comparison
helm_version=v4.3.1

# ---- tools ---------------------------------------------------------------------------------------------------------
if ! cmp --silent check-requirements.txt "$tools/requirements.txt"; then
  rm -rf "$tools/python"
  python3 -m venv "$tools/python"
  "$tools/python/bin/pip" install --quiet --requirement check-requirements.txt
  cp check-requirements.txt "$tools/requirements.txt"
fi
if [ ! -x "$tools/helm" ]; then
  GOBIN=$tools go install "helm.sh/helm/v4/cmd/helm@$helm_version"
fi
if [ ! -d "$tools/debian" ]; then
  # Unpacked, not installed: installing would start services.
  mkdir "$tools/download"
  (cd "$tools/download" \
    && apt-get download -qq prometheus haproxy liblua5.3-0 libopentracing-c-wrapper0 libopentracing1 2> /dev/null \
    && for package in *.deb; do dpkg --extract "$package" ../debian; done)
  rm -r "$tools/download"
fi
export PATH=$tools/python/bin:$tools:$tools/debian/usr/bin:$tools/debian/usr/sbin:$PATH
library_path=$(dirname "$(find "$tools/debian/usr/lib" -name 'liblua5.3.so.0' -print -quit)")

step() { echo "== $*"; }

# ---- images --------------------------------------------------------------------------------------------------------
step 'Dockerfiles: hadolint, checkov'
hadolint Dockerfile Dockerfile.cuda
checkov --config-file checkov.yaml --framework dockerfile --file Dockerfile Dockerfile.cuda

step "cuda-requirements.txt: onnxruntime-gpu of onnxruntime-node's version"
node --eval '
  const { packages } = JSON.parse(fs.readFileSync("../package-lock.json", "utf8"));
  const { version } = packages["node_modules/onnxruntime-node"];
  if (!fs.readFileSync("cuda-requirements.txt", "utf8").includes(`onnxruntime-gpu==${version} `)) {
    console.error(`package-lock.json has onnxruntime-node ${version}`);
    process.exit(1);
  }'

# ---- compose -------------------------------------------------------------------------------------------------------
step 'compose.yaml: schema of the compose specification'
check-jsonschema --builtin-schema vendor.compose-spec compose.yaml

step 'prometheus.yml: promtool'
promtool check config --syntax-only prometheus/prometheus.yml

step 'Grafana: every query of the dashboard, by promtool'
node --eval '
  const { panels } = JSON.parse(fs.readFileSync("grafana/dashboards/face-comparison.json", "utf8"));
  const queries = panels.flatMap(({ targets = [] }) => targets.map(({ expr }) => expr));
  const rules = queries.map((query, i) => ({ record: `query:${i}`, expr: query.replaceAll("$__rate_interval", "1m") }));
  console.log(JSON.stringify({ groups: [{ name: "dashboard", rules }] }));' > "$work/queries.yml"
promtool check rules "$work/queries.yml"

step 'proxy/haproxy.cfg: haproxy'
LD_LIBRARY_PATH=$library_path haproxy -c -f proxy/haproxy.cfg

# ---- chart ---------------------------------------------------------------------------------------------------------
render() { # name, values file…
  local name=$1 options=()
  shift
  for values in "$@"; do options+=(--values "$values"); done
  helm lint --strict --quiet "$chart" "${options[@]}"
  helm template face-comparison "$chart" --namespace faces "${options[@]}" > "$work/$name.yaml"
}
step "chart: helm lint and template, $helm_version"
mkdir "$work/rendered"
render rendered/default
render rendered/gpu "$chart/values-gpu.yaml"
render rendered/everything "$chart/ci/everything-values.yaml"
render rendered/existing-secret "$chart/ci/existing-secret-values.yaml"
render monitoring "$chart/ci/monitoring-values.yaml"

step 'chart: values that must be refused'
for value in image.tag=latest workers=0 workers=two unknown=1 settings.WORKERS=3 'apiKeys.keys={short}'; do
  if helm template face-comparison "$chart" --set "$value" > /dev/null 2>&1; then
    echo "values.schema.json accepts $value" >&2
    exit 1
  fi
done

step "chart: Kubernetes' schemas, oldest and newest"
oldest=$(sed -n "s/^kubeVersion: '>=\([0-9]*\.[0-9]*\).*/\1/p" "$chart/Chart.yaml")
kubernetes-validate --strict --quiet --kubernetes-version "$oldest" "$work"/rendered/*.yaml
kubernetes-validate --strict --quiet "$work"/rendered/*.yaml

step 'chart: checkov'
checkov --config-file checkov.yaml --framework kubernetes --directory "$work/rendered"

echo 'docker/: all checks passed'
