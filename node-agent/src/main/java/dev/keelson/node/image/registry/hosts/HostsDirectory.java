package dev.keelson.node.image.registry.hosts;

import dev.keelson.node.image.ImageErrors;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * What an administrator says about registries: a directory with one directory per registry, named by its host and port, or
 * {@code _default} for all others. In it a {@code hosts.toml}, and authorities as {@code *.crt}. Read at every pull, so that
 * a change needs no restart.
 */
public final class HostsDirectory {
    private final Optional<Path> root;

    /** @param root need not exist; empty where nothing can be configured */
    public HostsDirectory(Optional<Path> root) {
        this.root = root;
    }

    /** The servers for a registry in the order in which they are asked. */
    public List<Endpoint> endpoints(String registry) {
        Optional<Path> directory = root.flatMap(top -> directory(top, registry));
        if (directory.isEmpty()) {
            return List.of(Endpoint.registry(Trust.SYSTEM));
        }
        List<Path> authorities = authorities(directory.get());
        Path file = directory.get().resolve("hosts.toml");
        return Files.exists(file)
                ? new HostsFile(file).read(authorities)
                : List.of(Endpoint.registry(Trust.of(authorities, false)));
    }

    private static Optional<Path> directory(Path top, String registry) {
        // containerd writes a port as _5000_ where a file system takes no colon.
        String withoutColon = registry.replaceFirst(":(\\d+)$", "_$1_");
        return Stream.of(registry, withoutColon, "_default")
                .map(top::resolve)
                .filter(Files::isDirectory)
                .findFirst();
    }

    private static List<Path> authorities(Path directory) {
        try (Stream<Path> files = Files.list(directory)) {
            return files.filter(file -> file.getFileName().toString().endsWith(".crt"))
                    .sorted()
                    .toList();
        } catch (IOException e) {
            throw ImageErrors.local("read " + directory, e);
        }
    }
}
