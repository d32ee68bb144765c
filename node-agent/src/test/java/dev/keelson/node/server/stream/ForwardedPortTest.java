package dev.keelson.node.server.stream;

import static org.assertj.core.api.Assertions.assertThat;

import dev.keelson.linux.DuplexChannel;
import io.vertx.core.Future;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Which side of a forwarded connection ends first, over real sockets. */
class ForwardedPortTest {
    private final Client client = new Client();
    private ServerSocketChannel listener;
    private SocketChannel pod;
    private ForwardedPort port;

    @BeforeEach
    void connect() throws IOException {
        listener = ServerSocketChannel.open().bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
        SocketChannel dialled = SocketChannel.open(listener.getLocalAddress());
        pod = listener.accept();
        port = new ForwardedPort(client, 3, 1);
        port.start(() -> new Dialled(dialled), "80");
    }

    @AfterEach
    void close() throws IOException {
        pod.close();
        listener.close();
    }

    @Test
    void theClientEndsFirstAndGetsItsAnswer() throws Exception {
        port.offer(bytes("question"), true);
        assertThat(read("question".length() + 1)).isEqualTo("question");
        pod.write(ByteBuffer.wrap(bytes("answer")));
        pod.shutdownOutput();
        assertThat(client.ended.get(20, TimeUnit.SECONDS)).isEqualTo("answer|");
        assertThat(client.closed).succeedsWithin(20, TimeUnit.SECONDS);
    }

    @Test
    void thePodEndsFirstAndStillGetsWhatTheClientSends() throws Exception {
        pod.write(ByteBuffer.wrap(bytes("answer")));
        pod.shutdownOutput();
        assertThat(client.ended.get(20, TimeUnit.SECONDS)).isEqualTo("answer|");
        assertThat(client.closed).isNotDone();
        port.offer(bytes("late"), true);
        assertThat(read("late".length() + 1)).isEqualTo("late");
        assertThat(client.closed).succeedsWithin(20, TimeUnit.SECONDS);
    }

    @Test
    void whereAHalfCannotEndTheWholeConnectionEndsWithThePod() throws Exception {
        client.halves = false;
        pod.shutdownOutput();
        assertThat(client.closed).succeedsWithin(20, TimeUnit.SECONDS);
        assertThat(read(1)).isEmpty();
    }

    @Test
    void whatAPortThatHasGoneDoesNotTakeIsCountedAsPassedOn() throws Exception {
        pod.close();
        assertThat(client.ended).succeedsWithin(20, TimeUnit.SECONDS);
        int sent = 0;
        for (int i = 0; i < 100; i++) {
            port.offer(new byte[1000], false);
            sent += 1000;
        }
        port.offer(new byte[0], true);
        assertThat(client.closed).succeedsWithin(20, TimeUnit.SECONDS);
        port.offer(new byte[7], false);
        assertThat(client.passed).hasValue(sent + 7);
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    /** What the pod reads until so many bytes have come or its input ends. */
    private String read(int most) throws IOException {
        ByteBuffer block = ByteBuffer.allocate(most);
        while (block.hasRemaining() && pod.read(block) >= 0) {
            assertThat(block.position()).isLessThan(most);
        }
        return new String(block.array(), 0, block.position(), StandardCharsets.UTF_8);
    }

    /** Notes what it is sent and when its side ends. */
    private static final class Client implements PortStreams {
        private final StringBuilder data = new StringBuilder();
        private final AtomicInteger passed = new AtomicInteger();
        private final CompletableFuture<String> ended = new CompletableFuture<>();
        private final CompletableFuture<Void> closed = new CompletableFuture<>();
        private volatile boolean halves = true;

        @Override
        public Future<Void> send(int stream, byte[] bytes, int length, boolean last) {
            data.append(new String(bytes, 0, length, StandardCharsets.UTF_8));
            return Future.succeededFuture();
        }

        @Override
        public void passed(int bytes) {
            passed.addAndGet(bytes);
        }

        @Override
        public boolean end(int stream, int errors, String error) {
            ended.complete(data + "|" + error);
            return halves;
        }

        @Override
        public void closed(int stream) {
            closed.complete(null);
        }
    }

    private record Dialled(SocketChannel socket) implements DuplexChannel {
        @Override
        public int read(ByteBuffer target) throws IOException {
            return socket.read(target);
        }

        @Override
        public int write(ByteBuffer source) throws IOException {
            return socket.write(source);
        }

        @Override
        public void shutdownOutput() throws IOException {
            socket.shutdownOutput();
        }

        @Override
        public boolean isOpen() {
            return socket.isOpen();
        }

        @Override
        public void close() throws IOException {
            socket.close();
        }
    }
}
