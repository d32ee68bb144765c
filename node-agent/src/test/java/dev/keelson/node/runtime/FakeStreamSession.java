package dev.keelson.node.runtime;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;

/** A session whose process has already said everything. */
record FakeStreamSession(
        OutputStream stdin,
        InputStream stdout,
        InputStream stderr,
        CompletableFuture<Integer> exitCode,
        Consumer<String> sizes)
        implements StreamSession {

    /** @param sizes is told each size of the terminal, such as {@code 80x24} */
    static StreamSession of(ExecResult result, Consumer<String> sizes) {
        return new FakeStreamSession(
                new ByteArrayOutputStream(),
                new ByteArrayInputStream(result.stdout().getBytes(StandardCharsets.UTF_8)),
                new ByteArrayInputStream(result.stderr().getBytes(StandardCharsets.UTF_8)),
                CompletableFuture.completedFuture(result.exitCode()),
                sizes);
    }

    @Override
    public void resize(int columns, int rows) {
        sizes.accept(columns + "x" + rows);
    }

    @Override
    public void close() {
        // Nothing runs any more.
    }
}
