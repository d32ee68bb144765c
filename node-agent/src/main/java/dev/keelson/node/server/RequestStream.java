package dev.keelson.node.server;

import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServerRequest;
import java.io.IOException;
import java.io.InputStream;
import java.io.InterruptedIOException;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;

/**
 * A request body of any size as a blocking stream: a few pieces are fetched ahead, the rest waits on the connection.
 * Make it on the event loop, read it on another thread.
 */
final class RequestStream extends InputStream {
    private static final int AHEAD = 8;

    private final HttpServerRequest request;
    private final BlockingQueue<Piece> pieces = new LinkedBlockingQueue<>();
    private Buffer current = Buffer.buffer();
    private int position;
    private boolean ended;

    private sealed interface Piece {}

    private record Bytes(Buffer buffer) implements Piece {}

    private record End() implements Piece {}

    private record Broken(Throwable cause) implements Piece {}

    RequestStream(HttpServerRequest request) {
        this.request = request;
        request.pause();
        request.handler(buffer -> pieces.add(new Bytes(buffer)));
        request.endHandler(_ -> pieces.add(new End()));
        request.exceptionHandler(cause -> pieces.add(new Broken(cause)));
        request.fetch(AHEAD);
    }

    @Override
    public int read() throws IOException {
        return fill() ? current.getByte(position++) & 0xff : -1;
    }

    @Override
    public int read(byte[] into, int offset, int length) throws IOException {
        if (length == 0) {
            return 0;
        }
        if (!fill()) {
            return -1;
        }
        int count = Math.min(length, current.length() - position);
        current.getBytes(position, position + count, into, offset);
        position += count;
        return count;
    }

    private boolean fill() throws IOException {
        while (!ended && position >= current.length()) {
            switch (take()) {
                case Bytes(Buffer buffer) -> {
                    current = buffer;
                    position = 0;
                    request.fetch(1);
                }
                case End _ -> ended = true;
                case Broken(Throwable cause) -> throw new IOException("the upload broke off", cause);
            }
        }
        return !ended;
    }

    private Piece take() throws IOException {
        try {
            return pieces.take();
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw new InterruptedIOException("interrupted while reading");
        }
    }
}
