#!/bin/sh
# Compiles the example web server into a static program: build.sh TARGET. Does nothing when TARGET is up to date.
set -eu
here=$(cd "$(dirname "$0")" && pwd)
target=$1
if [ -x "$target" ] && [ "$target" -nt "$here/web.c" ] && [ "$target" -nt "$here/build.sh" ]; then
    exit 0
fi
if ! command -v musl-gcc >/dev/null 2>&1; then
    echo "the example image needs musl-gcc: apt-get install musl-tools" >&2
    exit 1
fi
mkdir -p "$(dirname "$target")"
# No build ids, paths or dates: the same compiler makes the same bytes, so the image's digest is stable.
musl-gcc -std=c11 -Os -static -Wall -Wextra -Werror -fno-ident -Wl,--build-id=none -s \
    -idirafter /usr/include -idirafter "/usr/include/$(uname -m)-linux-gnu" \
    -o "$target.new" "$here/web.c"
mv "$target.new" "$target"
