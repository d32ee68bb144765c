package dev.keelson.cli.it;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

/** Runs commands as a user would, and waits for what they bring about. */
final class Shell {
    private static final Duration LIMIT = Duration.ofMinutes(3);

    private Shell() {}

    record Result(List<String> command, int code, String out, String err) {
        /** The standard output of a command that succeeded; everything that it said when it did not. */
        String ok() {
            if (code != 0) {
                throw new AssertionError("%s exited with %d%n%s%n%s".formatted(command, code, out, err));
            }
            return out;
        }

        /** What a command that failed said; an error when it succeeded. */
        String failed() {
            if (code == 0) {
                throw new AssertionError("%s succeeded, which it should not:%n%s".formatted(command, out));
            }
            return err + out;
        }
    }

    static Result run(Map<String, String> environment, String input, List<String> command) {
        try {
            ProcessBuilder builder = new ProcessBuilder(command);
            builder.environment().putAll(environment);
            Process process = builder.start();
            CompletableFuture<String> out = drain(process.getInputStream());
            CompletableFuture<String> err = drain(process.getErrorStream());
            try (var stdin = process.getOutputStream()) {
                stdin.write(input.getBytes(StandardCharsets.UTF_8));
            } catch (IOException endedWithoutReading) {
                // The exit code tells.
            }
            if (!process.waitFor(LIMIT.toSeconds(), TimeUnit.SECONDS)) {
                process.destroyForcibly();
                throw new AssertionError(
                        command + " did not end within " + LIMIT + "\n" + out.getNow("") + err.getNow(""));
            }
            return new Result(command, process.exitValue(), out.join(), err.join());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    private static CompletableFuture<String> drain(java.io.InputStream stream) {
        CompletableFuture<String> text = new CompletableFuture<>();
        Thread.ofVirtual().start(() -> {
            try (stream) {
                text.complete(new String(stream.readAllBytes(), StandardCharsets.UTF_8));
            } catch (IOException e) {
                text.complete("");
            }
        });
        return text;
    }

    /** Looks again until the check holds; fails with what it last said. */
    static void await(String what, Duration limit, java.util.function.BooleanSupplier check) {
        long end = System.nanoTime() + limit.toNanos();
        while (!check.getAsBoolean()) {
            if (System.nanoTime() > end) {
                throw new AssertionError("not within " + limit + ": " + what);
            }
            java.util.concurrent.locks.LockSupport.parkNanos(20_000_000);
        }
    }

    static Path repository() {
        Path here = Path.of("").toAbsolutePath();
        return here.endsWith("cli") ? here.getParent() : here;
    }
}
