package dev.keelson.node.image.registry;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * How registries are talked to.
 *
 * @param plainHttpHosts hosts, or {@code host:port}, that are spoken to without TLS; loopback addresses may always be
 * @param hosts directory with what an administrator says about single registries, see {@code HostsDirectory}
 * @param authorities PEM files of authorities that are trusted in addition to the machine's
 * @param connectTimeout for a connection to be made
 * @param answerTimeout from a request to the head of its answer
 * @param stallTimeout longest silence in the middle of an answer
 */
public record RegistryOptions(
        Optional<Path> hosts,
        Set<String> plainHttpHosts,
        List<Path> authorities,
        Duration connectTimeout,
        Duration answerTimeout,
        Duration stallTimeout) {
    public static final RegistryOptions DEFAULT = new RegistryOptions(
            Optional.empty(),
            Set.of(),
            List.of(),
            Duration.ofSeconds(10),
            Duration.ofSeconds(30),
            Duration.ofSeconds(60));

    public RegistryOptions {
        plainHttpHosts = Set.copyOf(plainHttpHosts);
        authorities = List.copyOf(authorities);
    }

    public RegistryOptions withStallTimeout(Duration longest) {
        return new RegistryOptions(hosts, plainHttpHosts, authorities, connectTimeout, answerTimeout, longest);
    }

    public RegistryOptions withHosts(Path directory) {
        return new RegistryOptions(
                Optional.of(directory), plainHttpHosts, authorities, connectTimeout, answerTimeout, stallTimeout);
    }
}
