package dev.keelson.linux;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.AsynchronousCloseException;
import java.nio.channels.ClosedChannelException;
import java.time.Duration;

/**
 * A pipe, terminal or stream socket as a channel; reading and writing wait without holding a carrier thread. One
 * reader and one writer at a time. Closing from another thread ends a waiting read or write.
 */
public final class FdChannel implements DuplexChannel {
    private static final Duration FOREVER = Duration.ofDays(365);
    private static final int CHUNK = 65536;
    private static final int SHUT_WR = 1;

    private final Fd fd;
    private final Poller poller;
    private int users;
    private boolean open = true;

    public FdChannel(Fd fd, Poller poller) {
        this.fd = fd.nonBlocking();
        this.poller = poller;
    }

    /** For what only descriptors can do, such as resizing a terminal. */
    public Fd fd() {
        return fd;
    }

    @Override
    public int read(ByteBuffer target) throws IOException {
        byte[] bytes = new byte[Math.min(CHUNK, target.remaining())];
        enter();
        try {
            while (true) {
                long got = Fd.CALLS.read(fd.number(), bytes, bytes.length);
                if (got >= 0) {
                    target.put(bytes, 0, (int) got);
                    return got == 0 && bytes.length > 0 ? -1 : (int) got;
                }
                int errno = Native.errno();
                // EIO is how a terminal says that the last program has closed it.
                if (errno == Native.EIO) {
                    return -1;
                }
                waitAfter(errno, Poller.Interest.READ, "read");
            }
        } finally {
            leave();
        }
    }

    @Override
    public int write(ByteBuffer source) throws IOException {
        int total = source.remaining();
        enter();
        try {
            while (source.hasRemaining()) {
                byte[] bytes = new byte[Math.min(CHUNK, source.remaining())];
                source.get(source.position(), bytes);
                long wrote = Fd.CALLS.write(fd.number(), bytes, bytes.length);
                if (wrote >= 0) {
                    source.position(source.position() + (int) wrote);
                } else {
                    waitAfter(Native.errno(), Poller.Interest.WRITE, "write");
                }
            }
            return total;
        } finally {
            leave();
        }
    }

    /** Of a socket only; fails when the other side has broken the connection off. */
    @Override
    public void shutdownOutput() throws IOException {
        enter();
        try {
            if (Fd.CALLS.shutdown(fd.number(), SHUT_WR) != 0) {
                throw new IOException("cannot end the output: " + LinuxException.text(Native.errno()));
            }
        } finally {
            leave();
        }
    }

    /** Waits until a connection that is being made is there or refused. */
    public void awaitWritable(Duration timeout) throws IOException {
        enter();
        try {
            if (!poller.await(fd.number(), Poller.Interest.WRITE, timeout, this::isOpen)) {
                throw new IOException("not connected within " + timeout);
            }
        } finally {
            leave();
        }
    }

    private void waitAfter(int errno, Poller.Interest interest, String verb) throws IOException {
        if (errno == Native.EAGAIN) {
            poller.await(fd.number(), interest, FOREVER, this::isOpen);
        } else if (errno != Native.EINTR) {
            throw new IOException("cannot " + verb + ": " + LinuxException.text(errno));
        }
        if (!isOpen()) {
            throw new AsynchronousCloseException();
        }
    }

    private synchronized void enter() throws ClosedChannelException {
        if (!open) {
            throw new ClosedChannelException();
        }
        users++;
    }

    private void leave() {
        boolean last;
        synchronized (this) {
            users--;
            last = !open && users == 0;
        }
        if (last) {
            fd.close();
        }
    }

    @Override
    public synchronized boolean isOpen() {
        return open;
    }

    /** The number is given back only when nobody uses it: it could be another file by then. */
    @Override
    public void close() {
        boolean unused;
        synchronized (this) {
            if (!open) {
                return;
            }
            open = false;
            unused = users == 0;
        }
        if (unused) {
            fd.close();
        } else {
            poller.forget(fd.number());
        }
    }
}
