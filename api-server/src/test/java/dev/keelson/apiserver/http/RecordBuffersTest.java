package dev.keelson.apiserver.http;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.UnpooledByteBufAllocator;
import io.netty.channel.embedded.EmbeddedChannel;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class RecordBuffersTest {
    /** As large as the JDK's TLS wants a record's buffer. */
    private static final int RECORD = 16 * 1024 + 325;

    private final EmbeddedChannel channel = new EmbeddedChannel();

    @BeforeEach
    void install() {
        channel.config().setAllocator(UnpooledByteBufAllocator.DEFAULT);
        RecordBuffers.install(channel);
    }

    @AfterEach
    void close() {
        channel.close();
    }

    @Test
    void lendsTheSameBytesAgain() {
        byte[] first = borrowed();
        byte[] second = borrowed();

        assertThat(second).isSameAs(first);
    }

    private byte[] borrowed() {
        ByteBuf buffer = channel.alloc().heapBuffer(RECORD);
        byte[] bytes = buffer.array();
        buffer.release();
        return bytes;
    }

    @Test
    void leavesDirectBuffersToWhoGaveThemBefore() {
        ByteBuf buffer = channel.alloc().directBuffer(RECORD);

        assertThat(buffer.alloc()).isSameAs(UnpooledByteBufAllocator.DEFAULT);
        buffer.release();
    }

    @Test
    void isInstalledOnce() {
        Object installed = channel.alloc();

        RecordBuffers.install(channel);

        assertThat(channel.alloc()).isSameAs(installed);
    }
}
