package dev.keelson.node.image.content;

import dev.keelson.node.image.oci.Digest;
import java.io.IOException;
import java.io.InputStream;
import java.io.InterruptedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;

/**
 * The bytes of a blob while they arrive: a read waits for what is not here yet. Nobody has verified them, so whoever reads
 * must have another proof of what he made of them. {@link BeganAnewException} when the arrival was begun again after some
 * of it was read: then the whole blob is in the store, or its arrival failed.
 */
public final class ArrivingBlob extends InputStream {
    /** Only so that a lost signal would not be waited for forever. */
    private static final long LONGEST_WAIT_MILLIS = 1000;

    private final ContentStore store;
    private final Digest digest;
    private final CompletableFuture<Void> arrival;
    private Optional<FileChannel> file = Optional.empty();
    private long position;

    /** The arrival was begun again from its first byte. */
    public static final class BeganAnewException extends IOException {
        private static final long serialVersionUID = 1;

        BeganAnewException() {
            super("the download was begun again");
        }
    }

    /** @param arrival completes when the blob is in the store, or with the reason why it does not come */
    ArrivingBlob(ContentStore store, Digest digest, CompletableFuture<Void> arrival) {
        this.store = store;
        this.digest = digest;
        this.arrival = arrival;
    }

    @Override
    public int read() throws IOException {
        byte[] one = new byte[1];
        return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
    }

    @Override
    public int read(byte[] buffer, int offset, int length) throws IOException {
        while (true) {
            // Looked at before the file is read: what is complete now is completely read below.
            boolean complete = arrival.isDone();
            if (arrival.isCompletedExceptionally()) {
                arrival.join();
            }
            long seen = store.arrivals().count();
            if (file.isEmpty()) {
                file = store.openArriving(digest);
            }
            int count = file.isPresent() ? file.get().read(ByteBuffer.wrap(buffer, offset, length), position) : -1;
            if (count > 0) {
                position += count;
                return count;
            }
            if (complete) {
                return atEnd();
            }
            await(seen);
        }
    }

    private int atEnd() throws IOException {
        if (position != store.size(digest)) {
            throw new BeganAnewException();
        }
        return -1;
    }

    private void await(long seen) throws InterruptedIOException {
        try {
            store.arrivals().awaitMoreThan(seen, LONGEST_WAIT_MILLIS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new InterruptedIOException("interrupted while waiting for a download");
        }
    }

    @Override
    public void close() throws IOException {
        if (file.isPresent()) {
            file.get().close();
        }
    }
}
