package dev.keelson.linux;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/** Sets of capabilities(7) as bit masks. */
public final class Capabilities {
    private static final List<String> NAMES = List.of(
            "CHOWN",
            "DAC_OVERRIDE",
            "DAC_READ_SEARCH",
            "FOWNER",
            "FSETID",
            "KILL",
            "SETGID",
            "SETUID",
            "SETPCAP",
            "LINUX_IMMUTABLE",
            "NET_BIND_SERVICE",
            "NET_BROADCAST",
            "NET_ADMIN",
            "NET_RAW",
            "IPC_LOCK",
            "IPC_OWNER",
            "SYS_MODULE",
            "SYS_RAWIO",
            "SYS_CHROOT",
            "SYS_PTRACE",
            "SYS_PACCT",
            "SYS_ADMIN",
            "SYS_BOOT",
            "SYS_NICE",
            "SYS_RESOURCE",
            "SYS_TIME",
            "SYS_TTY_CONFIG",
            "MKNOD",
            "LEASE",
            "AUDIT_WRITE",
            "AUDIT_CONTROL",
            "SETFCAP",
            "MAC_OVERRIDE",
            "MAC_ADMIN",
            "SYSLOG",
            "WAKE_ALARM",
            "BLOCK_SUSPEND",
            "AUDIT_READ",
            "PERFMON",
            "BPF",
            "CHECKPOINT_RESTORE");

    /** What Docker and containerd give a container that asks for nothing. */
    public static final List<String> DEFAULT = List.of(
            "CAP_CHOWN",
            "CAP_DAC_OVERRIDE",
            "CAP_FSETID",
            "CAP_FOWNER",
            "CAP_MKNOD",
            "CAP_NET_RAW",
            "CAP_SETGID",
            "CAP_SETUID",
            "CAP_SETFCAP",
            "CAP_SETPCAP",
            "CAP_NET_BIND_SERVICE",
            "CAP_SYS_CHROOT",
            "CAP_KILL",
            "CAP_AUDIT_WRITE");

    public static final long ALL = (1L << NAMES.size()) - 1;

    private Capabilities() {}

    /** What this process may use, and therefore may give. */
    public static long own() {
        try (Stream<String> lines = Files.lines(Path.of("/proc/self/status"))) {
            return lines.filter(line -> line.startsWith("CapPrm:"))
                    .map(line -> Long.parseLong(line.split("\\s+")[1], 16))
                    .findFirst()
                    .orElse(ALL);
        } catch (IOException unreadable) {
            throw new IllegalStateException("cannot read /proc/self/status", unreadable);
        }
    }

    /** The names of a mask, with {@code CAP_}. */
    public static List<String> names(long mask) {
        return IntStream.range(0, NAMES.size())
                .filter(index -> (mask & 1L << index) != 0)
                .mapToObj(index -> "CAP_" + NAMES.get(index))
                .toList();
    }

    /** The mask of names with or without {@code CAP_}; {@code ALL} is every one. Unknown names are refused. */
    public static long mask(Collection<String> names) {
        long mask = 0;
        for (String name : names) {
            String bare = name.toUpperCase(Locale.ROOT).replaceFirst("^CAP_", "");
            int index = NAMES.indexOf(bare);
            if (index < 0 && !bare.equals("ALL")) {
                throw new IllegalArgumentException("there is no capability " + name + "; the kernel knows " + NAMES);
            }
            mask |= index < 0 ? ALL : 1L << index;
        }
        return mask;
    }
}
