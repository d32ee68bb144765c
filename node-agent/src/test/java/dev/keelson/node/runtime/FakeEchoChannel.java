package dev.keelson.node.runtime;

import dev.keelson.linux.DuplexChannel;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;

/** Gives back what was written to it, and ends when that ends: the simplest server that a port can be forwarded to. */
final class FakeEchoChannel implements DuplexChannel {
    private final ByteArrayOutputStream pending = new ByteArrayOutputStream();
    private boolean open = true;
    private boolean ended;

    @Override
    public synchronized int read(ByteBuffer target) {
        while (open && !ended && pending.size() == 0) {
            try {
                wait();
            } catch (InterruptedException interrupted) {
                Thread.currentThread().interrupt();
                return -1;
            }
        }
        if (pending.size() == 0) {
            return -1;
        }
        byte[] bytes = pending.toByteArray();
        int length = Math.min(bytes.length, target.remaining());
        target.put(bytes, 0, length);
        pending.reset();
        pending.write(bytes, length, bytes.length - length);
        return length;
    }

    @Override
    public synchronized int write(ByteBuffer source) {
        int length = source.remaining();
        while (source.hasRemaining()) {
            pending.write(source.get());
        }
        notifyAll();
        return length;
    }

    @Override
    public synchronized void shutdownOutput() {
        ended = true;
        notifyAll();
    }

    @Override
    public synchronized boolean isOpen() {
        return open;
    }

    @Override
    public synchronized void close() {
        open = false;
        notifyAll();
    }
}
