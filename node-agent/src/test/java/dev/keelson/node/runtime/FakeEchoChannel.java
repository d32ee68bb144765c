package dev.keelson.node.runtime;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.channels.ByteChannel;

/** Gives back what was written to it: the simplest server that a port can be forwarded to. */
final class FakeEchoChannel implements ByteChannel {
    private final ByteArrayOutputStream pending = new ByteArrayOutputStream();
    private boolean open = true;

    @Override
    public synchronized int read(ByteBuffer target) {
        while (open && pending.size() == 0) {
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
    public synchronized boolean isOpen() {
        return open;
    }

    @Override
    public synchronized void close() {
        open = false;
        notifyAll();
    }
}
