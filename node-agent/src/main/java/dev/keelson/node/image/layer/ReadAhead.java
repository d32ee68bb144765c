package dev.keelson.node.image.layer;

import java.io.IOException;
import java.io.InputStream;
import java.io.InterruptedIOException;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;

/**
 * Reads a stream on a thread of its own, a little ahead of its reader, so that decompressing and writing files go on side by
 * side. What the stream throws, the reader gets at that place.
 */
final class ReadAhead extends InputStream {
    private static final int BLOCK = 256 * 1024;
    private static final int BLOCKS_AHEAD = 4;

    /** Opens the stream; called on the reading thread. */
    interface Source {
        InputStream open() throws IOException;
    }

    private sealed interface Piece {
        record Bytes(byte[] bytes, int length) implements Piece {}

        record End() implements Piece {}

        record Broken(Exception cause) implements Piece {}
    }

    private final BlockingQueue<Piece> ready = new ArrayBlockingQueue<>(BLOCKS_AHEAD);
    private final BlockingQueue<byte[]> empty = new ArrayBlockingQueue<>(BLOCKS_AHEAD + 2);
    private final Thread reader;
    private Piece current = new Piece.Bytes(new byte[0], 0);
    private int position;

    ReadAhead(Source source) {
        // A platform thread: decompressing computes, and would keep a carrier from everybody else.
        this.reader = Thread.ofPlatform().daemon().name("layer-reader").start(() -> run(source));
    }

    private void run(Source source) {
        try (InputStream in = source.open()) {
            while (true) {
                byte[] recycled = empty.poll();
                byte[] block = recycled == null ? new byte[BLOCK] : recycled;
                int length = in.readNBytes(block, 0, BLOCK);
                if (length > 0) {
                    ready.put(new Piece.Bytes(block, length));
                }
                if (length < BLOCK) {
                    ready.put(new Piece.End());
                    return;
                }
            }
        } catch (IOException | RuntimeException e) {
            tell(new Piece.Broken(e));
        } catch (InterruptedException closed) {
            Thread.currentThread().interrupt();
        }
    }

    private void tell(Piece piece) {
        try {
            ready.put(piece);
        } catch (InterruptedException closed) {
            Thread.currentThread().interrupt();
        }
    }

    @Override
    public int read() throws IOException {
        byte[] one = new byte[1];
        return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
    }

    @Override
    public int read(byte[] buffer, int offset, int length) throws IOException {
        while (true) {
            switch (current) {
                case Piece.Bytes(byte[] bytes, int filled) -> {
                    if (position < filled) {
                        int count = Math.min(length, filled - position);
                        System.arraycopy(bytes, position, buffer, offset, count);
                        position += count;
                        return count;
                    }
                    if (bytes.length > 0) {
                        empty.offer(bytes);
                    }
                    next();
                }
                case Piece.End _ -> {
                    return -1;
                }
                case Piece.Broken(IOException cause) -> throw cause;
                case Piece.Broken(RuntimeException cause) -> throw cause;
                case Piece.Broken(Exception cause) -> throw new IOException(cause);
            }
        }
    }

    private void next() throws InterruptedIOException {
        try {
            current = ready.take();
            position = 0;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new InterruptedIOException("interrupted while reading a layer");
        }
    }

    /** Ends the thread and waits for it, so that what it reads from can be closed. */
    @Override
    public void close() throws IOException {
        reader.interrupt();
        boolean interrupted = false;
        while (reader.isAlive()) {
            try {
                reader.join();
            } catch (InterruptedException e) {
                interrupted = true;
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }
}
