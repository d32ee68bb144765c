package dev.keelson.apiserver.http.watch;

import dev.keelson.apiserver.http.request.Exchange;
import dev.keelson.crds.stream.UnreadPings;
import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.ServerWebSocket;

/** Events as the text messages of a WebSocket, one each (Kubernetes' {@code watch.go}, HandleWS). */
final class FrameSink implements WatchSink {
    private final ServerWebSocket socket;
    /** A line whose end has not come yet. */
    private Buffer begun = Buffer.buffer();

    private FrameSink(ServerWebSocket socket) {
        this.socket = socket;
    }

    static Future<WatchSink> upgrade(Exchange exchange, int queue) {
        return UnreadPings.upgrade(exchange.request()).map(socket -> {
            socket.closeHandler(closed -> exchange.finished());
            socket.exceptionHandler(broken -> exchange.finished());
            socket.setWriteQueueMaxSize(queue);
            return new FrameSink(socket);
        });
    }

    @Override
    public void write(Buffer lines) {
        begun.appendBuffer(lines);
        int end = lastLineEnd(begun);
        if (end > 0) {
            begun.getString(0, end).lines().forEach(socket::writeTextMessage);
            begun = begun.getBuffer(end, begun.length());
        }
    }

    private static int lastLineEnd(Buffer text) {
        int end = text.length();
        while (end > 0 && text.getByte(end - 1) != '\n') {
            end--;
        }
        return end;
    }

    @Override
    public boolean full() {
        return socket.writeQueueFull();
    }

    @Override
    public void onRoom(Runnable action) {
        socket.drainHandler(drained -> action.run());
    }

    @Override
    public void end() {
        socket.close();
    }

    @Override
    public void abandon() {
        socket.close();
    }
}
