package dev.keelson.cli.client;

import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** The user's terminal, put into raw mode through stty(1) and put back at the end. */
public final class Terminal implements AutoCloseable {
    private final Optional<String> saved;

    private Terminal(Optional<String> saved) {
        this.saved = saved;
    }

    public record Size(int columns, int rows) {}

    public static Terminal untouched() {
        return new Terminal(Optional.empty());
    }

    /** Raw mode; without a terminal on standard input nothing is changed. */
    public static Terminal raw() {
        Optional<String> settings = stty("-g");
        if (settings.isPresent()) {
            stty("raw", "-echo");
        }
        Terminal terminal = new Terminal(settings);
        Runtime.getRuntime().addShutdownHook(new Thread(terminal::close));
        return terminal;
    }

    public Optional<Size> size() {
        return stty("size")
                .map(text -> text.split(" "))
                .filter(f -> f.length == 2)
                .map(f -> new Size(Integer.parseInt(f[1]), Integer.parseInt(f[0])));
    }

    @Override
    public void close() {
        saved.ifPresent(Terminal::stty);
    }

    private static Optional<String> stty(String... words) {
        List<String> command =
                Stream.concat(Stream.of("stty"), Stream.of(words)).toList();
        try {
            Process process = new ProcessBuilder(command)
                    .redirectInput(new File("/dev/tty"))
                    .redirectError(ProcessBuilder.Redirect.DISCARD)
                    .start();
            String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8).strip();
            return process.waitFor() == 0 ? Optional.of(said) : Optional.empty();
        } catch (IOException noTerminal) {
            return Optional.empty();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return Optional.empty();
        }
    }
}
