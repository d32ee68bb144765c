package dev.keelson.node.server.stream;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.handler.codec.spdy.DefaultSpdyDataFrame;
import io.netty.handler.codec.spdy.DefaultSpdyPingFrame;
import io.netty.handler.codec.spdy.DefaultSpdySynStreamFrame;
import io.netty.handler.codec.spdy.SpdyFrameCodec;
import io.netty.handler.codec.spdy.SpdyHeaders;
import io.netty.handler.codec.spdy.SpdyVersion;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Whatever bytes come where SPDY is expected: they are read, or the connection is refused; nothing else happens. */
class SpdyFuzzTest {
    private static final int ROUNDS = 1500;
    private static final Vertx VERTX = Vertx.vertx();

    @AfterAll
    static void close() {
        VERTX.close();
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2})
    void brokenFramesAreReadOrRefused(long seed) throws Exception {
        Random random = new Random(seed);
        byte[] valid = conversation();
        for (int round = 0; round < ROUNDS; round++) {
            byte[] bytes = broken(valid, random);
            Heard heard = onLoop(bytes, random);
            assertThat(heard.thrown)
                    .as("seed %d round %d: %s", seed, round, Arrays.toString(bytes))
                    .isNull();
            // Whoever is not refused is listened to further, or nobody would ever notice that it has gone.
            assertThat(heard.refused || heard.fetched > 0)
                    .as("seed %d round %d", seed, round)
                    .isTrue();
        }
    }

    @Test
    void whoSpeaksSomethingElseIsRefused() throws Exception {
        // A control frame of a version that is not SPDY/3.1.
        byte[] other = {(byte) 0x80, 0x02, 0, 1, 0, 0, 0, 10, 0, 0, 0, 1, 0, 0, 0, 0, 0, 0};
        assertThat(onLoop(other, new Random(1)).refused).isTrue();
    }

    @Test
    void aWholeConversationIsUnderstood() throws Exception {
        Heard heard = onLoop(conversation(), new Random(3));
        assertThat(heard.refused).isFalse();
        assertThat(heard.opened).isEqualTo(2);
        assertThat(heard.data).isEqualTo("some input");
    }

    private static Heard onLoop(byte[] bytes, Random random) throws Exception {
        Heard heard = new Heard();
        CompletableFuture<Void> done = new CompletableFuture<>();
        VERTX.getOrCreateContext().runOnContext(now -> {
            try {
                SpdyConnection connection = new SpdyConnection(heard, heard);
                connection.start();
                for (int at = 0; at < bytes.length; ) {
                    int end = Math.min(bytes.length, at + 1 + random.nextInt(40));
                    heard.pieces.accept(Buffer.buffer(Arrays.copyOfRange(bytes, at, end)));
                    at = end;
                }
            } catch (Throwable escaped) {
                heard.thrown = escaped;
            } finally {
                heard.gone.run();
                done.complete(null);
            }
        });
        done.get(20, TimeUnit.SECONDS);
        return heard;
    }

    /** A carrier and a peer that note what they are told. */
    private static final class Heard implements SpdyCarrier, SpdyConnection.Peer {
        private Consumer<Buffer> pieces = piece -> {};
        private Runnable gone = () -> {};
        private Throwable thrown;
        private boolean refused;
        private int fetched;
        private int opened;
        private String data = "";

        @Override
        public Future<Void> write(Buffer bytes) {
            return Future.succeededFuture();
        }

        @Override
        public void deliver(int ahead, Consumer<Buffer> to) {
            pieces = to;
        }

        @Override
        public void fetch() {
            fetched++;
        }

        @Override
        public void end() {}

        @Override
        public void refuse() {
            refused = true;
        }

        @Override
        public void onGone(Runnable action) {
            gone = action;
        }

        @Override
        public void opened(int stream, SpdyHeaders headers) {
            opened++;
        }

        @Override
        public void data(int stream, byte[] bytes, boolean last) {
            data += new String(bytes, StandardCharsets.ISO_8859_1);
        }

        @Override
        public void reset(int stream) {}

        @Override
        public void gone() {}
    }

    /** What a client says: two streams, input in one of them, a ping. */
    private static byte[] conversation() {
        EmbeddedChannel client = new EmbeddedChannel(new SpdyFrameCodec(SpdyVersion.SPDY_3_1));
        for (String type : new String[] {"error", "stdin"}) {
            DefaultSpdySynStreamFrame stream = new DefaultSpdySynStreamFrame(type.equals("error") ? 1 : 3, 0, (byte) 0);
            stream.headers().set("streamtype", type);
            client.writeOutbound(stream);
        }
        client.writeOutbound(
                new DefaultSpdyDataFrame(3, Unpooled.copiedBuffer("some input".getBytes(StandardCharsets.ISO_8859_1))));
        client.writeOutbound(new DefaultSpdyPingFrame(1));
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        for (ByteBuf piece = client.readOutbound(); piece != null; piece = client.readOutbound()) {
            bytes.writeBytes(ByteBufUtil.getBytes(piece));
            piece.release();
        }
        client.finishAndReleaseAll();
        return bytes.toByteArray();
    }

    private static byte[] broken(byte[] valid, Random random) {
        byte[] bytes = valid.clone();
        for (int i = random.nextInt(6); i >= 0; i--) {
            switch (random.nextInt(4)) {
                case 0 -> bytes[random.nextInt(bytes.length)] = (byte) random.nextInt(256);
                case 1 -> bytes[random.nextInt(bytes.length)] ^= (byte) (1 << random.nextInt(8));
                case 2 -> bytes = Arrays.copyOf(bytes, 1 + random.nextInt(bytes.length));
                default -> {
                    int at = random.nextInt(bytes.length);
                    byte[] more = new byte[random.nextInt(12)];
                    random.nextBytes(more);
                    byte[] longer = Arrays.copyOf(bytes, bytes.length + more.length);
                    System.arraycopy(bytes, at, longer, at + more.length, bytes.length - at);
                    System.arraycopy(more, 0, longer, at, more.length);
                    bytes = longer;
                }
            }
        }
        return bytes;
    }
}
