package dev.keelson.cli;

/** A command that cannot go on. The message is the one line that the user reads: what is wrong and the remedy. */
public final class CliException extends RuntimeException {
    private final int exitCode;

    public CliException(String message) {
        this(1, message);
    }

    public CliException(int exitCode, String message) {
        super(message);
        this.exitCode = exitCode;
    }

    public CliException(String message, Throwable cause) {
        super(message, cause);
        this.exitCode = 1;
    }

    public int exitCode() {
        return exitCode;
    }
}
