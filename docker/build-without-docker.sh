#!/usr/bin/env bash
# Builds docker/Dockerfile and runs the image without a Docker engine or an image registry. It needs root
# on Debian with buildah, debootstrap, npm and curl, and the package registries of Debian and npm.
#
#   docker/build-without-docker.sh            CACHE=folder (.tools/image), PORT=port (18080), STORAGE_DRIVER=overlay or vfs
#
# It creates the two base images under the names that the Dockerfile uses: Debian with debootstrap, Node from the npm
# registry's package of the same version. The exit status is 1 if a check failed.
set -euo pipefail
cd "$(dirname "$0")/.."

cache=${CACHE:-$PWD/.tools/image}
port=${PORT:-18080}
url=http://127.0.0.1:$port
image=face-comparison
failed=0
container=

ok() { echo "ok      $*"; }
fail() { echo "FAILED  $*"; failed=1; }
check() { local text=$1; shift; if "$@"; then ok "$text"; else fail "$text"; fi; }
# Separate storage, so that the machine's images are left alone.
store() { local verb=$1; shift; buildah --root "$cache/storage" --runroot "$cache/run" --storage-driver "$driver" "$verb" "$@"; }
has_image() { store inspect --type image "$1" > "$cache/inspect.json" 2>/dev/null; }
# A field of the image's configuration, such as Cmd, one element per line.
config() { has_image "$image" && node -p "[JSON.parse(fs.readFileSync('$cache/inspect.json')).Docker.config.$1].flat().join('\n')"; }

for tool in buildah debootstrap npm node curl unshare; do
  command -v "$tool" > /dev/null || { echo "$tool is missing: apt-get install buildah debootstrap npm curl" >&2; exit 2; }
done
[ "$(id -u)" = 0 ] || { echo 'This needs root, for debootstrap and chroot.' >&2; exit 2; }
mkdir -p "$cache"
driver=${STORAGE_DRIVER:-overlay}

