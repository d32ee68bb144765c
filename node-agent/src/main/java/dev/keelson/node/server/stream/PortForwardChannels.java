package dev.keelson.node.server.stream;

import dev.keelson.linux.DuplexChannel;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.ServerWebSocket;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.IntFunction;

/**
 * Port forwarding as client libraries do it: one WebSocket ({@code v4.channel.k8s.io}, with or without base64), one connection for each port of
 * the query. The first byte of a message is its channel, two for each port: data, then errors. On each the server first
 * sends the port's number, little-endian.
 */
public final class PortForwardChannels implements PortStreams {
    private static final int AHEAD = 4;
    private static final long MOST_WAITING = 1 << 20;
    /** Channel numbers are one byte, */
    public static final int MOST_PORTS = 127;
    /** and in text one character of ASCII, counted from '0'. */
    public static final int MOST_PORTS_IN_TEXT = ('~' - '0') / 2;

    private final ServerWebSocket socket;
    private final Framing framing;
    private final Context loop = Vertx.currentContext();
    private final List<ForwardedPort> ports = new ArrayList<>();
    private final AtomicLong waiting = new AtomicLong();
    private int open;
    private boolean held;

    private PortForwardChannels(ServerWebSocket socket) {
        this.socket = socket;
        this.framing = Framing.of(socket);
    }

    /** Call it on the socket's event loop, before any message can arrive. */
    public static void start(ServerWebSocket socket, List<Integer> numbers, IntFunction<DuplexChannel> connect) {
        PortForwardChannels channels = new PortForwardChannels(socket);
        socket.closeHandler(_ -> channels.gone());
        socket.exceptionHandler(_ -> channels.gone());
        for (int i = 0; i < numbers.size(); i++) {
            int number = numbers.get(i);
            byte[] greeting = {(byte) number, (byte) (number >> 8)};
            channels.message(2 * i, greeting, 2);
            channels.message(2 * i + 1, greeting, 2);
            ForwardedPort port = new ForwardedPort(channels, 2 * i, 2 * i + 1);
            channels.ports.add(port);
            channels.open++;
            port.start(() -> connect.apply(number), Integer.toString(number));
        }
        MessageFrames.deliver(socket, AHEAD, message -> channels.framing
                .read(message)
                .ifPresentOrElse(channels::receive, () -> socket.close((short) 1007, "a message is not base64")));
    }

    private void gone() {
        ports.forEach(ForwardedPort::abort);
    }

    private void receive(Buffer message) {
        int channel = message.length() == 0 ? -1 : message.getByte(0) & 0xff;
        // Data channels only: what a client sends on a channel for errors means nothing.
        if (channel >= 0 && channel % 2 == 0 && channel / 2 < ports.size()) {
            waiting.addAndGet(message.length() - 1L);
            ports.get(channel / 2).offer(message.getBytes(1, message.length()), false);
        }
        held = waiting.get() > MOST_WAITING;
        if (!held) {
            socket.fetch(1);
        }
    }

    @Override
    public void passed(int bytes) {
        if (waiting.addAndGet(-bytes) <= MOST_WAITING) {
            loop.runOnContext(_ -> {
                if (held) {
                    held = false;
                    socket.fetch(1);
                }
            });
        }
    }

    @Override
    public Future<Void> send(int stream, byte[] bytes, int length, boolean last) {
        Promise<Void> sent = Promise.promise();
        byte[] copy = java.util.Arrays.copyOf(bytes, length);
        loop.runOnContext(_ -> message(stream, copy, length).onComplete(sent));
        return sent.future();
    }

    private Future<Void> message(int channel, byte[] bytes, int length) {
        return framing.write(socket, channel, bytes, length);
    }

    /** This protocol cannot end one channel: whoever would go on sending could not be told that nothing comes back. */
    @Override
    public boolean end(int stream, int errors, String error) {
        if (!error.isEmpty()) {
            byte[] text = error.getBytes(StandardCharsets.UTF_8);
            send(errors, text, text.length, true);
        }
        return false;
    }

    /** The WebSocket ends with its last port. */
    @Override
    public void closed(int stream) {
        loop.runOnContext(_ -> {
            if (--open == 0) {
                socket.close();
            }
        });
    }
}
