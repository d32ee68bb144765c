package dev.keelson.node.server.stream;

import dev.keelson.node.NodeException;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.handler.codec.spdy.DefaultSpdyDataFrame;
import io.netty.handler.codec.spdy.DefaultSpdyRstStreamFrame;
import io.netty.handler.codec.spdy.DefaultSpdySynReplyFrame;
import io.netty.handler.codec.spdy.SpdyDataFrame;
import io.netty.handler.codec.spdy.SpdyFrameCodec;
import io.netty.handler.codec.spdy.SpdyHeaders;
import io.netty.handler.codec.spdy.SpdyPingFrame;
import io.netty.handler.codec.spdy.SpdyRstStreamFrame;
import io.netty.handler.codec.spdy.SpdyStreamStatus;
import io.netty.handler.codec.spdy.SpdySynStreamFrame;
import io.netty.handler.codec.spdy.SpdyVersion;
import io.netty.util.ReferenceCountUtil;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;

/**
 * The server's side of a SPDY/3.1 connection: streams that the client opens, data in both directions. Created and used on
 * the carrier's event loop, except where a method says otherwise.
 */
final class SpdyConnection {
    private static final int AHEAD = 4;
    private static final int PIECE = 32 * 1024;
    /** When more than this waits for slow takers, nothing further is taken from the connection. */
    private static final long MOST_WAITING = 1 << 20;
    /** More streams than any client of Kubernetes opens at once. */
    private static final int MOST_STREAMS = 2_000;
    /** How long a client may take to read what was sent last. */
    private static final Duration LAST_WORDS = Duration.ofSeconds(10);

    /** Who is told what arrives. */
    interface Peer {
        /** A new stream, which has been accepted; {@link #header} reads its headers. */
        void opened(int stream, SpdyHeaders headers);

        /** Whoever is given bytes calls {@link #passed} when they are passed on. */
        void data(int stream, byte[] bytes, boolean last);

        void reset(int stream);

        /** The client has gone. */
        void gone();
    }

    private final SpdyCarrier carrier;
    private final Peer peer;
    private final Context loop = Vertx.currentContext();
    private final EmbeddedChannel spdy = new EmbeddedChannel(new SpdyFrameCodec(SpdyVersion.SPDY_3_1));
    private final AtomicLong waiting = new AtomicLong();
    private int opened;
    private boolean held;
    private boolean ending;

    SpdyConnection(SpdyCarrier carrier, Peer peer) {
        this.carrier = carrier;
        this.peer = peer;
    }

    void start() {
        carrier.onGone(() -> {
            if (spdy.isOpen()) {
                spdy.finishAndReleaseAll();
                peer.gone();
            }
        });
        carrier.deliver(AHEAD, this::receive);
    }

    static String header(SpdyHeaders headers, String name) {
        CharSequence value = headers.get(name);
        return value == null ? "" : value.toString();
    }

    private void receive(Buffer bytes) {
        if (!spdy.isOpen()) {
            return;
        }
        if (ending) {
            carrier.fetch();
            return;
        }
        try {
            spdy.writeInbound(Unpooled.wrappedBuffer(bytes.getBytes()));
            Object frame = spdy.readInbound();
            while (frame != null) {
                handle(frame);
                frame = spdy.readInbound();
            }
        } catch (Exception unreadable) {
            // Netty throws checked exceptions that it does not declare.
            carrier.refuse();
            return;
        }
        held = waiting.get() > MOST_WAITING;
        if (!held) {
            carrier.fetch();
        }
    }

    private void handle(Object frame) {
        try {
            switch (frame) {
                case SpdySynStreamFrame stream -> open(stream);
                case SpdyDataFrame data -> data(data);
                case SpdyPingFrame ping -> send(ping);
                case SpdyRstStreamFrame reset -> peer.reset(reset.streamId());
                default -> {} // Settings, window updates and going away ask for nothing here.
            }
        } finally {
            if (!(frame instanceof SpdyPingFrame)) {
                ReferenceCountUtil.release(frame);
            }
        }
    }

    private void open(SpdySynStreamFrame stream) {
        // Netty marks what it cannot read; such headers name no stream that is known here.
        if (stream.isInvalid() || ++opened > MOST_STREAMS) {
            reject(stream.streamId());
            return;
        }
        // With a header, because Netty writes no header block at all for none, which kubectl's SPDY cannot read.
        DefaultSpdySynReplyFrame reply = new DefaultSpdySynReplyFrame(stream.streamId());
        reply.headers().set(":status", "200");
        send(reply);
        peer.opened(stream.streamId(), stream.headers());
    }

    private void data(SpdyDataFrame data) {
        byte[] bytes = ByteBufUtil.getBytes(data.content());
        waiting.addAndGet(bytes.length);
        peer.data(data.streamId(), bytes, data.isLast());
    }

    /** A stream is over and its place free. */
    void closed() {
        opened--;
    }

    void reject(int stream) {
        send(new DefaultSpdyRstStreamFrame(stream, SpdyStreamStatus.PROTOCOL_ERROR));
    }

    /** Bytes that were received have been passed on, or dropped. From any thread. */
    void passed(int bytes) {
        if (waiting.addAndGet(-bytes) <= MOST_WAITING) {
            loop.runOnContext(_ -> {
                if (held) {
                    held = false;
                    carrier.fetch();
                }
            });
        }
    }

    /** Sends data of a stream; completes when the connection took it. From any thread. */
    Future<Void> send(int stream, byte[] bytes, int length, boolean last) {
        Promise<Void> sent = Promise.promise();
        ByteBuf copy = Unpooled.copiedBuffer(bytes, 0, length);
        loop.runOnContext(_ -> {
            DefaultSpdyDataFrame frame = new DefaultSpdyDataFrame(stream, copy);
            frame.setLast(last);
            send(frame).onComplete(sent);
        });
        return sent.future();
    }

    /** Runs something on the connection's event loop, after what was sent before. From any thread. */
    void afterwards(Runnable action) {
        loop.runOnContext(_ -> action.run());
    }

    /**
     * Waits for the client to hang up, which it does when it has heard the last: closing while it still sends would reset the
     * connection, and what is on its way to the client would be lost.
     */
    void end() {
        ending = true;
        carrier.fetch();
        loop.owner().setTimer(LAST_WORDS.toMillis(), _ -> carrier.end());
    }

    private Future<Void> send(Object frame) {
        if (!spdy.isOpen()) {
            return Future.failedFuture(
                    new NodeException(NodeException.Kind.TRANSIENT, "ConnectionClosed", "the client has gone"));
        }
        spdy.writeOutbound(frame);
        Buffer bytes = Buffer.buffer(PIECE);
        ByteBuf part = spdy.readOutbound();
        while (part != null) {
            bytes.appendBytes(ByteBufUtil.getBytes(part));
            part.release();
            part = spdy.readOutbound();
        }
        return carrier.write(bytes);
    }
}
