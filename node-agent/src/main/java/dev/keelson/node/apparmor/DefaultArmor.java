package dev.keelson.node.apparmor;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;

/** The profile of containers that name none; what it allows is what containerd's default profile allows. */
final class DefaultArmor {
    /** One for the machine: clusters that share it bring the same. */
    static final String NAME = "keelson-default";

    private DefaultArmor() {}

    static String text() {
        try (InputStream file = DefaultArmor.class.getResourceAsStream(NAME + ".profile")) {
            return new String(file.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException unreadable) {
            throw new UncheckedIOException(unreadable);
        }
    }
}
