package dev.keelson.node.runtime;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.CompletableFuture;

/** A session whose process has already said everything. */
record FakeStreamSession(
        OutputStream stdin, InputStream stdout, InputStream stderr, CompletableFuture<Integer> exitCode)
        implements StreamSession {

    static StreamSession of(ExecResult result) {
        return new FakeStreamSession(
                new ByteArrayOutputStream(),
                new ByteArrayInputStream(result.stdout().getBytes(StandardCharsets.UTF_8)),
                new ByteArrayInputStream(result.stderr().getBytes(StandardCharsets.UTF_8)),
                CompletableFuture.completedFuture(result.exitCode()));
    }

    @Override
    public void resize(int columns, int rows) {
        // Nobody looks at the size of a terminal that has no program.
    }

    @Override
    public void close() {
        // Nothing runs any more.
    }
}
