package dev.keelson.cli.client;

import dev.keelson.cli.CliException;

/** The interval at which commands look again at something that they wait for. */
public final class Pause {
    private static final long MILLIS = 50;

    private Pause() {}

    public static void shortly() {
        try {
            Thread.sleep(MILLIS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new CliException("interrupted", e);
        }
    }
}
