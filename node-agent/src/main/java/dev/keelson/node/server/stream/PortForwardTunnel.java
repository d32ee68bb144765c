package dev.keelson.node.server.stream;

import dev.keelson.linux.DuplexChannel;
import io.netty.handler.codec.spdy.SpdyHeaders;
import io.vertx.core.Future;
import io.vertx.core.http.ServerWebSocket;
import io.vertx.core.net.NetSocket;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;
import java.util.function.IntFunction;

/**
 * Port forwarding as kubectl does it: every connection is two SPDY streams with one {@code requestID}, first
 * {@code streamtype=error}, then {@code streamtype=data}. The SPDY bytes travel in binary WebSocket messages (kubectl since
 * 1.31) or on the connection itself (before). Everything but the ports' own reading and writing happens on the event loop.
 */
public final class PortForwardTunnel implements SpdyConnection.Peer, PortStreams {
    private final IntFunction<DuplexChannel> connect;
    private final SpdyConnection spdy;
    private final Map<String, Integer> errorStreams = new HashMap<>();
    private final Map<Integer, ForwardedPort> ports = new HashMap<>();

    private PortForwardTunnel(SpdyCarrier carrier, IntFunction<DuplexChannel> connect) {
        this.connect = connect;
        this.spdy = new SpdyConnection(carrier, this);
    }

    public static void start(ServerWebSocket socket, IntFunction<DuplexChannel> connect) {
        new PortForwardTunnel(SpdyCarrier.of(socket), connect).spdy.start();
    }

    public static void start(NetSocket socket, IntFunction<DuplexChannel> connect) {
        new PortForwardTunnel(SpdyCarrier.of(socket), connect).spdy.start();
    }

    @Override
    public void gone() {
        ports.values().forEach(ForwardedPort::abort);
        ports.clear();
    }

    @Override
    public void opened(int stream, SpdyHeaders headers) {
        String request = SpdyConnection.header(headers, "requestid");
        switch (SpdyConnection.header(headers, "streamtype")) {
            case "error" -> errorStreams.put(request, stream);
            case "data" -> openPort(stream, request, SpdyConnection.header(headers, "port"));
            default -> spdy.reject(stream);
        }
    }

    private void openPort(int stream, String request, String port) {
        Integer errors = errorStreams.remove(request);
        if (errors == null || !port.matches("\\d{1,5}")) {
            spdy.reject(stream);
            return;
        }
        ForwardedPort forwarded = new ForwardedPort(this, stream, errors);
        ports.put(stream, forwarded);
        forwarded.start(() -> connect.apply(Integer.parseInt(port)), port);
    }

    @Override
    public void data(int stream, byte[] bytes, boolean last) {
        ForwardedPort port = ports.get(stream);
        if (port == null) {
            // The error stream's end, or what was under way when its port was closed.
            spdy.passed(bytes.length);
            return;
        }
        port.offer(bytes, last);
    }

    @Override
    public void reset(int stream) {
        ForwardedPort port = ports.remove(stream);
        if (port != null) {
            port.abort();
        }
    }

    @Override
    public void passed(int bytes) {
        spdy.passed(bytes);
    }

    @Override
    public Future<Void> send(int stream, byte[] bytes, int length, boolean last) {
        return spdy.send(stream, bytes, length, last);
    }

    /** Also the stream for errors ends here: kubectl waits for that before it lets go of its side. */
    @Override
    public boolean end(int stream, int errors, String error) {
        byte[] text = error.getBytes(StandardCharsets.UTF_8);
        send(errors, text, text.length, true);
        send(stream, new byte[0], 0, true);
        return true;
    }

    @Override
    public void closed(int stream) {
        spdy.afterwards(() -> {
            ports.remove(stream);
            spdy.closed();
            spdy.closed();
        });
    }
}
