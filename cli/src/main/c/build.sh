#!/bin/sh
# Builds the static supervisor and the JVM's small library: build.sh TARGET_DIR. What is newer than its source stays.
set -eu
cd "$(dirname "$0")"
mkdir -p "$1"

# compile OUTPUT SOURCE FLAG...
compile() {
  [ "$1" -nt "$2" ] && return
  command -v musl-gcc >/dev/null || { echo "musl-gcc is missing: apt-get install musl-tools" >&2; exit 1; }
  out=$1 source=$2
  shift 2
  # The kernel's headers come after musl's own, which must win.
  musl-gcc "$@" -O2 -Wall -Wextra -Werror -Wno-format-truncation \
    -idirafter /usr/include -idirafter "/usr/include/$(uname -m)-linux-gnu" -o "$out" "$source"
  strip "$out"
}

compile "$1/keelson-supervisor" supervisor.c -static
compile "$1/libkeelson-pages.so" pages.c -shared -fPIC -nostdlib
