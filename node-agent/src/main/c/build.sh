#!/bin/sh
# Builds the launcher as a static program: build.sh [OUTPUT]. Does nothing when OUTPUT is newer than every source.
# Needs musl-gcc (Debian: musl-tools) and the kernel's headers (linux-libc-dev).
set -eu
here=$(cd "$(dirname "$0")" && pwd)
output=${1:-$here/../../../target/keelson-launcher}
if [ -x "$output" ] && [ -z "$(find "$here" -newer "$output" -type f)" ]; then
    exit 0
fi
if ! command -v musl-gcc >/dev/null; then
    echo "the container launcher needs musl-gcc: apt-get install musl-tools linux-libc-dev" >&2
    exit 1
fi
work=$output.build
mkdir -p "$work"
machine=$(musl-gcc -dumpmachine | cut -d- -f1)
# Programs of the 32-bit kind number their calls differently; the filter needs both tables.
: > "$work/syscalls_i386.h"
i386=$(find /usr/include -path '*asm/unistd_32.h' | head -n 1)
if [ "$machine" = x86_64 ]; then
    sed -n 's/^#define __NR_\([a-z0-9_]*\) \([0-9]*\)$/#define I386_\1 \2/p' "$i386" > "$work/syscalls_i386.h"
else
    sed -n 's/.*BOTH(\([a-z0-9_]*\),.*/#define I386_\1 NONE/p' "$here/seccomp.c" > "$work/syscalls_i386.h"
fi
# The table of all names, for profiles that people write (syscalls.c).
includes="-idirafter /usr/include -idirafter /usr/include/$machine-linux-gnu"
echo '#include <asm/unistd.h>' | musl-gcc $includes -E -dM - |
    sed -n 's/^#define __NR_\([a-z0-9_]*\) .*$/NATIVE(\1)/p' | sort > "$work/syscall_names.h"
sed -n 's/^#define I386_\([a-z0-9_]*\) [0-9]*$/I386(\1)/p' "$work/syscalls_i386.h" | sort >> "$work/syscall_names.h"
musl-gcc -std=gnu11 -Os -static -flto -s -Wall -Wextra -Werror -Wno-format-truncation \
    -fstack-protector-strong -D_FORTIFY_SOURCE=2 \
    -I"$here" -I"$work" $includes \
    -o "$output.new" "$here"/*.c
mv "$output.new" "$output"
