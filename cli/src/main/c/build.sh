#!/bin/sh
# Builds the static supervisor: build.sh TARGET_DIR. Does nothing when it is newer than its source.
set -eu
cd "$(dirname "$0")"
out="$1/keelson-supervisor"
[ "$out" -nt supervisor.c ] && exit 0
command -v musl-gcc >/dev/null || { echo "musl-gcc is missing: apt-get install musl-tools" >&2; exit 1; }
mkdir -p "$1"
# The kernel's headers come after musl's own, which must win.
musl-gcc -static -O2 -Wall -Wextra -Werror -Wno-format-truncation \
  -idirafter /usr/include -idirafter "/usr/include/$(uname -m)-linux-gnu" -o "$out" supervisor.c
strip "$out"
