package dev.keelson.apiserver.http.watch;

import io.vertx.core.buffer.Buffer;
import java.util.ArrayDeque;
import java.util.List;

/**
 * Lines that a connection has not taken yet. Objects in them are the very bytes that the cache holds, so a thousand
 * connections that wait for the same large object share it.
 */
final class Outgoing {
    private final ArrayDeque<byte[]> parts = new ArrayDeque<>();
    /** How much of the first part has been taken. */
    private int taken;

    void add(List<byte[]> lines) {
        parts.addAll(lines);
    }

    boolean isEmpty() {
        return parts.isEmpty();
    }

    /** Takes what comes next, at most so many bytes. */
    Buffer next(int most) {
        Buffer piece = Buffer.buffer(Math.min(most, 2 * 1024));
        while (!parts.isEmpty() && piece.length() < most) {
            byte[] first = parts.getFirst();
            int length = Math.min(most - piece.length(), first.length - taken);
            piece.appendBytes(first, taken, length);
            taken += length;
            if (taken == first.length) {
                parts.removeFirst();
                taken = 0;
            }
        }
        return piece;
    }

    static long length(List<byte[]> lines) {
        return lines.stream().mapToLong(part -> part.length).sum();
    }
}