# ---- base images ---------------------------------------------------------------------------------------------------
base_image() { sed -n "s/^FROM \($1:[^ ]*\) AS.*/\1/p" docker/Dockerfile | sort --unique; }
debian_image=$(base_image debian)
node_image=$(base_image node)
debian=${debian_image#debian:} debian=${debian%-slim}
node_version=${node_image#node:} node_version=${node_version%%-*}

make_debian() {
  rm -rf "$cache/debian"
  debootstrap --variant=minbase --include=ca-certificates "$debian" "$cache/debian" > "$cache/debootstrap.log"
  rm -rf "$cache"/debian/var/cache/apt/* "$cache"/debian/var/lib/apt/lists/* \
    "$cache"/debian/usr/share/{doc,man,locale}/* # as Debian's own slim image
  commit_folder "$cache/debian" scratch "$debian_image"
  rm -rf "$cache/debian"
}

make_node() {
  local root=$cache/node
  rm -rf "$root"
  mkdir -p "$root/unpack" "$root/root/usr/local/bin" "$root/root/usr/local/lib/node_modules"
  (cd "$root/unpack" && npm pack --silent "node-linux-$(node -p process.arch)@$node_version" npm@10 > /dev/null)
  tar -xzf "$root"/unpack/node-linux-*.tgz -C "$root/unpack" package/bin/node
  mv "$root/unpack/package/bin/node" "$root/root/usr/local/bin/node"
  rm -r "$root/unpack/package"
  tar -xzf "$root"/unpack/npm-*.tgz -C "$root/unpack"
  mv "$root/unpack/package" "$root/root/usr/local/lib/node_modules/npm"
  ln -s ../lib/node_modules/npm/bin/npm-cli.js "$root/root/usr/local/bin/npm"
  chmod 755 "$root/root/usr/local/bin/node" "$root/root/usr/local/lib/node_modules/npm/bin/npm-cli.js"
  commit_folder "$root/root" "$debian_image" "$node_image"
  rm -rf "$root"
}

commit_folder() { # folder, base, name
  local base
  base=$(store from --pull-never "$2")
  store copy --quiet "$base" "$1" / > /dev/null
  store commit --quiet --rm "$base" "$3" > /dev/null
}

has_image "$debian_image" || { echo "making $debian_image"; make_debian; }
has_image "$node_image" || { echo "making $node_image"; make_node; }

# ---- build ---------------------------------------------------------------------------------------------------------
# This machine's registry settings: passed in while npm runs, stored in no layer.
npmrc=$(mktemp)
trap 'rm -f "$npmrc"' EXIT
certificates=$(npm config get cafile)
[ "$certificates" != null ] || certificates=/etc/ssl/certs/ca-certificates.crt
{
  echo "registry=$(npm config get registry)"
  echo "cafile=$certificates"
} > "$npmrc"

echo "building $image"
seconds=$SECONDS
store bud --isolation chroot --format docker --layers --pull-never --quiet \
  --secret "id=npmrc,src=$npmrc" --volume "$certificates:$certificates:ro" \
  --tag "$image" --file docker/Dockerfile . > "$cache/build.log" 2>&1 || { tail -40 "$cache/build.log"; exit 1; }
ok "built in $((SECONDS - seconds)) s (log: $cache/build.log)"

container=$(store from --pull-never "$image")
root=$(store mount "$container")
stop_all() {
  if [ -n "${server:-}" ]; then
    mapfile -t processes < <(node_process)
    kill -KILL "${processes[@]}" "$server" 2>/dev/null || true
  fi
  store umount "$container" > /dev/null && store rm "$container" > /dev/null
  # Left behind by buildah; otherwise the folder could not be deleted.
  ! mountpoint --quiet "$cache/storage/overlay" || umount "$cache/storage/overlay"
  rm -f "$npmrc"
}
trap stop_all EXIT

# ---- what is in it -------------------------------------------------------------------------------------------------
readarray -t command < <(config Cmd)
readarray -t environment < <(config Env)
readarray -t health_check < <(config Healthcheck.Test)
user=$(config User)
binding=$root/app/node_modules/onnxruntime-node/bin/napi-v6
check "the command is in the exec form: ${command[*]}" [ "${command[0]}" = node ]
check "the user is not root: $user" [ "${user%%:*}" -gt 0 ]
check "nothing in the image belongs to the user" [ -z "$(find "$root" -xdev -user "${user%%:*}" -print -quit)" ]
check "one platform's onnxruntime: $(cd "$binding" && echo */*)" [ "$(find "$binding" -name '*.node' | wc -l)" = 1 ]
check 'no compiler, no npm, no tests' \
  [ -z "$(find "$root/app/node_modules" "$root/app/dist" "$root/usr/local/bin" -maxdepth 1 \( -name typescript -o -name npm \) -print
    find "$root/app/dist" -name '*.test.js')" ]
check 'no registry settings' [ -z "$(find "$root/root" "$root/app" -maxdepth 1 -name .npmrc -print -quit)" ]
size() { du --summarize --block-size=1M --one-file-system "$@" | cut -f1; }
echo "size    $(size "$root") MB unpacked: Debian $(($(size "$root") - $(size "$root/app") - $(size "$root/usr/local"))), \
Node $(size "$root/usr/local"), packages $(size "$root/app/node_modules"), models $(size "$root/app/models"); \
$(tar --create --one-file-system --directory "$root" . | gzip -1 | wc --bytes | awk '{ printf "%d", $1 / 2^20 }') MB by gzip"

# ---- the running image ---------------------------------------------------------------------------------------------
wait_until_ready() {
  for _ in $(seq 120); do
    curl --silent --fail --output /dev/null "$url/health/ready" && return
    kill -0 "$server" 2>/dev/null || return 1
    sleep 0.5
  done
  return 1
}
descendants() { local child; for child in $(pgrep --parent "$1"); do echo "$child"; descendants "$child"; done; }
node_process() { for process in $(descendants "$server"); do
  [ "$(basename "$(readlink "/proc/$process/exe")")" != node ] || { echo "$process"; return; }; done; }
field() { sed -n "s/^$1:[[:space:]]*//p" "/proc/$2/status"; }

# The README's request, and one that must fail.
exercise() {
  local answer status
  answer=$(curl --silent --fail -F image1=@test/photographs/obama.jpg -F image2=@test/photographs/obama2.jpg "$url/compare")
  check "$1: POST /compare finds the two photographs to match" \
    node -e 'process.exit(JSON.parse(process.argv[1]).match === true ? 0 : 1)' "${answer:-null}"
  status=$(curl --silent --output /dev/null --write-out '%{http_code}' \
    -F image1=@test/photographs/obama.jpg -F image2=@LICENSE "$url/compare")
  check "$1: a text instead of a photograph is refused: $status" [ "${status:0:1}" = 4 ]
}

# /metrics has every metric that the dashboard uses.
metrics() {
  local name missing=()
  curl --silent --fail --output "$cache/metrics" "$url/metrics" || true
  for name in $(grep --only-matching --no-filename --extended-regexp '\b(face|nodejs|process)_[a-z0-9_]+' \
    docker/grafana/dashboards/face-comparison.json | sort --unique); do
    # A counter that has counted nothing has a type but no values.
    grep --quiet --extended-regexp "^(# TYPE )?${name}[{ ]" "$cache/metrics" || missing+=("$name")
  done
  check "$1: /metrics has what the dashboard shows${missing:+, but for ${missing[*]}}" [ ${#missing[@]} = 0 ]
}

# As an orchestrator does: SIGTERM, a grace period, then SIGKILL.
stop() {
  local process code=0
  process=$(node_process)
  kill -TERM "$process"
  for _ in $(seq 80); do kill -0 "$process" 2>/dev/null || break; sleep 0.5; done
  if kill -KILL "$process" 2>/dev/null; then fail "$1: SIGTERM did not end it in 40 s"; fi
  wait "$server" || code=$?
  server=
  check "$1: SIGTERM ends it with exit code $code" [ "$code" = 0 ]
}

in_container() { store run --isolation chroot --env PORT="$port" "$container" -- "$@"; }

by_buildah() {
  in_container "${command[@]}" > "$cache/server.log" 2>&1 &
  server=$!
  wait_until_ready || { fail 'buildah run: not ready'; tail -20 "$cache/server.log"; return; }
  ok 'buildah run: ready'
  local process
  process=$(node_process)
  check "buildah run: its user is $(field Uid "$process" | cut -f1)" [ "$(field Uid "$process" | cut -f2)" = "${user%%:*}" ]
  check 'buildah run: the health check passes' in_container "${health_check[@]:1}"
  exercise 'buildah run'
  check 'buildah run: the command finds the models intact' in_container face-comparison models verify
  metrics 'buildah run'
  echo "memory  $(field VmRSS "$process")"
  stop 'buildah run'
  check 'buildah run: the health check fails once it has stopped' [ "$(in_container "${health_check[@]:1}" 2> /dev/null; echo $?)" = 1 ]
  check 'buildah run: it has written no file' [ -z "$(find "$root" -xdev -user "${user%%:*}" -print -quit)" ]
  check 'buildah run: telemetry is off' bash -c "! grep --quiet --ignore-case telemetry '$cache/server.log'"
}

# As an engine would with --read-only --tmpfs /tmp --cap-drop ALL: Node is process 1 of its own process namespace.
read_only() {
  env --ignore-environment "${environment[@]}" PORT="$port" unshare --mount --pid --fork --kill-child bash -c '
    set -e
    root=$1 user=$2; shift 2
    mount --bind "$root" "$root"
    mount -t proc proc "$root/proc"
    mount -t tmpfs tmpfs "$root/tmp"
    mount --bind /dev "$root/dev"
    mount -o remount,bind,ro "$root"
    exec chroot "$root" setpriv --reuid "${user%:*}" --regid "${user#*:}" --clear-groups --no-new-privs \
      --bounding-set=-all --inh-caps=-all sh -c "cd /app && exec \"\$@\"" sh "$@"
  ' bash "$root" "$user" "${command[@]}" > "$cache/read-only.log" 2>&1 &
  server=$!
  wait_until_ready || { fail 'read-only root: not ready'; tail -20 "$cache/read-only.log"; return; }
  ok 'read-only root: ready'
  local process
  process=$(node_process)
  check "read-only root: Node is process $(field NSpid "$process" | awk '{ print $NF }')" \
    [ "$(field NSpid "$process" | awk '{ print $NF }')" = 1 ]
  check "read-only root: the root cannot be written" bash -c "! touch /proc/$process/root/app/x 2>/dev/null"
  check "read-only root: capabilities $(field CapBnd "$process")" [ "$(field CapBnd "$process")" = 0000000000000000 ]
  exercise 'read-only root'
  check 'read-only root: nothing is left in /tmp' [ -z "$(find "/proc/$process/root/tmp" -type f)" ]
  stop 'read-only root'
}

by_buildah
read_only

cat <<'TEXT'
Not checked, for want of a Docker engine or a GPU: docker build and docker run themselves, the health check's schedule,
docker run --gpus all with the CUDA image, docker compose up, and the published base images, whose place others took.
TEXT
exit "$failed"
