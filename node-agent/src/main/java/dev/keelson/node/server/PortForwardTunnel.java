package dev.keelson.node.server;

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
import io.vertx.core.http.ServerWebSocket;
import java.nio.channels.ByteChannel;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.IntFunction;

/**
 * Port forwarding as kubectl does it: every connection is two SPDY streams with one {@code requestID}, first
 * {@code streamtype=error}, then {@code streamtype=data}; the SPDY bytes travel in binary WebSocket messages
 * (Kubernetes KEP-4006). Everything but the ports' own reading and writing happens on the socket's event loop.
 */
final class PortForwardTunnel {
    private static final int AHEAD = 4;
    private static final int PIECE = 32 * 1024;
    /** When more than this waits for slow ports, nothing further is taken from the connection. */
    private static final long MOST_WAITING = 1 << 20;

    private final ServerWebSocket socket;
    private final IntFunction<ByteChannel> connect;
    private final Context loop = Vertx.currentContext();
    private final EmbeddedChannel spdy = new EmbeddedChannel(new SpdyFrameCodec(SpdyVersion.SPDY_3_1));
    private final Map<String, Integer> errorStreams = new HashMap<>();
    private final Map<Integer, ForwardedPort> ports = new HashMap<>();
    private final AtomicLong waiting = new AtomicLong();
    private boolean held;

    PortForwardTunnel(ServerWebSocket socket, IntFunction<ByteChannel> connect) {
        this.socket = socket;
        this.connect = connect;
    }

    void start() {
        socket.closeHandler(_ -> end());
        socket.exceptionHandler(_ -> end());
        MessageFrames.deliver(socket, AHEAD, this::receive);
    }

    private void end() {
        ports.values().forEach(ForwardedPort::abort);
        ports.clear();
        spdy.finishAndReleaseAll();
    }

    private void receive(Buffer message) {
        if (!spdy.isOpen()) {
            return;
        }
        try {
            spdy.writeInbound(Unpooled.wrappedBuffer(message.getBytes()));
            Object frame = spdy.readInbound();
            while (frame != null) {
                handle(frame);
                frame = spdy.readInbound();
            }
        } catch (RuntimeException unreadable) {
            socket.close((short) 1002, "not SPDY/3.1");
            return;
        }
        held = waiting.get() > MOST_WAITING;
        if (!held) {
            socket.fetch(1);
        }
    }

    private void handle(Object frame) {
        try {
            switch (frame) {
                case SpdySynStreamFrame opened -> open(opened);
                case SpdyDataFrame data -> data(data);
                case SpdyPingFrame ping -> send(ping);
                case SpdyRstStreamFrame reset -> reset(reset.streamId());
                default -> {} // Settings, window updates and going away ask for nothing here.
            }
        } finally {
            if (!(frame instanceof SpdyPingFrame)) {
                ReferenceCountUtil.release(frame);
            }
        }
    }

    private void open(SpdySynStreamFrame opened) {
        SpdyHeaders headers = opened.headers();
        String request = text(headers, "requestid");
        int stream = opened.streamId();
        send(accepted(stream));
        switch (text(headers, "streamtype")) {
            case "error" -> errorStreams.put(request, stream);
            case "data" -> openPort(stream, request, text(headers, "port"));
            default -> send(new DefaultSpdyRstStreamFrame(stream, SpdyStreamStatus.PROTOCOL_ERROR));
        }
    }

    /** With a header, because Netty writes no header block at all for none, which kubectl's SPDY cannot read. */
    private static DefaultSpdySynReplyFrame accepted(int stream) {
        DefaultSpdySynReplyFrame reply = new DefaultSpdySynReplyFrame(stream);
        reply.headers().set(":status", "200");
        return reply;
    }

    private void openPort(int stream, String request, String port) {
        Integer errors = errorStreams.remove(request);
        if (errors == null || !port.matches("\\d{1,5}")) {
            send(new DefaultSpdyRstStreamFrame(stream, SpdyStreamStatus.PROTOCOL_ERROR));
            return;
        }
        ForwardedPort forwarded = new ForwardedPort(this, stream, errors);
        ports.put(stream, forwarded);
        forwarded.start(() -> connect.apply(Integer.parseInt(port)), port);
    }

    private static String text(SpdyHeaders headers, String name) {
        CharSequence value = headers.get(name);
        return value == null ? "" : value.toString();
    }

    private void data(SpdyDataFrame data) {
        ForwardedPort port = ports.get(data.streamId());
        if (port == null) {
            return; // The error stream's end, or what was under way when its port was closed.
        }
        byte[] bytes = ByteBufUtil.getBytes(data.content());
        waiting.addAndGet(bytes.length);
        port.offer(bytes, data.isLast());
    }

    private void reset(int stream) {
        ForwardedPort port = ports.remove(stream);
        if (port != null) {
            port.abort();
        }
    }

    /** Called by a port's thread when it has passed bytes on. */
    void passed(int bytes) {
        if (waiting.addAndGet(-bytes) <= MOST_WAITING) {
            loop.runOnContext(_ -> {
                if (held) {
                    held = false;
                    socket.fetch(1);
                }
            });
        }
    }

    /** Sends data of a stream; completes when the connection took it. */
    Future<Void> send(int stream, byte[] bytes, int length, boolean last) {
        Promise<Void> sent = Promise.promise();
        loop.runOnContext(_ -> {
            DefaultSpdyDataFrame frame = new DefaultSpdyDataFrame(stream, Unpooled.copiedBuffer(bytes, 0, length));
            frame.setLast(last);
            send(frame).onComplete(sent);
        });
        return sent.future();
    }

    /** Ends a connection: an error text, if there is one, then the end of both streams. */
    void finish(int stream, int errors, String error) {
        byte[] text = error.getBytes(StandardCharsets.UTF_8);
        send(errors, text, text.length, true);
        send(stream, new byte[0], 0, true);
        loop.runOnContext(_ -> ports.remove(stream));
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
        return socket.writeBinaryMessage(bytes);
    }
}
