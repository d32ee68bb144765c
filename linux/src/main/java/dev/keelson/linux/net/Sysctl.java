package dev.keelson.linux.net;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** Kernel settings below {@code /proc/sys/net}, which show and set the namespace of the thread that opens them. */
public final class Sysctl {
    private static final Path ROOT = Path.of("/proc/sys/net");
    private final NetworkNamespace namespace;

    public Sysctl(NetworkNamespace namespace) {
        this.namespace = namespace;
    }

    /** @param name relative to {@code /proc/sys/net}, such as {@code ipv4/ip_forward} */
    public String read(String name) {
        return namespace.call(() -> Files.readString(ROOT.resolve(name)).strip());
    }

    public boolean exists(String name) {
        return namespace.call(() -> Files.exists(ROOT.resolve(name)));
    }

    /** Writes the value unless it is there already. Answers whether it was changed. */
    public boolean write(String name, String value) {
        return namespace.call(() -> {
            Path file = ROOT.resolve(name);
            try {
                if (Files.readString(file).strip().equals(value)) {
                    return false;
                }
                Files.writeString(file, value);
                return true;
            } catch (IOException failure) {
                throw new UncheckedIOException("cannot set %s to %s: %s".formatted(file, value, failure), failure);
            }
        });
    }
}
