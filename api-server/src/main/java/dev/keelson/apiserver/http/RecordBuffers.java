package dev.keelson.apiserver.http;

import io.netty.buffer.AbstractByteBufAllocator;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.PooledByteBufAllocator;
import io.netty.channel.Channel;

/**
 * Lends the heap buffers of a connection out of a pool. The JDK's TLS asks for room for the largest record, 16 KiB and more,
 * each time that it writes one: for small answers that was a fifth of all garbage of the server.
 */
final class RecordBuffers extends AbstractByteBufAllocator {
    private static final int PAGE_BYTES = 8 * 1024;
    /** A chunk is {@code PAGE_BYTES << CHUNK_ORDER}: each of the event loops keeps one. */
    private static final int CHUNK_ORDER = 5;

    /** Of each size, for each event loop: a record is given back as soon as it is written. */
    private static final int KEPT = 8;

    private static final PooledByteBufAllocator HEAP = new PooledByteBufAllocator(
            false, PooledByteBufAllocator.defaultNumHeapArena(), 0, PAGE_BYTES, CHUNK_ORDER, KEPT, KEPT, false);

    private final ByteBufAllocator outside;

    private RecordBuffers(ByteBufAllocator outside) {
        this.outside = outside;
    }

    /** On the connection's event loop. */
    static void install(Channel channel) {
        ByteBufAllocator present = channel.alloc();
        if (!(present instanceof RecordBuffers)) {
            channel.config().setAllocator(new RecordBuffers(present));
        }
    }

    @Override
    protected ByteBuf newHeapBuffer(int initialCapacity, int maxCapacity) {
        return HEAP.heapBuffer(initialCapacity, maxCapacity);
    }

    @Override
    protected ByteBuf newDirectBuffer(int initialCapacity, int maxCapacity) {
        return outside.directBuffer(initialCapacity, maxCapacity);
    }

    @Override
    public boolean isDirectBufferPooled() {
        return outside.isDirectBufferPooled();
    }
}
