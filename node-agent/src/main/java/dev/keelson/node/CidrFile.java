package dev.keelson.node;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/**
 * Remembers the node's address range, so that the network can be taken away without the API server.
 *
 * @param directory the node's directory
 */
record CidrFile(Path directory) {

    Optional<String> read() {
        try {
            Path file = directory.resolve("pod-cidr");
            return Files.exists(file) ? Optional.of(Files.readString(file).strip()) : Optional.empty();
        } catch (IOException failure) {
            throw new UncheckedIOException("cannot read the node's address range", failure);
        }
    }

    void write(String podCidr) {
        try {
            Files.writeString(directory.resolve("pod-cidr"), podCidr + "\n");
        } catch (IOException failure) {
            throw new UncheckedIOException("cannot remember the node's address range", failure);
        }
    }
}
