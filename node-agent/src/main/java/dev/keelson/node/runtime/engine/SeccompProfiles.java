package dev.keelson.node.runtime.engine;

import dev.keelson.node.runtime.ContainerConfig.Seccomp;
import dev.keelson.node.runtime.seccomp.SeccompFilter;
import dev.keelson.node.runtime.seccomp.SyscallTable;
import java.nio.file.Path;
import java.util.Optional;

/** Compiles seccomp profiles; the launcher is asked for its table of system calls when the first one is. */
final class SeccompProfiles {
    private final Path launcher;
    private Optional<SyscallTable> table = Optional.empty();

    SeccompProfiles(Path launcher) {
        this.launcher = launcher;
    }

    synchronized SyscallTable table() {
        if (table.isEmpty()) {
            table = Optional.of(SyscallTable.of(launcher));
        }
        return table.get();
    }

    SeccompFilter compile(Seccomp.Profile profile) {
        try {
            return SeccompFilter.of(profile.json(), table());
        } catch (IllegalArgumentException wrong) {
            throw Failures.invalid("seccomp profile %s: %s".formatted(profile.name(), wrong.getMessage()));
        }
    }
}
