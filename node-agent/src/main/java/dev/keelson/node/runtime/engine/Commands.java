package dev.keelson.node.runtime.engine;

import dev.keelson.node.NodeException;
import dev.keelson.node.runtime.ExecResult;
import dev.keelson.node.runtime.StreamOptions;
import dev.keelson.node.runtime.StreamSession;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** Runs commands in containers: the request, and for probes the waiting and collecting. */
final class Commands {
    private static final int OUTPUT_MAX = 16 * 1024;
    private static final Duration STRAGGLERS = Duration.ofSeconds(2);

    private Commands() {}

    static List<String> request(String container, List<String> command, StreamOptions options) {
        List<String> words = new ArrayList<>(List.of("exec", container));
        add(words, "stdin", options.stdin());
        add(words, "stdout", options.stdout());
        add(words, "stderr", options.stderr());
        add(words, "tty", options.tty());
        command.forEach(argument -> words.add("arg=" + argument));
        return words;
    }

    private static void add(List<String> words, String key, boolean value) {
        if (value) {
            words.add(key + "=1");
        }
    }

    /** Waits for the command and answers what it said; after {@code timeout} it is killed. */
    static ExecResult collect(StreamSession session, String what, Duration timeout) {
        try (session) {
            CompletableFuture<String> stdout = read(session.stdout());
            CompletableFuture<String> stderr = read(session.stderr());
            int code = session.exitCode().get(timeout.toNanos(), TimeUnit.NANOSECONDS);
            return new ExecResult(code, text(stdout), text(stderr));
        } catch (TimeoutException e) {
            throw new NodeException(
                    NodeException.Kind.TRANSIENT,
                    "DeadlineExceeded",
                    "%s timed out after %d s".formatted(what, timeout.toSeconds()),
                    e);
        } catch (ExecutionException e) {
            throw e.getCause() instanceof NodeException failure ? failure : Failures.internal(what, e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw Failures.transientFailure(what + " was interrupted");
        }
    }

    /** A command's children may keep its streams open after it: they are not waited for long. */
    private static String text(CompletableFuture<String> stream) throws InterruptedException, ExecutionException {
        try {
            return stream.get(STRAGGLERS.toMillis(), TimeUnit.MILLISECONDS);
        } catch (TimeoutException e) {
            return "";
        }
    }

    private static CompletableFuture<String> read(InputStream stream) {
        CompletableFuture<String> text = new CompletableFuture<>();
        Thread.ofVirtual().name("command output").start(() -> {
            ByteArrayOutputStream kept = new ByteArrayOutputStream();
            byte[] bytes = new byte[8192];
            try {
                for (int got = stream.read(bytes); got >= 0; got = stream.read(bytes)) {
                    kept.write(bytes, 0, Math.min(got, OUTPUT_MAX - kept.size()));
                }
            } catch (IOException e) {
                // Closed: the command was given up, and what it said so far is all there will be.
            }
            text.complete(kept.toString(StandardCharsets.UTF_8));
        });
        return text;
    }
}
