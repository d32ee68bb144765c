package dev.keelson.cli;

/** The interval at which commands look again at something that they wait for. */
final class Pause {
    private static final long MILLIS = 50;

    private Pause() {}

    static void shortly() {
        try {
            Thread.sleep(MILLIS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new CliException("interrupted", e);
        }
    }
}
