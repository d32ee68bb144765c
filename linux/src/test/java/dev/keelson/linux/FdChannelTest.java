package dev.keelson.linux;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.AsynchronousCloseException;
import java.nio.channels.ClosedChannelException;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import jnr.ffi.annotations.Out;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class FdChannelTest {
    /** The call that makes a pipe. */
    public interface Pipes {
        int pipe(@Out int[] ends);
    }

    private final Poller poller = new Poller("test-poller");
    private FdChannel reader;
    private FdChannel writer;

    @BeforeEach
    void open() {
        int[] ends = new int[2];
        assertThat(Native.load(Pipes.class).pipe(ends)).isZero();
        reader = new FdChannel(new Fd(ends[0]), poller);
        writer = new FdChannel(new Fd(ends[1]), poller);
    }

    @AfterEach
    void close() {
        close(reader, writer);
        poller.close();
    }

    private static void close(FdChannel... channels) {
        for (FdChannel channel : channels) {
            channel.close();
        }
    }

    @Test
    void readerOnAVirtualThreadWaitsForTheWriter() throws Exception {
        CompletableFuture<String> text = inVirtualThread(() -> {
            ByteBuffer buffer = ByteBuffer.allocate(16);
            reader.read(buffer);
            return new String(buffer.array(), 0, buffer.position());
        });
        writer.write(ByteBuffer.wrap("hello".getBytes()));
        assertThat(text.get(10, TimeUnit.SECONDS)).isEqualTo("hello");
        writer.close();
        assertThat(reader.read(ByteBuffer.allocate(1))).isEqualTo(-1);
    }

    @Test
    void writerWaitsForRoomAndNothingIsLost() throws Exception {
        int size = 1 << 20;
        CompletableFuture<Integer> written = inVirtualThread(() -> writer.write(ByteBuffer.allocate(size)));
        ByteBuffer all = ByteBuffer.allocate(size);
        while (all.hasRemaining()) {
            assertThat(reader.read(all)).isPositive();
        }
        assertThat(written.get(10, TimeUnit.SECONDS)).isEqualTo(size);
    }

    /** The kernel forgets a closed descriptor by itself; remembered here, its number could never be waited for again. */
    @Test
    void aDescriptorWaitedForInVainLeavesItsNumberToTheNext() throws IOException {
        int number = reader.fd().number();
        assertThat(poller.await(number, Poller.Interest.READ, Duration.ofMillis(1)))
                .isFalse();
        assertThat(poller.waitsFor(number)).isFalse();
        close(reader, writer);
        open();
        writer.write(ByteBuffer.allocate(1));
        assertThat(poller.await(reader.fd().number(), Poller.Interest.READ, Duration.ofSeconds(10)))
                .isTrue();
    }

    @Test
    void whatCannotBeWatchedIsNotRemembered() {
        int number = 1_000_000;
        assertThatThrownBy(() -> poller.await(number, Poller.Interest.READ, Duration.ofSeconds(10)))
                .isInstanceOf(LinuxException.class);
        assertThat(poller.waitsFor(number)).isFalse();
    }

    @Test
    void closingEndsAWaitingRead() {
        CompletableFuture<Integer> read = inVirtualThread(() -> reader.read(ByteBuffer.allocate(1)));
        while (!poller.waitsFor(reader.fd().number())) {
            Thread.onSpinWait();
        }
        reader.close();
        assertThatThrownBy(() -> read.get(10, TimeUnit.SECONDS))
                .isInstanceOf(ExecutionException.class)
                .hasCauseInstanceOf(AsynchronousCloseException.class);
        assertThatThrownBy(() -> reader.read(ByteBuffer.allocate(1))).isInstanceOf(ClosedChannelException.class);
    }

    @Test
    void whatWasGivenUpJustNowIsNotWaitedFor() {
        int fd = reader.fd().number();
        assertThat(poller.await(fd, Poller.Interest.READ, Duration.ofSeconds(10), () -> false))
                .isTrue();
        assertThat(poller.waitsFor(fd)).isFalse();
    }

    @Test
    void writingToAPipeThatNobodyReadsFails() {
        reader.close();
        assertThatThrownBy(() -> writer.write(ByteBuffer.wrap(new byte[1])))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("broken pipe");
    }

    @Test
    void waitingHasAnEnd() {
        assertThat(poller.await(reader.fd().number(), Poller.Interest.READ, Duration.ofMillis(5)))
                .isFalse();
    }

    private interface Action<T> {
        T run() throws IOException;
    }

    private static <T> CompletableFuture<T> inVirtualThread(Action<T> action) {
        CompletableFuture<T> result = new CompletableFuture<>();
        Thread.startVirtualThread(() -> {
            try {
                result.complete(action.run());
            } catch (IOException | RuntimeException e) {
                result.completeExceptionally(e);
            }
        });
        return result;
    }
}
