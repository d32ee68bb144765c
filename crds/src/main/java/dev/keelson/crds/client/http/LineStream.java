package dev.keelson.crds.client.http;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.http.HttpResponse;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Flow;
import java.util.concurrent.LinkedBlockingQueue;

/**
 * An answer's body as lines, for one reader. The next piece is only asked for when the last was read, so a slow reader
 * slows the server down instead of filling memory. Ends when the server ends it, fails when the connection does, and
 * can be closed from any thread.
 */
final class LineStream implements HttpResponse.BodySubscriber<LineStream> {

    private sealed interface Signal {
        record Data(List<ByteBuffer> pieces) implements Signal {}

        record Failed(Throwable cause) implements Signal {}

        record Ended() implements Signal {}

        record Silent() implements Signal {}
    }

    private final BlockingQueue<Signal> signals = new LinkedBlockingQueue<>();
    private final ArrayDeque<byte[]> lines = new ArrayDeque<>();
    private final ByteArrayOutputStream partial = new ByteArrayOutputStream();
    private final Silence silence = new Silence(() -> signals.add(new Signal.Silent()));
    private volatile Flow.Subscription subscription;
    private volatile boolean closed;
    private boolean ended;

    @Override
    public CompletionStage<LineStream> getBody() {
        return CompletableFuture.completedStage(this);
    }

    @Override
    public void onSubscribe(Flow.Subscription opened) {
        subscription = opened;
        if (closed) {
            opened.cancel();
        } else {
            opened.request(1);
        }
    }

    @Override
    public void onNext(List<ByteBuffer> pieces) {
        signals.add(new Signal.Data(pieces));
    }

    @Override
    public void onError(Throwable cause) {
        signals.add(new Signal.Failed(cause));
    }

    @Override
    public void onComplete() {
        signals.add(new Signal.Ended());
    }

    /**
     * The next non-empty line without its end, or empty when the stream is over or closed.
     *
     * @param longest the longest time without a byte before the connection counts as lost
     * @throws IOException when the connection broke, or was silent for too long
     */
    Optional<byte[]> next(Duration longest) throws IOException, InterruptedException {
        while (lines.isEmpty() && !ended && !closed) {
            silence.begins(longest);
            Signal signal = signals.take();
            silence.ends();
            switch (signal) {
                case Signal.Data(List<ByteBuffer> pieces) -> {
                    pieces.forEach(this::split);
                    subscription.request(1);
                }
                case Signal.Failed(Throwable cause) -> throw new IOException(cause);
                case Signal.Silent() -> throw new IOException("silent for " + longest.toSeconds() + " s");
                case Signal.Ended() -> end();
            }
        }
        return closed ? Optional.empty() : Optional.ofNullable(lines.poll());
    }

    private void split(ByteBuffer piece) {
        byte[] bytes = new byte[piece.remaining()];
        piece.get(bytes);
        int start = 0;
        for (int i = 0; i < bytes.length; i++) {
            if (bytes[i] == '\n') {
                partial.write(bytes, start, i - start);
                finishLine();
                start = i + 1;
            }
        }
        partial.write(bytes, start, bytes.length - start);
    }

    private void finishLine() {
        if (partial.size() > 0) {
            lines.add(partial.toByteArray());
            partial.reset();
        }
    }

    /** A last line without its end was cut off in the middle: it is no line. */
    private void end() {
        partial.reset();
        ended = true;
    }

    void close() {
        closed = true;
        silence.close();
        signals.add(new Signal.Ended());
        Flow.Subscription opened = subscription;
        if (opened != null) {
            opened.cancel();
        }
    }
}
