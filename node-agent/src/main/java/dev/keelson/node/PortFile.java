package dev.keelson.node;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** Remembers a port that was picked, so that the node keeps it across restarts of its agent. */
record PortFile(Path file) {

    /** 0 when none is remembered. */
    int read() {
        try {
            return Files.exists(file) ? Integer.parseInt(Files.readString(file).strip()) : 0;
        } catch (IOException | NumberFormatException unreadable) {
            return 0;
        }
    }

    void write(int port) {
        try {
            Files.createDirectories(file.getParent());
            Files.writeString(file, port + "\n");
        } catch (IOException failure) {
            throw new UncheckedIOException("cannot remember the agent's port in " + file, failure);
        }
    }
}
