# Sourced by bench/run: pulls of one 60 MB gzip layer from a docker-registry on loopback, by Keelson, podman, docker and
# by curl | gzip -dc | tar -x, taking turns.

# An OCI layout in the directory $1 with files of this machine as its only layer.
pull_layout() {
  local dir=$1 layer plain config manifest
  mkdir -p "$dir/blobs/sha256"
  find /usr/bin /usr/share/perl /usr/lib/python3 /usr/share/doc /usr/lib/x86_64-linux-gnu -xdev -type f -size -3000k 2>/dev/null |
    LC_ALL=C sort | xargs -d '\n' stat -c '%s %n' | awk '{ s += $1; if (s < 170000000) { sub(/^[0-9]+ /, ""); print } }' >"$dir/files"
  tar -C / -P --transform 's,^/,,' -cf "$dir/plain" -T "$dir/files"
  gzip -k "$dir/plain"
  plain=$(sha256sum "$dir/plain" | cut -d' ' -f1)
  layer=$(pull_blob "$dir" "$dir/plain.gz")
  printf '{"os":"linux","architecture":"%s","rootfs":{"type":"layers","diff_ids":["sha256:%s"]}}' \
    "$(dpkg --print-architecture)" "$plain" >"$dir/config"
  config=$(pull_blob "$dir" "$dir/config")
  printf '{"schemaVersion":2,"mediaType":"%s.manifest.v1+json","config":%s,"layers":[%s]}' application/vnd.oci.image \
    "$(pull_descriptor config.v1+json "$config" "$dir/config")" \
    "$(pull_descriptor layer.v1.tar+gzip "$layer" "$dir/plain.gz")" >"$dir/manifest"
  manifest=$(pull_blob "$dir" "$dir/manifest")
  printf '{"schemaVersion":2,"manifests":[%s]}' "$(pull_descriptor manifest.v1+json "$manifest" "$dir/manifest")" >"$dir/index.json"
  echo '{"imageLayoutVersion":"1.0.0"}' >"$dir/oci-layout"
  echo "$layer"
}

pull_blob() { # DIR FILE: copies the file to its place and prints its digest
  local digest
  digest=$(sha256sum "$2" | cut -d' ' -f1)
  cp "$2" "$1/blobs/sha256/$digest"
  echo "$digest"
}

pull_descriptor() { # TYPE DIGEST FILE
  printf '{"mediaType":"application/vnd.oci.image.%s","digest":"sha256:%s","size":%d}' "$1" "$2" "$(stat -c %s "$3")"
}

# Seconds that a command takes, appended to the file $1.
pull_timed() {
  local to=$1 begun
  shift
  begun=$(now)
  "$@" >/dev/null
  seconds "$begun" "$(now)" >>"$to"
  echo >>"$to"
}

pull_by_pipe() { curl -sf "$1" | gzip -dc | tar -xC "$2"; }

# What "keelson image pull" asks for, without the start of the command's JVM.
pull_by_api() {
  local pki=$KEELSON_DATA_DIR/pki
  curl -sf -X POST --cacert "$pki/ca.crt" --cert "$pki/admin.crt" --key "$pki/admin.key" \
    "https://127.0.0.1:$KEELSON_HTTPS_PORT/api/v1/nodes/$KEELSON_NODE_NAME/proxy/images/pull?reference=$1"
}

pull_podman() { podman --root "$work/podman" --runroot "$work/podman-run" "$@"; }

bench_pull() {
  local work=$KEELSON_DATA_DIR/bench-pull address=127.0.0.1:16450 layer name
  for name in docker-registry skopeo curl; do
    command -v $name >/dev/null || { echo "pull: not measured, $name is not installed"; return; }
  done
  mkdir -p "$work"
  layer=$(pull_layout "$work/layout")
  printf 'version: 0.1\nlog: {level: error}\nstorage: {filesystem: {rootdirectory: %s}}\nhttp: {addr: "%s"}\n' \
    "$work/registry" $address >"$work/registry.yml"
  docker-registry serve "$work/registry.yml" >"$work/registry.log" 2>&1 &
  registries=$!
  if [ -n "$docker_pid" ]; then
    # That daemon has a loopback of its own.
    nsenter -t "$docker_pid" -n ip link set lo up
    nsenter -t "$docker_pid" -n docker-registry serve "$work/registry.yml" >"$work/docker-registry.log" 2>&1 &
    registries="$registries $!"
  fi
  until curl -sf http://$address/v2/ >/dev/null; do sleep 0.1; done
  skopeo --insecure-policy copy -q --dest-tls-verify=false "oci:$work/layout" docker://$address/big:1
  for _ in 1 2 3 4 5; do
    ./keelson image rm $address/big:1 >/dev/null 2>&1 || true
    pull_timed "$work/keelson.s" ./keelson image pull -q $address/big:1
    ./keelson image rm $address/big:1 >/dev/null 2>&1 || true
    pull_timed "$work/api.s" pull_by_api $address/big:1
    rm -rf "$work/tree" && mkdir "$work/tree"
    pull_timed "$work/pipe.s" pull_by_pipe "http://$address/v2/big/blobs/sha256:$layer" "$work/tree"
    if command -v podman >/dev/null; then
      pull_podman rmi -af >/dev/null 2>&1 || true
      pull_timed "$work/podman.s" pull_podman pull -q --tls-verify=false $address/big:1
    fi
    if docker info >/dev/null 2>&1; then
      docker rmi -f $address/big:1 >/dev/null 2>&1 || true
      pull_timed "$work/docker.s" docker pull -q $address/big:1
    fi
  done
  stop_registries
  for name in keelson api pipe podman docker; do
    [ -e "$work/$name.s" ] || { echo "pull by $name: not measured (not installed, or no daemon)"; continue; }
    summary "pull 60 MB by $name" s <"$work/$name.s"
  done
  local own
  for own in keelson api; do
    for name in pipe podman docker; do
      [ -e "$work/$name.s" ] || continue
      paste <(sort -n "$work/$name.s" | sed -n 3p) <(sort -n "$work/$own.s" | sed -n 3p) |
        awk -v peer=$name -v own=$own '{ printf "%s / %s = %.1fx\n", peer, own, $1 / $2 }'
    done
  done
  ./keelson image rm $address/big:1 >/dev/null 2>&1 || true
  # podman keeps its store mounted on itself.
  if mountpoint -q "$work/podman/overlay"; then umount "$work/podman/overlay"; fi
}
