package dev.keelson.node.server.stream;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.keelson.crds.stream.UnreadPings;
import dev.keelson.node.runtime.StreamOptions;
import dev.keelson.node.runtime.StreamSession;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerOptions;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.PipedInputStream;
import java.io.PipedOutputStream;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.Timeout;

/** Streams of a process over WebSockets whose clients do what they like: nothing hangs, nothing stays open. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@Timeout(value = 60, unit = TimeUnit.SECONDS)
class WebSocketFuzzTest {
    private static final List<String> PROTOCOLS =
            List.of(Channels.V5, Channels.V4, Channels.V4_BASE64, Channels.V1, Channels.V1_BASE64, "");
    private static final int LARGEST_FRAME = 64 * 1024;
    private static final int ROUNDS = 150;

    private final Vertx vertx = Vertx.vertx();
    private final AtomicInteger opened = new AtomicInteger();
    private final Semaphore ended = new Semaphore(0);
    private HttpServer server;

    /** A process that says what it is told and ends with its input. */
    private final class Echo implements StreamSession {
        private final PipedInputStream out = new PipedInputStream(1 << 16);
        private final PipedOutputStream in = new PipedOutputStream();
        private final CompletableFuture<Integer> exit = new CompletableFuture<>();
        private final AtomicInteger closes = new AtomicInteger();

        Echo() {
            try {
                in.connect(out);
            } catch (IOException impossible) {
                throw new IllegalStateException(impossible);
            }
            opened.incrementAndGet();
        }

        @Override
        public OutputStream stdin() {
            return new OutputStream() {
                @Override
                public void write(int b) throws IOException {
                    in.write(b);
                }

                @Override
                public void write(byte[] bytes, int offset, int length) throws IOException {
                    in.write(bytes, offset, length);
                }

                @Override
                public void flush() throws IOException {
                    in.flush();
                }

                @Override
                public void close() throws IOException {
                    in.close();
                    exit.complete(0);
                }
            };
        }

        @Override
        public InputStream stdout() {
            return out;
        }

        @Override
        public InputStream stderr() {
            return InputStream.nullInputStream();
        }

        @Override
        public void resize(int columns, int rows) {}

        @Override
        public CompletableFuture<Integer> exitCode() {
            return exit;
        }

        @Override
        public void close() {
            if (closes.getAndIncrement() == 0) {
                ended.release();
            }
            exit.complete(137);
            try {
                in.close();
                out.close();
            } catch (IOException already) {
                exit.complete(137);
            }
        }
    }

    @BeforeAll
    void start() {
        HttpServerOptions options = new HttpServerOptions()
                .setHost("127.0.0.1")
                .setPort(0)
                .setMaxWebSocketFrameSize(LARGEST_FRAME)
                .setWebSocketSubProtocols(
                        PROTOCOLS.stream().filter(one -> !one.isEmpty()).toList());
        server = vertx.createHttpServer(options)
                .requestHandler(request -> UnreadPings.upgrade(request).onSuccess(socket -> new StreamBridge(
                                socket, new Echo(), new StreamOptions(true, true, false, false))
                        .start()))
                .listen()
                .toCompletionStage()
                .toCompletableFuture()
                .join();
    }

    @AfterAll
    void stop() {
        vertx.close().toCompletionStage().toCompletableFuture().join();
    }

    @Test
    void everyProtocolCarriesEveryByte() throws IOException, InterruptedException {
        byte[] bytes = new byte[1000];
        new Random(1).nextBytes(bytes);
        for (String protocol : PROTOCOLS) {
            try (RawWebSocket client = connect(protocol)) {
                message(client, new Random(2), protocol, bytes);
                assertThat(echo(client, protocol, bytes.length)).isEqualTo(bytes);
            }
        }
        awaitNothingOpen();
    }

    @Test
    void whateverClientsDoEveryStreamEnds() throws IOException, InterruptedException {
        long seed = Long.getLong("keelson.seed", System.nanoTime());
        System.out.println("WebSocketFuzzTest seed=" + seed);
        Random random = new Random(seed);
        for (int round = 0; round < ROUNDS; round++) {
            String protocol = PROTOCOLS.get(random.nextInt(PROTOCOLS.size()));
            try (RawWebSocket client = connect(protocol)) {
                byte[] bytes = new byte[random.nextInt(3000)];
                random.nextBytes(bytes);
                message(client, random, protocol, bytes);
                assertThat(echo(client, protocol, bytes.length))
                        .as("seed %d round %d", seed, round)
                        .isEqualTo(bytes);
                if (misbehave(client, random, base64(protocol))) {
                    assertThat(endsInTime(client))
                            .as("the server gives up, seed %d round %d", seed, round)
                            .isTrue();
                }
            }
        }
        awaitNothingOpen();
    }

    /** 60 MB of answers, if each were; what the kernel and one queue hold is a fraction of it. */
    @Test
    void pingsOfAClientThatDoesNotReadQueueNoAnswers() throws IOException, InterruptedException {
        int pings = 480_000;
        try (RawWebSocket client = connect(Channels.V5)) {
            client.pings(pings, new byte[125]);
            message(client, new Random(3), Channels.V5, new byte[] {1});
            int answered = 0;
            RawWebSocket.Frame frame = client.read().orElseThrow();
            while (frame.opcode() != RawWebSocket.BINARY || frame.payload().length < 2) {
                answered += frame.opcode() == RawWebSocket.PONG ? 1 : 0;
                frame = client.read().orElseThrow();
            }
            assertThat(answered).isPositive().isLessThan(pings / 2);
        }
        awaitNothingOpen();
    }

    /** Answers whether the server has to end the connection while the client waits. */
    private static boolean misbehave(RawWebSocket client, Random random, boolean base64) throws IOException {
        switch (random.nextInt(9)) {
            case 0 -> client.send(RawWebSocket.CLOSE, true, new byte[] {3, (byte) 0xe8});
            // Not masked.
            case 1 -> client.raw(0x82, false, 2, new byte[] {0, 1});
            // Larger than a frame may be.
            case 2 -> client.raw(0x82, true, LARGEST_FRAME + 1L, new byte[100]);
            case 3 -> client.raw(0x82, true, Long.MAX_VALUE, new byte[100]);
            // Goes on with what has not begun.
            case 4 -> client.send(RawWebSocket.CONTINUATION, true, new byte[] {0, 1});
            // Kinds that nobody has defined.
            case 5 -> client.send(3 + random.nextInt(5), true, new byte[] {0});
            // A control frame in pieces.
            case 6 -> client.send(RawWebSocket.PING, false, new byte[] {0});
            case 7 -> {
                client.send(RawWebSocket.TEXT, true, "0*no base64*".getBytes(US_ASCII));
                return base64;
            }
            default -> {
                // Goes in the middle of a frame.
                client.raw(0x82, true, 1000, new byte[10]);
                return false;
            }
        }
        return true;
    }

    private static boolean endsInTime(RawWebSocket client) throws IOException {
        Optional<RawWebSocket.Frame> next = client.read();
        while (next.isPresent() && next.get().opcode() != RawWebSocket.CLOSE) {
            next = client.read();
        }
        return true;
    }

    /** One message for stdin in any number of frames, with control frames and others' channels in between. */
    private static void message(RawWebSocket client, Random random, String protocol, byte[] bytes) throws IOException {
        byte[] whole = framed(protocol, 0, bytes);
        int opcode = base64(protocol) ? RawWebSocket.TEXT : RawWebSocket.BINARY;
        client.send(opcode, true, framed(protocol, 4, "{\"Width\":\"x".getBytes(UTF_8)));
        client.send(opcode, true, framed(protocol, 7, new byte[] {1, 2}));
        int at = 0;
        while (at < whole.length) {
            int end = Math.min(whole.length, at + 1 + random.nextInt(whole.length));
            client.send(
                    at == 0 ? opcode : RawWebSocket.CONTINUATION,
                    end == whole.length,
                    Arrays.copyOfRange(whole, at, end));
            if (random.nextInt(3) == 0) {
                client.send(RawWebSocket.PING, true, new byte[random.nextInt(126)]);
                client.send(RawWebSocket.PONG, true, new byte[0]);
            }
            at = end;
        }
    }

    private static byte[] framed(String protocol, int channel, byte[] bytes) {
        byte[] rest = base64(protocol) ? Base64.getEncoder().encode(bytes) : bytes;
        byte[] message = new byte[rest.length + 1];
        message[0] = (byte) (base64(protocol) ? '0' + channel : channel);
        System.arraycopy(rest, 0, message, 1, rest.length);
        return message;
    }

    private static byte[] echo(RawWebSocket client, String protocol, int length) throws IOException {
        ByteArrayOutputStream echoed = new ByteArrayOutputStream();
        boolean greeted = false;
        while (!greeted || echoed.size() < length) {
            RawWebSocket.Frame frame = client.read().orElseThrow();
            if (frame.opcode() == (base64(protocol) ? RawWebSocket.TEXT : RawWebSocket.BINARY)) {
                assertThat(frame.payload()[0]).isEqualTo((byte) (base64(protocol) ? '1' : 1));
                byte[] rest = Arrays.copyOfRange(frame.payload(), 1, frame.payload().length);
                echoed.write(base64(protocol) ? Base64.getDecoder().decode(rest) : rest);
                greeted = true;
            }
        }
        return echoed.toByteArray();
    }

    private static boolean base64(String protocol) {
        return protocol.contains("base64");
    }

    private RawWebSocket connect(String protocol) throws IOException {
        return new RawWebSocket(server.actualPort(), "/", protocol);
    }

    private void awaitNothingOpen() throws InterruptedException {
        assertThat(ended.tryAcquire(opened.getAndSet(0), 20, TimeUnit.SECONDS))
                .as("every session has been closed")
                .isTrue();
    }
}
